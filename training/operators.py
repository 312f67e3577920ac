"""The comparison on forms that were really read: a manual table with planted slips, held against the truth.

    python -m corpus make FORMS --seed 430001 --forms 72 --kinds scan300,fax,photo,hand300,mistakescan,hand200
    qagaz read PAPERS --out RUN                    # the same files without truth.json
    python -m training.operators FORMS/truth.json RUN --out DIR

What the machine has wrong here it has really misread. The person's slips are those of `training.typists`, in turn.
Where a sum of the paper fails and one figure mends it, every second respondent is put right by whoever keys the form;
a form in tenge is typed in thousands.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from compare.rates import Rate, per_thousand
from compare.records import Compared, Party, Slip, Verdict
from compare.slips import THOUSAND, plain, slip_of
from layouts.load import shipped_layouts
from layouts.model import Layout, Place, Relation, RuleSet
from layouts.rules import controls, holds
from qagaz.quality import Comparison, compare_run
from training.truths import Truth, truths_of
from training.typists import FIGURES, PLANTERS, Amounts, Made, Planted, planted, typed_with

KINDS = tuple(kind for kind in PLANTERS if not kind.startswith(("machine-", "respondent-")))
SLIPS = 2  # of a person, a form
HEAD = ("файл", "форма", "раздел", "строка", "графа", "значение", "оператор")
ZERO = Decimal(0)

Key = tuple[str, int]  # file and form


@dataclass(frozen=True, slots=True)
class Keyed:
    """One form: what stands on it, what was typed, and what was planted."""

    paper: Amounts
    typed: Amounts
    planted: tuple[Planted, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell on which machine and person differ, who is wrong in truth, and what the comparison says."""

    truth: str  # machine, person, respondent or both; a machine's error also with its status
    verdict: Verdict


def main() -> None:
    """Write the manual table, compare, and print what came out."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("truth", type=Path)
    arguments.add_argument("run", type=Path)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    layouts = shipped_layouts()
    keyed = keyed_forms(truths_of(given.truth), next(iter(layouts.values())), given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    table = given.out / "typed.csv"
    write(table, keyed)
    comparison = compare_run(given.run, [table], layouts)
    tables = (found_table, parties_table, readings_table, rates_table)
    print("\n\n".join("\n".join(each(comparison, keyed)) for each in tables))


def keyed_forms(truths: Mapping[Key, Truth], layout: Layout, seed: int) -> dict[Key, Keyed]:
    """Every form as somebody typed it; a form with few figures is typed without a slip."""
    papers = {key: _amounts(truth, layout) for key, truth in truths.items()}
    told = list(papers.items())
    keyed = {}
    for number, (key, paper) in enumerate(told):
        rng = random.Random(f"{seed}/{key}")
        made: tuple[Made, ...] = ()
        if _in_tenge(truths[key]):
            made = planted(rng, _thousandth(paper), {}, layout, ["respondent-in-tenge"])
        elif sum(bool(value) for value in paper.values()) >= FIGURES:
            kinds = [KINDS[(number * SLIPS + nth) % len(KINDS)] for nth in range(SLIPS)]
            made = planted(rng, paper, told[(number + 1) % len(told)][1], layout, kinds)
        if number % 2 and not _in_tenge(truths[key]):
            made = (*made, *_put_right(paper, layout, {place for each in made for place in each.planted.places}))
        keyed[key] = Keyed(paper, typed_with(paper, made), tuple(each.planted for each in made))
    return keyed


def _in_tenge(truth: Truth) -> bool:
    """Whether the whole form was filled in in tenge by mistake."""
    return any(error["cause"] == "unit" and not error["section"] for error in truth.entry["errors"])


def _amounts(truth: Truth, layout: Layout) -> Amounts:
    """What stands on the paper; blank cells are not there."""
    told = ((place, truth.written(str(place))) for place in layout.places)
    return {place: Decimal(text) for place, text in told if text}


def _thousandth(paper: Amounts) -> Amounts:
    """A form in tenge as it should have been filled in."""
    return {place: value / THOUSAND for place, value in paper.items()}


def _put_right(paper: Amounts, layout: Layout, taken: set[Place]) -> Iterator[Made]:
    """The first wrong total typed as what its parts add up to, where that mends every sum that it is in."""
    every = controls(layout, RuleSet.TABLE)
    for control in every:
        place = control.left[0]
        if control.rule.relation is not Relation.EQUAL or holds(control, paper) or place in taken:
            continue
        total = sum((paper.get(part, ZERO) for part in control.right), ZERO)
        mended = {**paper, place: total}
        if total and paper.get(place) and all(holds(each, mended) for each in every if place in each.places):
            slip = slip_of(paper[place], total)
            yield Made(paper, paper, mended, Planted(slip, Party.RESPONDENT, frozenset({place})))
            return


def write(path: Path, keyed: Mapping[Key, Keyed]) -> None:
    """The manual table, one figure a row, as an office saves it."""
    with path.open("w", encoding="cp1251", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(HEAD)
        for number, ((name, form), each) in enumerate(keyed.items()):
            for place, value in sorted(each.typed.items(), key=lambda told: str(told[0])):
                text = f"{'-' if value < 0 else ''}{plain(value)}".replace(".", ",")
                rows.writerow([name, form, place.section, place.line, place.column, text, f"оператор {number % 3 + 1}"])


# --- what came out


def found_table(comparison: Comparison, keyed: Mapping[Key, Keyed]) -> Iterator[str]:
    """Planted slips whose cells the machine has right: reported as what they are, and as whose."""
    yield "| planted | by | slips | of that class on every cell | and of that party | left open | otherwise |"
    yield "|---|---|---|---|---|---|---|"
    rows: dict[tuple[str, str], list[tuple[Planted, list[Verdict]]]] = defaultdict(list)
    for compared, form in _forms(comparison, keyed):
        for slip in form.planted:
            if all(_same(compared.machine.amounts.get(place), form.paper.get(place)) for place in slip.places):
                told = [verdict for verdict in compared.verdicts if verdict.difference.place in slip.places]
                rows[slip.slip.value, slip.party.value].append((slip, told))
    for (name, party), slips in sorted(rows.items(), key=lambda row: (row[0][1], row[0][0])):
        yield f"| {name} | {party} | {_counts(slips)} |"
    every = [each for (name, _), slips in rows.items() for each in slips if name != Slip.BLANK_ZERO.value]
    yield f"| all but blank-zero | | {_counts(every)} |"


def _counts(slips: Sequence[tuple[Planted, list[Verdict]]]) -> str:
    classed = sum({v.difference.slip for v in told} == {slip.slip} for slip, told in slips)
    named = sum({v.wrong for v in told} == {slip.party} for slip, told in slips)
    left = sum({v.wrong for v in told} - {slip.party} == {Party.UNCLEAR} for slip, told in slips)
    others: Counter[str] = Counter()
    for slip, told in slips:
        others.update(
            {v.difference.slip.value for v in told} - {slip.slip.value} or ({"nothing"} if not told else set())
        )
        others.update({f"wrong: {v.wrong.value}" for v in told} - {f"wrong: {slip.party.value}", "wrong: unclear"})
    return f"{len(slips)} | {classed} | {named} | {left} | " + ", ".join(f"{n} {c}" for n, c in others.most_common())


def parties_table(comparison: Comparison, keyed: Mapping[Key, Keyed]) -> Iterator[str]:
    """Cells that differ, by who is wrong in truth, and who is named."""
    yield "| wrong in truth | cells | " + " | ".join(party.value for party in Party) + " | the paper's figure named |"
    yield "|---|---|" + "---|" * (len(Party) + 1)
    cells: dict[str, list[tuple[Cell, bool]]] = defaultdict(list)
    for compared, form in _forms(comparison, keyed):
        for cell in _cells(compared, form):
            right = _same(cell.verdict.paper, form.paper.get(cell.verdict.difference.place))
            cells[cell.truth].append((cell, right))
    for truth in sorted(cells):
        named = Counter(cell.verdict.wrong for cell, _ in cells[truth])
        counts = " | ".join(str(named[party]) for party in Party)
        yield f"| {truth} | {len(cells[truth])} | {counts} | {sum(right for _, right in cells[truth])} |"


def readings_table(comparison: Comparison, keyed: Mapping[Key, Keyed]) -> Iterator[str]:
    """Figures that the machine has wrong: whether the truth is among what it read, and what they became."""
    yield "| status | wrong figures | the truth among the readings | became |"
    yield "|---|---|---|---|"
    readings = comparison.run.readings([compared.machine.key for compared in comparison.compared])
    rows: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for compared, form in _forms(comparison, keyed):
        for place in compared.layout.places:
            said, paper = compared.machine.amounts.get(place), form.paper.get(place)
            if _same(said, paper):
                continue
            read = readings.get(compared.machine.key, {}).get(place, {})
            among = any(_same(value, paper) for value in read)
            rows[_status(compared, place)].append((among, slip_of(paper, said).value))
    for status, wrong in sorted(rows.items()):
        became = ", ".join(f"{n} {c}" for n, c in Counter(slip for _, slip in wrong).most_common())
        yield f"| {status} | {len(wrong)} | {sum(among for among, _ in wrong)} | {became} |"


def rates_table(comparison: Comparison, keyed: Mapping[Key, Keyed]) -> Iterator[str]:
    """The rates as the comparison gives them, beside the truth."""
    told = comparison.tally
    accepted = everything = slips = 0
    for compared, form in _forms(comparison, keyed):
        for place in compared.layout.places:
            wrong = not _same(compared.machine.amounts.get(place), form.paper.get(place))
            everything += wrong
            accepted += wrong and _status(compared, place) == "accepted"
            slips += not _same(form.typed.get(place), form.paper.get(place))
    respondents = sum(
        len(s.places) for _, form in _forms(comparison, keyed) for s in form.planted if s.party is Party.RESPONDENT
    )
    yield "| wrong figures | in truth | as reported | cells | rate per 1000 | interval |"
    yield "|---|---|---|---|---|---|"
    yield f"| machine, accepted | {accepted} | {_rate(told.machine)} |"
    yield f"| machine, with those that await review | {everything} | {_rate(told.machine_all)} |"
    yield f"| person | {slips - respondents} | {_rate(told.person)} |"
    yield f"| respondent, put right | {respondents} | {told.respondent} | | | |"
    yield f"| left open | | {told.unclear} | | | |"


def _rate(rate: Rate) -> str:
    low, high = per_thousand(rate.low), per_thousand(rate.high)
    return f"{rate.hits} | {rate.cells} | {per_thousand(rate.share)} | {low} – {high}"


def _forms(comparison: Comparison, keyed: Mapping[Key, Keyed]) -> Iterator[tuple[Compared, Keyed]]:
    for compared in comparison.compared:
        key = (compared.machine.file, compared.machine.form)
        if key in keyed:
            yield compared, keyed[key]


def _cells(compared: Compared, form: Keyed) -> Iterable[Cell]:
    respondents = {place for slip in form.planted if slip.party is Party.RESPONDENT for place in slip.places}
    for verdict in compared.verdicts:
        difference = verdict.difference
        if difference.slip is Slip.BLANK_ZERO:
            continue
        paper = form.paper.get(difference.place)
        machine, person = not _same(difference.machine, paper), not _same(difference.manual, paper)
        if machine and person:
            yield Cell("both", verdict)
        elif machine:
            yield Cell(f"machine, {_status(compared, difference.place)}", verdict)
        else:
            yield Cell("respondent" if difference.place in respondents else "person", verdict)


def _status(compared: Compared, place: Place) -> str:
    cell = compared.machine.cells.get(place)
    return "accepted" if cell is None or cell.accepted else "awaits review"


def _same(one: Decimal | None, other: Decimal | None) -> bool:
    return (one or None) == (other or None)


if __name__ == "__main__":
    main()
