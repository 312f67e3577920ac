"""Submissions side by side: copies, revisions, and branches of one respondent."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from postprocess.regions import region_code
from validate.records import CheckedCell, CheckedForm, Finding, Outcome


class Likeness(StrEnum):
    """How a submission relates to the first one of the same key."""

    DUPLICATE = "duplicate"  # the same figures once more
    REVISION = "revision"  # other figures


@dataclass(frozen=True, slots=True)
class Submission:
    """What identifies one form among all that came in."""

    source: str
    file: str
    form: int
    bin: str
    iin: str
    year: str
    kato: str
    region: str  # text of the form
    figures: str  # SHA-256 of every figure cell's value, in the order of the layout


@dataclass(frozen=True, slots=True)
class Judged:
    """A submission that has the same key as another: a person says which one counts."""

    submission: Submission
    first: Submission  # the earliest of the same key
    likeness: Likeness
    finding: Finding


def submission_of(form: CheckedForm) -> Submission:
    """The small record of a decided form that submissions are compared by."""
    reading = form.form.reading
    layout = reading.layout
    value = {field.check or field.id: form.form.value(field.id) for field in layout.fields}
    return Submission(
        source=reading.source.sha256,
        file=reading.source.file,
        form=reading.form,
        bin=value.get("bin", ""),
        iin=value.get("iin", ""),
        year=value.get("year", ""),
        kato=value.get("kato", ""),
        region=value.get("region", ""),
        figures=hashlib.sha256(";".join(_text(cell) for cell in form.cells).encode()).hexdigest(),
    )


def _text(cell: CheckedCell) -> str:
    return "" if cell.figure.value is None else f"{cell.figure.value:f}"


def judge_submissions(submissions: Iterable[Submission]) -> tuple[Judged, ...]:
    """Every submission whose (BIN or IIN, year, place) was there before, in the order given.

    The same respondent at another place is another unit and no finding. A form without identifier or year has no key.
    Byte-identical files are one source and are told apart before they come here.
    """
    groups: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    found = []
    for submission in submissions:
        key = (submission.bin or submission.iin, submission.year)
        if not all(key):
            continue
        same = [other for other in groups[key] if same_place(other, submission)]
        if same:
            found.append(_judge(submission, same))
        groups[key].append(submission)
    return tuple(found)


class Located(Protocol):
    """Anything that names a place of services."""

    @property
    def kato(self) -> str:
        """Its code, "" where there is none."""
        ...

    @property
    def region(self) -> str:
        """Its text, "" where there is none."""
        ...


def same_place(one: Located, other: Located) -> bool:
    """Whether two forms speak of one place: by KATO where both have it, else by the words, else by the region.

    Where one of them names no place at all nothing tells them apart, and they count as the same.
    """
    if one.kato and other.kato:
        return one.kato == other.kato
    said, told = _words(one.region), _words(other.region)
    if said and told:
        return said == told or (_part_of(said, told) and region_code(one.region) == region_code(other.region))
    heads = {head for s in (one, other) if (head := s.kato[:2] or region_code(s.region))}
    return len(heads) < 2


def _judge(submission: Submission, same: Sequence[Submission]) -> Judged:
    """A copy if any earlier one has the same figures, else a revision of the first."""
    copies = [other for other in same if other.figures == submission.figures]
    first = copies[0] if copies else same[0]
    likeness = Likeness.DUPLICATE if copies else Likeness.REVISION
    parameters = (("file", first.file), ("form", str(first.form)), ("source", first.source))
    finding = Finding(
        rule=f"check.{likeness}",
        set="check",
        clause="",
        outcome=Outcome.UNDECIDED,
        places=(),
        left=None,
        right=None,
        cause=None,
        message_id=f"finding.{likeness}",
        parameters=parameters,
    )
    return Judged(submission, first, likeness, finding)


def _words(region: str) -> frozenset[str]:
    return frozenset(word.strip(".,;()").casefold() for word in region.split()) - {""}


def _part_of(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one description says no more than the other does."""
    return one <= other or other <= one
