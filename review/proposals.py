"""Values that what is known from elsewhere proposes for a field: shown beside it, never filled in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from review.rows import FindingRow
from review.schema import Finding, Proposal

KATO = "kato"  # the place of the field
PROPOSED = "finding.kato-proposed"  # in words: what is proposed, and by which words of the form


@dataclass(frozen=True, slots=True)
class Proposed:
    """A value a field may have, what it is called, and why it is proposed: a message and what it is told."""

    place: str
    value: str
    name: str
    message: str
    parameters: tuple[tuple[str, str], ...]


def place_proposed(text: str, code: str, name: str) -> Proposed:
    """A code of the classifier that the words of a region name."""
    told = {"field": KATO, "region": text, "proposed": code, "name": name}
    return Proposed(KATO, code, name, PROPOSED, tuple(told.items()))


def proposal_values(source: str, findings: Iterable[FindingRow]) -> Iterator[dict[str, object]]:
    """Records of findings that only inform, and propose something; those that ask are kept as questions."""
    for row in findings:
        found = _told(row.message, dict(row.parameters)) if row.informational else None
        if found is not None:
            told = json.dumps(dict(found.parameters), ensure_ascii=False, sort_keys=True)
            same = {"place": found.place, "value": found.value, "name": found.name, "message": found.message}
            yield {"source": source, "form": row.form, **same, "parameters": told}


def proposed(proposals: Iterable[Proposal], findings: Iterable[Finding]) -> tuple[Proposed, ...]:
    """What is proposed for a form, by what only informs and by what asks; the same value of a place once."""
    told = [(each.message, each.parameters) for each in proposals]
    told += [(PROPOSED, each.parameters) for each in findings]
    found = [_told(message, json.loads(parameters)) for message, parameters in told]
    return tuple({(each.place, each.value): each for each in found if each is not None}.values())


def _told(message: str, parameters: Mapping[str, str]) -> Proposed | None:
    place, value, name = (parameters.get(each, "") for each in ("field", "proposed", "name"))
    if not (place and value and name):
        return None
    return Proposed(place, value, name, message, tuple(parameters.items()))
