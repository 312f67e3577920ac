"""How well mistakes of unit are told from growth: `python -m training.units --seed N --forms N [--out FILE]`.

Figures are made in memory and judged as a text layer would give them, so that nothing but the unit is in question.
Seeds below 100000 are development's, those from 100000 on the evaluation's, as in the corpus (`corpus.make.split_of`).
Each form is judged twice, with last year's figures and without.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.make import split_of
from extract.records import Alternative, Box, FieldReading, FormReading, Ink, Reading, Source
from layouts.load import shipped_layouts
from layouts.model import FieldKind, FieldLayout, Layout, Place
from postprocess.normalise import normalise
from postprocess.records import FormFigures
from review.intervals import wilson
from training.evaluate import renewed
from training.past import Growth, Planted, TwoYears, two_years
from validate.decide import decide
from validate.outside.knowledge import NO_KNOWLEDGE, Knowledge, Past
from validate.records import Cause, CheckedForm
from validate.settings import Settings
from validate.trust import NO_TRUST

LAYOUT = "2-uslugi-it.2026"
BOX = Box(0.0, 0.0, 1.0, 1.0)
# What is planted and how the respondent grew, with its share of the forms.
MIX: tuple[tuple[Planted, Growth, int], ...] = (
    ("", "ordinary", 30),
    ("", "even", 3),
    ("", "one-line", 3),
    ("", "shrunk", 2),
    ("form", "ordinary", 8),
    ("form-exact", "ordinary", 8),
    ("section", "ordinary", 8),
    ("line", "ordinary", 6),
    ("line-summed", "ordinary", 3),
    ("column", "ordinary", 8),
    ("column-summed", "ordinary", 3),
    ("cell", "ordinary", 5),
    ("millions", "ordinary", 5),
    ("words-all", "ordinary", 3),
    ("words-some", "ordinary", 5),
)
WHOLE = frozenset({"form", "form-exact", "words-some", "millions"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said of one form."""

    planted: str
    growth: str
    right: bool  # every figure reads as it is meant
    units: tuple[str, ...]  # extents suspected; "cell" where the sums blame one
    exact: tuple[str, ...]  # those of them that speak of all the cells in another unit, and of no others
    asked: bool  # a person is asked because of size, sums or last year's figures


def main() -> None:
    """Reads the command line, runs the trial, prints or writes the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--forms", type=int, default=4000)
    parser.add_argument("--out", type=Path, help="file whose tables to renew; printed without")
    chosen = parser.parse_args()
    told = tables(trial(chosen.seed, chosen.forms), chosen.seed)
    if chosen.out:
        chosen.out.write_text(renewed(chosen.out, told), encoding="utf-8")
    else:
        print(told)


def trial(seed: int, forms: int) -> dict[str, list[Verdict]]:
    """The verdicts on so many forms, with last year's figures and without."""
    layout = shipped_layouts()[LAYOUT]
    found: dict[str, list[Verdict]] = {"with": [], "without": []}
    for made in made_forms(seed, forms, layout):
        form = figures_of(made)
        found["with"].append(judged(made, form, known(made)))
        found["without"].append(judged(made, form, NO_KNOWLEDGE))
    return found


def made_forms(seed: int, forms: int, layout: Layout) -> Iterator[TwoYears]:
    """Forms of one seed; the n-th is the same however many are asked for."""
    kinds, weights = [(planted, growth) for planted, growth, _ in MIX], [weight for _, _, weight in MIX]
    for number in range(forms):
        rng = random.Random(f"{seed}/{number}")
        planted, growth = rng.choices(kinds, weights)[0]
        yield two_years(rng, layout, split_of(seed), planted, growth)


def known(made: TwoYears) -> Knowledge:
    """Last year's figures of the form's respondent."""
    who = made.filled.respondent
    past = Past(str(made.filled.year - 1), who.kato, who.region, made.last)
    return Knowledge(past={who.bin or who.iin: (past,)})


def figures_of(made: TwoYears) -> FormFigures:
    """The form as a text layer gives it."""
    layout = made.filled.layout
    return normalise(
        FormReading(
            source=Source("0" * 64, "made.pdf", Path("made.pdf")),
            form=1,
            layout=layout,
            pages=(1,),
            cells=tuple(_reading(place, made.written.get(place, "")) for place in layout.places),
            countries=tuple(_reading(place, "") for place in layout.country_places),
            fields=tuple(_field(field, made.filled.answers.get(field.id, "")) for field in layout.fields),
        )
    )


def _reading(place: Place, text: str) -> Reading:
    said = (Alternative(text, 0.0, "made"),) if text else ()
    return Reading(place, 1, BOX, "pt", Ink.DIGITAL if text else Ink.NONE, said, witnesses=2, readers=2)


def _field(field: FieldLayout, text: str) -> FieldReading:
    said = (Alternative(text, 0.0, "made"),) if text and field.kind in (FieldKind.BOXES, FieldKind.TEXT) else ()
    ink = Ink.DIGITAL if said else Ink.NONE
    return FieldReading(field.id, 1, BOX, "pt", ink, said, witnesses=2, readers=2, empty=not said)


def judged(made: TwoYears, form: FormFigures, knowledge: Knowledge) -> Verdict:
    """What is said of a form."""
    told = decide(form, Settings(latest_year=2100), NO_TRUST, knowledge)
    values = {cell.figure.reading.place: cell.figure.value for cell in told.cells}
    units = dict(_units(told))
    wrong = frozenset(place for place, amount in made.true.items() if values[place] != amount)
    exact = _exact(units, made.planted, wrong, wrong & made.wrong)
    asked = bool(units) or any(finding.rule == "check.year-on-year" for finding in told.findings)
    extents = tuple(sorted({extent for extent, _ in units}))
    return Verdict(made.planted, made.growth, not wrong, extents, exact, asked)


def _units(told: CheckedForm) -> Iterator[tuple[tuple[str, str], frozenset[Place]]]:
    """The findings of another unit: (extent, which) and the cells it speaks of."""
    filled = frozenset(cell.figure.reading.place for cell in told.cells if cell.figure.value)
    for finding in told.findings:
        if finding.cause is Cause.UNIT and finding.rule == "check.unit":
            yield ("form", ""), filled
        elif finding.cause is Cause.UNIT and finding.set == "check":
            yield (finding.rule.removeprefix("check.unit-"), str(finding.places[0])), frozenset(finding.places)
        elif finding.cause is Cause.UNIT and finding.set == "table":
            yield ("cell", str(finding.places[0])), frozenset(finding.places[:1])


def _exact(
    units: Mapping[tuple[str, str], frozenset[Place]],
    planted: str,
    wrong: frozenset[Place],
    itself: frozenset[Place],
) -> tuple[str, ...]:
    """The extents whose findings speak of exactly what is wrong.

    That is all that reads in another unit, or what the respondent wrote so `itself`, without the sums that follow from
    it; the whole form also where a unit stands beside some of its figures.
    """
    found = {extent for (extent, _), places in units.items() if wrong and places in (wrong, itself)}
    found |= {"form"} if planted in WHOLE and any(extent == "form" for extent, _ in units) else set()
    single = frozenset[Place]().union(*(places for (extent, _), places in units.items() if extent == "cell"))
    found |= {"cell"} if wrong and single == wrong else set()
    return tuple(sorted(found))


def tables(found: Mapping[str, Sequence[Verdict]], seed: int) -> str:
    """The tables of a trial."""
    parts = [f"Seed {seed}, {len(found['with'])} forms, each judged twice."]
    for title, verdicts in (("With last year's figures", found["with"]), ("Without them", found["without"])):
        parts += [f"### {title}", by_kind(verdicts), precision(verdicts)]
    return "\n\n".join(parts) + "\n"


def by_kind(verdicts: Sequence[Verdict]) -> str:
    """What was planted against what was said."""
    groups: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        groups[verdict.planted, verdict.growth].append(verdict)
    rows = []
    for planted, growth, _weight in MIX:
        group = groups.get((planted, growth), [])
        if not group:
            continue
        extents = Counter(extent for verdict in group for extent in verdict.units)
        said = ", ".join(f"{extent} {count}" for extent, count in sorted(extents.items())) or "–"
        counts = [sum(hit) for hit in zip(*((v.right, bool(v.exact), v.asked) for v in group), strict=True)]
        rows.append((planted or "nothing", growth, len(group), *(_share(c, len(group)) for c in counts), said))
    heads = (
        "planted",
        "growth",
        "forms",
        "figures read as meant",
        "named exactly",
        "a person is asked",
        "units suspected",
    )
    return _table(heads, rows)


def precision(verdicts: Sequence[Verdict]) -> str:
    """Of the forms of which a unit was suspected, those with such a mistake; recall of whole forms and of columns."""
    rows = []
    for extent in ("form", "section", "line", "column"):
        said = [v for v in verdicts if extent in v.units]
        rows.append(
            (
                extent,
                len(said),
                _share(sum(extent in v.exact for v in said), len(said)),
                _share(sum(not v.right for v in said), len(said)),
            )
        )
    clean = [v for v in verdicts if not v.planted]
    alarms = sum(bool(v.units) for v in clean)
    heads = ("suspected", "forms", "exactly so", "some figure in another unit")
    return (
        _table(heads, rows)
        + f"\n\nUnit suspected where nothing is planted: {_share(alarms, len(clean))} of {len(clean)}."
    )


def _share(hits: int, total: int) -> str:
    if not total:
        return "–"
    low, high = wilson(hits, total)
    return f"{hits / total:.1%} ({low:.1%} – {high:.1%})"


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *[[str(each) for each in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
