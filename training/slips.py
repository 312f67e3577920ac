"""Forms made in memory with respondents' slips and readers' errors, and what the findings make of them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from time import process_time

from corpus.figures import broken
from corpus.fill import fill
from corpus.make import split_of
from corpus.mistakes import PLANTERS
from corpus.records import Filled, Mistake
from extract.records import Alternative, Box, FieldReading, FormReading, Ink, Reading, Source
from layouts.load import shipped_layouts
from layouts.model import Layout, Place, Relation
from postprocess.normalise import normalise
from postprocess.records import Figure
from validate.decide import decide
from validate.reasons import CHOSEN_BY_CONTROLS
from validate.records import Cause, CheckedForm, Finding
from validate.settings import Settings
from validate.trust import Trust, shipped_trust

SOUND, MISREAD, TWO = "sound", "misread", "two"
KINDS = (*(SOUND,) * 4, *(MISREAD,) * 3, TWO, TWO, *PLANTERS)
LOCAL = ("row-total", "column-total", "transposed", "sign", "tenge-cell", "row-off", "missing-total", "exchanged")
"""Mistakes that are planted in pairs."""
DOUBTFUL_SHARE = 0.5  # of forms on which some cells are doubtful
DOUBTFUL_CELLS = 0.15  # of the inked cells of such a form
LOOK_ALIKE = {
    "0": "68",
    "1": "74",
    "2": "7",
    "3": "85",
    "4": "91",
    "5": "36",
    "6": "05",
    "7": "12",
    "8": "30",
    "9": "47",
}
BOX = Box(0.0, 0.0, 10.0, 10.0)
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Planted:
    """One form of the trial: what is wrong with it, and how it reads."""

    kind: str
    mistakes: tuple[Mistake, ...]  # a misreading among them, with the cause "reading"
    doubtful: frozenset[Place]
    filled: Filled
    reading: FormReading

    @property
    def cause(self) -> str:
        """What a finding should say; "" where nothing is wrong."""
        return self.mistakes[0].cause if self.mistakes else ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the findings make of a form."""

    planted: Planted
    told: str  # the cause that the failed rules name most often, else that of a check; "" without a finding
    placed: bool  # a finding that names the planted cause has a planted cell first
    named: tuple[bool, ...]  # of each planted cause: whether a finding names it in its place
    twin: str  # with which other cause the paper agrees as well; "" where it does not
    verbatim: bool  # every figure that was read for certain is as on the paper
    seconds: float
    findings: tuple[Finding, ...]


def tried(seed: int, forms: int, kinds: Sequence[str] = KINDS) -> Iterator[Judged]:
    """Forms of every kind in turn, decided and judged; those with no room for their mistake are left out."""
    layout, settings, trust = next(iter(shipped_layouts().values())), Settings(latest_year=2027), shipped_trust()
    for number in range(forms):
        planted = plant(random.Random(f"causes/{seed}/{number}"), kinds[number % len(kinds)], layout, seed)
        if planted is not None:
            yield judge(planted, settings, trust)


def plant(rng: random.Random, kind: str, layout: Layout, seed: int) -> Planted | None:
    """One form of this kind; None where the figures gave no room for its mistake."""
    cause = "+".join(rng.sample(LOCAL, 2)) if kind == TWO else kind if kind in PLANTERS else ""
    filled = fill(rng, layout, split_of(seed), cause=cause)
    if len({mistake.what for mistake in filled.mistakes}) < cause.count("+") + bool(cause):
        return None
    inked = [place for place, entry in filled.entries.items() if entry.amount]
    some = inked and (kind == MISREAD or rng.random() < DOUBTFUL_SHARE)
    doubtful = rng.sample(inked, max(1, round(DOUBTFUL_CELLS * len(inked)))) if some else []
    cells = {place: doubtfully_read(rng, place, filled) for place in doubtful}
    if kind != MISREAD:
        return Planted(kind, filled.mistakes, frozenset(doubtful), filled, _form(filled, cells))
    for place in doubtful:
        wrong = _misread(cells[place])
        if broken(layout, _amounts(_form(filled, cells | {place: wrong}))):
            mistake = Mistake(place.section, place.line, place.column, "a figure is misread", "reading")
            return Planted(kind, (mistake,), frozenset(doubtful), filled, _form(filled, cells | {place: wrong}))
    return None


def doubtfully_read(rng: random.Random, place: Place, filled: Filled) -> Reading:
    """A figure read from a scan by one reader, with two other readings that look alike."""
    written = filled.entries[place].written
    texts = list(dict.fromkeys([written, *(_alike(rng, written) for _ in range(6))]))[:3]
    shares = (rng.uniform(0.5, 0.9), rng.uniform(0.05, 0.3), rng.uniform(0.005, 0.05))
    said = [Alternative(text, math.log(p), "trial") for text, p in zip(texts, shares, strict=False)]
    return Reading(place, 1, BOX, "px", Ink.HAND, tuple(said), witnesses=1, readers=2)


def _misread(reading: Reading) -> Reading:
    """The same reading, the second text believed more than the first."""
    first, second, *rest = reading.alternatives
    swapped = (Alternative(second.text, first.logp, first.reader), Alternative(first.text, second.logp, second.reader))
    return replace(reading, alternatives=(*swapped, *rest))


def _alike(rng: random.Random, written: str) -> str:
    """A text with one digit taken for another that looks like it."""
    at = rng.choice([at for at, char in enumerate(written) if char in LOOK_ALIKE])
    return written[:at] + rng.choice(LOOK_ALIKE[written[at]]) + written[at + 1 :]


def _form(filled: Filled, doubtful: Mapping[Place, Reading]) -> FormReading:
    """The form as if read from a text layer, but for its doubtful cells."""
    layout = filled.layout
    fields = (FieldReading(f.id, 1, BOX, "pt", Ink.NONE, empty=True) for f in layout.fields)
    return FormReading(
        source=Source("0" * 64, "trial", Path("trial")),
        form=1,
        layout=layout,
        pages=(1,),
        cells=tuple(doubtful.get(p) or _certain(p, filled.entries[p].written) for p in layout.places),
        countries=tuple(_certain(p, "") for p in layout.country_places),
        fields=tuple(fields),
        doubts=(),
    )


def _certain(place: Place, written: str) -> Reading:
    said = (Alternative(written, 0.0, "trial"),) if written else ()
    ink = Ink.DIGITAL if written else Ink.NONE
    return Reading(place, 1, BOX, "pt", ink, said, witnesses=2, readers=2)


def _amounts(reading: FormReading) -> dict[Place, Decimal]:
    return {figure.reading.place: figure.value for figure in normalise(reading).figures if figure.value is not None}


def judge(planted: Planted, settings: Settings, trust: Trust) -> Judged:
    """The form decided, and what its findings say of the mistake."""
    begun = process_time()
    form = decide(normalise(planted.reading), settings, trust)
    took = process_time() - begun
    failed = [f for f in form.findings if f.set == "table" and fails(f, planted.filled.layout)]
    named = failed or [f for f in form.findings if f.set == "check" and f.cause]
    causes = [str(f.cause) for f in named]
    told = max(dict.fromkeys(causes), key=causes.count) if causes else ""
    whole = {mistake.what: mistake.cause for mistake in planted.mistakes}
    each = tuple(
        _is_named(named, [m for m in planted.mistakes if m.what == what], cause) for what, cause in whole.items()
    )
    placed = _is_named(named, planted.mistakes, planted.cause)
    if not named and (chosen := [c for c in form.cells if CHOSEN_BY_CONTROLS in c.reasons]):
        told = str(Cause.READING)  # the sums left no doubt of it, and no rule fails any more
        placed = told == planted.cause and chosen[0].figure.reading.place in planted.doubtful
    return Judged(planted, told, placed, each, twin(planted, failed), _verbatim(form, planted), took, tuple(named))


def fails(finding: Finding, layout: Layout) -> bool:
    """Whether the rule does not hold with the values as read; one that only may not hold has no cause to name."""
    relation = next(rule.relation for rule in layout.rules if rule.id == finding.rule)
    off = finding.difference or Decimal(0)
    return off < 0 or (off > 0 and relation is Relation.EQUAL)


def _is_named(findings: Sequence[Finding], mistakes: Sequence[Mistake], cause: str) -> bool:
    """Whether a finding of this cause has the place of one of the mistakes first; 0 and "" stand for any."""
    firsts = [finding.places[0] for finding in findings if finding.cause == cause]
    return any(
        m.section in (0, first.section) and m.line in ("", first.line) and m.column in ("", first.column)
        for first in firsts
        for m in mistakes
    )


def twin(planted: Planted, failed: Sequence[Finding]) -> str:
    """With what the paper agrees as well as with what was planted, told from the plan alone."""
    layout, style = planted.filled.layout, planted.filled.numbers
    own = {Place(m.section, m.line, m.column) for m in planted.mistakes}
    if planted.cause not in ("", "reading", "unit", "percent") and own & planted.doubtful:
        return "the cell itself is doubtfully read"
    last = Decimal(1).scaleb(-style.decimals)
    terms = {rule.id: len(rule.right) + 1 for rule in layout.rules}
    small = all(abs(f.difference or Decimal(0)) <= HALF * last * min(terms[f.rule], len(f.places)) for f in failed)
    if failed and small and planted.cause in ("arithmetic", "rounding"):
        return "rounding and a slip by as little"
    if planted.kind == "part-left-out" and len(failed) == 1:
        return "a part left out and a wrong sum"
    return ""


def _verbatim(form: CheckedForm, planted: Planted) -> bool:
    """Whether every certain figure is as on the paper: the text, and an amount that the text has by itself."""
    entries = planted.filled.entries
    certain = [cell.figure for cell in form.cells if cell.figure.reading.place not in planted.doubtful]
    return all(f.written == entries[f.reading.place].written and _own(f) for f in certain)


def _own(figure: Figure) -> bool:
    """Whether the value is a meaning of the text; a bare cell or one without an amount has none."""
    return figure.value is None or figure.value in {
        v.amount for v in figure.alternatives if v.written == figure.written
    }
