"""What failing sums say of readings: `python -m training.slipped FORMS… --out docs/evidence/contradicted.md`.

FORMS are folders that `python -m training.forms` kept. On each form respondents' slips are planted after it was read: a
slip puts into a cell what was read of another, figures as their readers saw them, in a place where they break its sums.
So one form shows its readings against sums that fail in as many ways as are wanted, and nothing is read again. The
truth goes with the figures: what stands in the cell now is what stood where they come from.

The table holds the cells that two readers agree on, through which a sum fails and for which none vouches: those that
the joint decision clears of it, and the others. However often a figure comes, it counts once.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.score import is_right
from extract.records import Ink, Reading
from layouts.model import Place, RuleSet
from layouts.rules import controls
from postprocess.normalise import normalise
from postprocess.records import Figure
from review.intervals import clustered_upper_bound
from training.evaluate import renewed
from training.forms import Kept, kept
from validate.cells import believed, judge_cells, settled
from validate.joint.choose import choose
from validate.meanings import settle_meanings
from validate.reasons import INFORMATIONAL
from validate.records import CheckedCell
from validate.settings import Settings
from validate.trust import AGREED, Trust, ink_of, shipped_trust

SETTINGS = Settings()
AS_READ, PLANTED = "as read", "slips planted"

Truth = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Against:
    """A figure that two readers gave though a sum through it fails."""

    form: str
    ink: str
    way: str  # AS_READ or PLANTED
    source: Place  # where it was read
    cleared: bool  # the failing sums are not its doing
    sure: bool  # as confident as two readers have to be where no sum speaks
    right: bool


def main() -> None:
    """Reads the command line, plants, writes the page or prints it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forms", type=Path, nargs="+")
    parser.add_argument("--ways", type=int, default=12, help="in which slips are planted on each form")
    parser.add_argument("--slips", type=int, default=2, help="at once")
    parser.add_argument("--out", type=Path, help="file whose table to renew; printed without")
    chosen = parser.parse_args()
    found = [each for folder in chosen.forms for each in against(folder, chosen.ways, chosen.slips)]
    told = table(found) + "\n"
    if chosen.out:
        chosen.out.write_text(renewed(chosen.out, told), encoding="utf-8")
    else:
        print(told)


def against(folder: Path, ways: int, slips: int) -> Iterator[Against]:
    """The contradicted figures of every form kept in a folder, as read and with slips planted."""
    trust = shipped_trust()
    for form in kept([folder]):
        name = f"{folder.name}/{form.name}"
        own = {cell.place: cell.place for cell in form.form.reading.cells}
        yield from _against(form, own, name, AS_READ, trust)
        for changed, sources in slipped(form, ways, slips, random.Random(name)):
            yield from _against(changed, sources, name, PLANTED, trust)


def slipped(form: Kept, ways: int, slips: int, rng: random.Random) -> Iterator[tuple[Kept, Mapping[Place, Place]]]:
    """The form with so many slips planted, in so many ways, and which cell each cell's figure comes from.

    Every figure is put elsewhere once before any is again.
    """
    cells = {cell.place: cell for cell in form.form.reading.cells}
    inked = [place for place, cell in cells.items() if _is_read(cell)]
    waiting: list[Place] = []
    for _ in range(ways if len(inked) > slips else 0):
        moved: dict[Place, Place] = {}
        for _ in range(slips):
            waiting = waiting or rng.sample(inked, len(inked))
            donor = waiting.pop()
            others = [p for p in inked if p not in moved and _differ(form.truth, p, donor)]
            moved |= {rng.choice(others): donor} if others else {}
        yield _moved(form, cells, moved), {place: moved.get(place, place) for place in cells}


def _is_read(cell: Reading) -> bool:
    return bool(cell.look) and cell.ink is not Ink.NONE and bool(cell.alternatives)


def _entry(truth: Truth, place: Place) -> Mapping[str, Any]:
    entry: Mapping[str, Any] = truth[f"section{place.section}"][place.line][place.column]
    return entry


def _differ(truth: Truth, place: Place, donor: Place) -> bool:
    return bool(_entry(truth, place)["thousand_tenge"] != _entry(truth, donor)["thousand_tenge"])


def _moved(form: Kept, cells: Mapping[Place, Reading], moved: Mapping[Place, Place]) -> Kept:
    """The form with the figures of some cells in other cells, where each stands left as it was."""
    truth = dict(form.truth)
    for place, donor in moved.items():
        section = f"section{place.section}"
        lines = dict(truth[section])
        lines[place.line] = {**lines[place.line], place.column: _entry(form.truth, donor)}
        truth[section] = lines
    read = tuple(
        dataclasses.replace(cells[moved.get(place, place)], place=place, page=cell.page, box=cell.box)
        for place, cell in cells.items()
    )
    return Kept(normalise(dataclasses.replace(form.form.reading, cells=read)), truth)


def _against(form: Kept, sources: Mapping[Place, Place], name: str, way: str, trust: Trust) -> Iterator[Against]:
    rules = controls(form.form.reading.layout, RuleSet.TABLE)
    figures = believed(settle_meanings(form.form.figures, rules), trust)
    decision = choose(figures, rules, SETTINGS)
    sure = {figure.reading.place: _sure(figure, trust) for figure in figures}
    for cell in judge_cells(settled(figures, decision, trust), decision, SETTINGS, trust):
        place, choice = cell.figure.reading.place, cell.choice
        if choice is not None and choice.broken and _counts(cell):
            entry, value = _entry(form.truth, place), cell.figure.value
            right = is_right("" if value is None else str(value), entry["written"], entry["thousand_tenge"])
            yield Against(name, ink_of(cell.figure), way, sources[place], choice.cleared, sure[place], right)


def _sure(figure: Figure, trust: Trust) -> bool:
    level = trust.threshold(figure, AGREED, SETTINGS.max_error)
    return level is not None and bool(figure.confidence >= level)


def _counts(cell: CheckedCell) -> bool:
    """Whether two readers gave it, no sum vouches for it, and there is no other doubt about it."""
    evidence = cell.evidence
    return (
        _is_read(cell.figure.reading)
        and evidence.agreed
        and not evidence.summed
        and not set(cell.figure.reasons) - INFORMATIONAL
    )


def table(found: Sequence[Against]) -> str:
    """By ink, by how the sums fail and by what is made of it: figures, those sure enough, how many are wrong."""
    heads = ("ink", "sums fail", "", "figures", "wrong", "of them sure", "wrong", "a 1000, 95 % bound")
    lines = [" | ".join(heads), " | ".join(["---"] * len(heads))]
    for ink in sorted({each.ink for each in found}):
        for way in (AS_READ, PLANTED):
            for cleared in (True, False):
                part = [e for e in found if (e.ink, e.way, e.cleared) == (ink, way, cleared)]
                lines.append(" | ".join((ink, way, "cleared" if cleared else "suspect", *_counts_of(part))))
    return "\n".join(f"| {line} |" for line in lines)


def _counts_of(part: Sequence[Against]) -> tuple[str, ...]:
    every, sure = _once(part), _once([each for each in part if each.sure])
    forms = sorted({form for form, _ in sure})
    clusters = [(sum(not r for (f, _), r in sure.items() if f == n), sum(f == n for f, _ in sure)) for n in forms]
    bound = f"{1000 * clustered_upper_bound(clusters):.1f}" if sure else "–"
    wrong = [str(sum(not right for right in each.values())) for each in (every, sure)]
    return str(len(every)), wrong[0], str(len(sure)), wrong[1], bound


def _once(part: Sequence[Against]) -> Mapping[tuple[str, Place], bool]:
    """Each figure once: right only if it always was."""
    found: dict[tuple[str, Place], bool] = {}
    for each in part:
        found[each.form, each.source] = found.get((each.form, each.source), True) and each.right
    return found


if __name__ == "__main__":
    main()
