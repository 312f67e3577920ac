"""What is known of a form from elsewhere: last year's figures, the list of respondents, the classifier of places.

Such knowledge may ask a person, order what is asked, and propose. It never weighs a reading and never changes a value:
a prior toward last year would turn doubtful digits into "no change" (docs/decisions/2026-11-27-outside-knowledge.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from layouts.model import Place
from postprocess.records import FormFigures
from postprocess.regions import region_code
from validate.outside.classifier import Classifier
from validate.outside.register import Register
from validate.submissions import same_place


@dataclass(frozen=True, slots=True)
class Past:
    """What one respondent reported of one place for an earlier year; cells without an amount are left out."""

    year: str  # "" where the table does not say
    kato: str
    region: str  # text, as on the form
    figures: Mapping[Place, Decimal]  # thousand tenge, none of them zero


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """All that a user gave. What is None was not given, and nothing is checked against it."""

    past: Mapping[str, Sequence[Past]] = field(default_factory=dict)  # by BIN or IIN
    register: Register | None = None
    classifier: Classifier | None = None

    @property
    def digest(self) -> str:
        """A hash of all of it, "" where nothing is known: results of other knowledge are other results."""
        if not self.past and self.register is None and self.classifier is None:
            return ""
        told = [repr((number, [_told(past) for past in self.past[number]])) for number in sorted(self.past)]
        told += [repr(sorted(known.names.items())) if known else "-" for known in (self.register, self.classifier)]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _told(past: Past) -> tuple[object, ...]:
    figures = sorted((str(place), str(amount)) for place, amount in past.figures.items())
    return past.year, past.kato, past.region, figures


NO_KNOWLEDGE = Knowledge()


def last_year(form: FormFigures, knowledge: Knowledge) -> Mapping[Place, Decimal]:
    """What this respondent reported of this place for the year before; empty where nothing surely is that.

    Without a year on the form or in the table the latest there is counts. Where the places are worded too differently
    to compare, the only place that a respondent had counts, unless it lies in another region.
    """
    code = {field.check: form.value(field.id) for field in form.reading.layout.fields if field.check}
    known = [past for number in (code.get("bin"), code.get("iin")) if number for past in knowledge.past.get(number, ())]
    before = _of_year_before(known, code.get("year", ""))
    here = Past("", code.get("kato", ""), form.value("region"), {})
    same = [past for past in before if same_place(here, past)]
    if not same and len(before) == 1 and not _elsewhere(here, before[0]):
        same = before
    return same[0].figures if len(same) == 1 else {}


def _of_year_before(known: Sequence[Past], year: str) -> list[Past]:
    if year.isdecimal():
        return [past for past in known if past.year in {"", str(int(year) - 1)}]
    latest = max((past.year for past in known), default="")
    return [past for past in known if past.year == latest]


def _elsewhere(here: Past, there: Past) -> bool:
    """Whether two KATO codes, or the regions as far as they are known, differ."""
    if here.kato and there.kato:
        return here.kato != there.kato
    heads = {head for past in (here, there) if (head := past.kato[:2] or region_code(past.region))}
    return len(heads) > 1
