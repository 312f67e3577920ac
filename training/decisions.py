"""What the joint decision is worth: `python -m training.decisions FORMS… --out docs/evidence/decision.md`.

FORMS are folders that `python -m training.forms` kept, of forms of the evaluation's world. Each form is decided as
`qagaz read` decides it; the tables hold the readers' word against what was decided, and against ways of deciding that
lack a part: no inequalities, no margin, fewer readings a cell. Intervals are 95 %, widened for cells that come in
forms.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import islice
from multiprocessing import Pool
from pathlib import Path

import numpy as np

from corpus.score import is_right
from layouts.model import Control, Layout, Place, Relation, RuleSet
from layouts.rules import controls, holds
from postprocess.records import Figure
from review.intervals import clustered, upper_bound
from training.evaluate import renewed
from training.forms import Kept, kept
from training.slips import fails
from validate.cells import believed, settled
from validate.decide import decide
from validate.joint.choose import Decision, choose
from validate.meanings import settle_meanings
from validate.reasons import CHOSEN_BY_CONTROLS
from validate.records import Cause, CheckedCell, Finding, Status
from validate.settings import Settings
from validate.trust import shipped_trust

SETTINGS = Settings()
ALL = "all"
NONE = "no finding"
PLACE_DOUBTS = frozenset(
    {
        "columns-by-position", "columns-conflict", "columns-missing", "forms-mixed", "page-missing", "row-doubtful",
        "row-missing",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """One form, read and decided."""

    kind: str
    name: str
    planted: tuple[str, ...]  # causes of its respondent's mistakes
    inked: int
    wrong_before: int  # cells whose value, as the readers have it, is not what stands there
    wrong_after: int
    changed: int  # cells that took another reading
    mended: int  # of them, those that are right now
    harmed: int  # and those that were right before
    accepted: int  # inked cells
    wrong_accepted: int
    wrong_blank: int  # cells accepted as blank that are not
    wrong_filled: int  # blank cells accepted as filled in
    misplaced: int  # inked cells in review whose page, row or column was not surely found
    doubtful: int  # inked cells in review beyond those, and beyond the respondents' own mistakes
    told: str  # the cause that failed rules name most often, else that of a check; "" without a finding
    silent: bool  # accepted as a whole, and some cell of it wrong
    seconds: float  # of deciding, processor time


def main() -> None:
    """Reads the command line, tries, writes the page or prints it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forms", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, help="file whose tables to renew; printed without")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--every", type=int, default=1, help="of which forms other ways of deciding are tried on")
    parser.add_argument("--without-ablations", action="store_true", help="only what ships")
    chosen = parser.parse_args()
    with Pool(chosen.jobs) as pool:
        tried = [form for folder in pool.map(_try_folder, chosen.forms, chunksize=1) for form in folder]
        parts = [forms_table(tried), accepted_table(tried), planted_table(tried), causes_table(tried), times(tried)]
        if not chosen.without_ablations:
            parts.append(ablations(pool.map(partial(try_ways, every=chosen.every), chosen.forms, chunksize=1)))
    told = "\n\n".join(parts) + "\n"
    if chosen.out:
        chosen.out.write_text(renewed(chosen.out, told), encoding="utf-8")
    else:
        print(told)


def _try_folder(folder: Path) -> list[Tried]:
    return [try_form(form) for form in kept([folder])]


def _right(kept_form: Kept, place: Place, value: Decimal | None) -> bool:
    truth = kept_form.truth[f"section{place.section}"][place.line][place.column]
    return is_right("" if value is None else str(value), truth["written"], truth["thousand_tenge"])


def _written(kept_form: Kept, place: Place) -> str:
    return str(kept_form.truth[f"section{place.section}"][place.line][place.column]["written"])


def try_form(form: Kept) -> Tried:
    """The form decided, held against its truth."""
    begun = time.process_time()
    checked = decide(form.form, SETTINGS, shipped_trust())
    seconds = time.process_time() - begun
    first: Mapping[Place, Figure] = {f.reading.place: f for f in form.form.figures}
    count: Counter[str] = Counter()
    mistaken = _mistaken(form)
    for cell in checked.cells:
        place = cell.figure.reading.place
        was, is_now = _right(form, place, first[place].value), _right(form, place, cell.figure.value)
        accepted, inked = cell.status is Status.ACCEPTED, _written(form, place) != ""
        changed = CHOSEN_BY_CONTROLS in cell.reasons
        beyond = inked and not accepted and place not in mistaken and not _respondents(cell)
        lost = bool(PLACE_DOUBTS.intersection(cell.reasons))
        count.update(
            inked=inked,
            before=not was,
            after=not is_now,
            changed=changed,
            mended=changed and is_now and not was,
            harmed=changed and was and not is_now,
            accepted=accepted and inked,
            wrong=accepted and inked and not is_now and cell.figure.value is not None,
            blank=accepted and inked and not is_now and cell.figure.value is None,
            filled=accepted and not inked and not is_now,
            misplaced=beyond and lost,
            doubtful=beyond and not lost,
        )
    return Tried(
        form.truth["kind"], form.name, tuple(e["cause"] for e in form.truth["errors"]),
        count["inked"], count["before"], count["after"], count["changed"], count["mended"], count["harmed"],
        count["accepted"], count["wrong"], count["blank"], count["filled"], count["misplaced"],
        count["doubtful"],
        _told(checked.findings, form.form.reading.layout),
        checked.status is Status.ACCEPTED and count["after"] > 0, seconds,
    )  # fmt: skip


def _told(findings: Sequence[Finding], layout: Layout) -> str:
    failed = [f for f in findings if f.set == RuleSet.TABLE and fails(f, layout)]
    causes = [str(f.cause) for f in failed or [f for f in findings if f.set == "check"] if f.cause]
    return max(dict.fromkeys(causes), key=causes.count) if causes else ""


def _mistaken(form: Kept) -> set[Place]:
    """The cells of the rules that the respondent's own mistakes break: until the cause is known a person sees them."""
    rules = controls(form.form.reading.layout, RuleSet.TABLE)
    written = {p: _amount(form, p) for p in form.form.reading.layout.places}
    broken = [c for c in rules if not holds(c, written)]
    return {place for control in broken for place in control.places}


def _respondents(cell: CheckedCell) -> bool:
    """Whether a person sees the cell for what the respondent wrote: another unit, a percentage, a minus, a cross."""
    return bool({"unit-suspected", "percent", "negative", "crossed"} & set(cell.reasons))


def _amount(form: Kept, place: Place) -> Decimal:
    told = form.truth[f"section{place.section}"][place.line][place.column]["thousand_tenge"]
    return Decimal(told or 0)


# ---------------------------------------------------------------- tables


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *[[str(each) for each in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _by_kind(tried: Iterable[Tried]) -> Iterator[tuple[str, list[Tried]]]:
    groups: dict[str, list[Tried]] = defaultdict(list)
    for each in tried:
        groups[each.kind].append(each)
    yield from sorted(groups.items())
    hand = [each for each in tried if "hand" in each.kind]
    yield "typed, all", [each for each in tried if "hand" not in each.kind]
    yield "hand, all", hand
    yield ALL, list(tried)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def forms_table(tried: Sequence[Tried]) -> str:
    """Cells and forms right as the readers have them, and as decided."""
    rows = []
    for kind, part in _by_kind(tried):
        inked = sum(t.inked for t in part)
        before, after = sum(t.wrong_before == 0 for t in part), sum(t.wrong_after == 0 for t in part)
        changed, mended, harmed = (sum(getattr(t, n) for t in part) for n in ("changed", "mended", "harmed"))
        wrong = f"{sum(t.wrong_before for t in part)} → {sum(t.wrong_after for t in part)}"
        right = f"{_share(before, len(part))} → {_share(after, len(part))}"
        rows.append((kind, len(part), inked, wrong, right, f"{changed}: {mended} mended, {harmed} spoilt"))
    heads = ("kind", "forms", "inked cells", "cells wrong", "forms wholly right", "cells that took another reading")
    return _table(heads, rows)


def accepted_table(tried: Sequence[Tried]) -> str:
    """What is accepted and wrong, and what a person sees."""
    rows = []
    kinds_of_error = ("wrong_accepted", "wrong_blank", "wrong_filled")
    for kind, part in _by_kind(tried):
        inked, accepted = sum(t.inked for t in part), sum(t.accepted for t in part)
        wrong, blank, filled = (sum(getattr(t, n) for t in part) for n in kinds_of_error)
        lost, doubtful = sum(t.misplaced for t in part), sum(t.doubtful for t in part)
        bad = [(t.wrong_accepted, t.accepted) for t in part if t.accepted]
        rate = clustered(bad) if wrong else None
        bound = 1000 * (rate.high if rate else upper_bound(0, max(accepted, 1)))
        rows.append(
            (
                kind, inked, _share(inked - accepted, inked), _share(lost, inked), _share(doubtful, inked), accepted,
                wrong, blank, filled, f"{bound:.2f}", sum(t.silent for t in part),
            )
        )  # fmt: skip
    heads = (
        "kind", "inked", "shown to a person", "of all inked: place in doubt", "reading in doubt", "accepted",
        "wrong value", "wrongly blank", "wrongly filled", "wrong values a 1000, 95 % bound", "forms silently wrong",
    )  # fmt: skip
    return _table(heads, rows)


def planted_table(tried: Sequence[Tried]) -> str:
    """Respondents' mistakes on scans: whether the sums ever changed what the respondent wrote."""
    with_mistakes = [t for t in tried if t.planted]
    harmed = sum(t.harmed for t in with_mistakes)
    forms = len(with_mistakes)
    inked = sum(t.inked for t in with_mistakes)
    return (
        f"{forms} of {len(tried)} forms carry a respondent's mistake ({inked} inked cells): the sums took a right "
        f"reading from {harmed} cells of them."
    )


def causes_table(tried: Sequence[Tried]) -> str:
    """Planted cause × the cause reported, on scans: what was misread or not found stands in the way as well."""
    names = [*map(str, Cause), NONE]
    rows = []
    for cause in sorted({t.planted[0] for t in tried if t.planted}):
        told = Counter(t.told or NONE for t in tried if t.planted[:1] == (cause,))
        rows.append((f"**{cause}**", sum(told.values()), *(told.get(name, "") for name in names)))
    return _table(("planted", "forms", *names), rows)


def times(tried: Sequence[Tried]) -> str:
    """What deciding takes, causes and findings included."""
    took = np.array([t.seconds for t in tried])
    median, most, worst = np.percentile(took, (50, 99, 100))
    told = f"{median:.3f} s of a core at the median, {most:.2f} s at the 99th percentile, {worst:.2f} s at most"
    return f"Deciding a form takes {told}."


# ---------------------------------------------------------------- ablations

Way = Callable[[Kept, tuple[Figure, ...], Sequence[Control]], Decision]


def _way(*, inequalities: bool = True, **changed: float) -> Way:
    settings = replace(SETTINGS, **changed)  # type: ignore[arg-type] # names and types of its own fields

    def decided(_: Kept, figures: tuple[Figure, ...], rules: Sequence[Control]) -> Decision:
        kept_rules = [c for c in rules if inequalities or c.rule.relation is Relation.EQUAL]
        return choose(figures, kept_rules, settings)

    return decided


WAYS: Mapping[str, Way] = {
    "the readers alone": lambda *_: Decision({}, {}),
    "as it ships": _way(),
    "no inequalities": _way(inequalities=False),
    "no margin": _way(switch_margin=0.0),
    "sums must hold, no margin": _way(switch_margin=0.0, respondent_error=1e-9, rounding_error=1e-9),
    "2 readings a cell": _way(joint_readings=2),
    "4 readings a cell": _way(joint_readings=4),
    "8 readings a cell": _way(joint_readings=8),
}


def try_ways(folder: Path, every: int = 1) -> Mapping[str, Counter[str]]:
    """What every n-th form of a folder comes to, decided in each of the ways."""
    count: dict[str, Counter[str]] = {name: Counter() for name in WAYS}
    trust = shipped_trust()
    for form in islice(kept([folder]), 0, None, every):
        rules = controls(form.form.reading.layout, RuleSet.TABLE)
        figures = believed(settle_meanings(form.form.figures, rules), trust)
        for name, way in WAYS.items():
            count[name].update(_outcome(form, figures, settled(figures, way(form, figures, rules), trust), rules))
    return count


def ablations(counts: Sequence[Mapping[str, Counter[str]]]) -> str:
    """The same forms decided in other ways, side by side."""
    count = {name: sum((each[name] for each in counts), Counter()) for name in WAYS}
    rows = []
    for name, c in count.items():
        told = f"{c['changed']}: {c['mended']} mended, {c['spoilt']} spoilt"
        rows.append(
            (name, c["wrong"], _share(c["right forms"], c["forms"]), told, c["traps"], c["respondents' changed"])
        )
    heads = (
        "decided by", "cells wrong", "forms wholly right", "cells that took another reading",
        "forms whose sums all hold with a wrong amount in them", "of them, forms with a respondent's mistake",
    )  # fmt: skip
    return _table(heads, rows)


def _outcome(
    form: Kept, before: Sequence[Figure], after: Sequence[Figure], rules: Sequence[Control]
) -> Mapping[str, int]:
    was = {f.reading.place: _right(form, f.reading.place, f.value) for f in before}
    right = {f.reading.place: _right(form, f.reading.place, f.value) for f in after}
    changed = [b.reading.place for a, b in zip(before, after, strict=True) if a.value != b.value]
    amounts = {f.reading.place: f.value or Decimal(0) for f in after}
    truth = {place: _amount(form, place) for place in amounts}
    sums = [c for c in rules if c.rule.relation is Relation.EQUAL]
    in_sums = {place for control in sums for place in control.places}
    off = any(amounts[place] != truth[place] for place in in_sums)
    trap = off and all(holds(control, amounts) for control in sums)
    return {
        "forms": 1,
        "wrong": sum(not ok for ok in right.values()),
        "right forms": all(right.values()),
        "changed": len(changed),
        "mended": sum(right[p] and not was[p] for p in changed),
        "spoilt": sum(was[p] and not right[p] for p in changed),
        "traps": trap,
        "respondents' changed": trap and bool(form.truth["errors"]),
    }


if __name__ == "__main__":
    main()
