"""How good the comparison is: planted slips against reported ones, who is wrong, how often intervals cover, how fast.

python -m training.comparisons --forms 500 --seed 1          # tables of docs/evidence/compare.md
python -m training.comparisons --make DIR --forms 5000       # a run's tables and a manual table, to time
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.random import Generator, default_rng

from compare.rates import clustered
from compare.records import Party, Slip
from compare.slips import plain
from layouts.load import shipped_layouts
from qagaz.tables import CELLS, FORMS, READINGS, Table, TableWriter
from training.typists import Outcome, Trial, outcomes, trials

TRUTH_FORMS = 20_000  # forms of which the true rate is taken
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Population:
    """How slips come: cells a form, slips a cell, the share of them that spoil several cells, and how many."""

    rate: float
    together: float
    size: int


POPULATIONS = tuple(
    Population(rate, together, size)
    for rate in (0.001, 0.003, 0.01)
    for together, size in ((0.0, 1), (0.3, 6), (0.5, 6))
)
POPULATIONS += tuple(Population(rate, 0.3, 12) for rate in (0.001, 0.003, 0.01))  # larger than `ONE_MORE` reckons with
SAMPLES = (50, 200, 500)  # forms


def main() -> None:
    """Print the tables, or make the files."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--forms", type=int, default=500)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--draws", type=int, default=1000)
    arguments.add_argument("--make", type=Path)
    given = arguments.parse_args()
    made = list(trials(given.seed, given.forms))
    if given.make:
        write(given.make, made)
        return
    told = list(outcomes(made))
    print("\n".join([*classes_table(told), "", *parties_table(told), "", *coverage_table(given.draws, given.seed)]))


def classes_table(told: Sequence[Outcome]) -> Iterator[str]:
    """Planted class → how many were planted, reported as that class on every cell, and as which others."""
    yield "| planted class | planted | reported so | share | otherwise |"
    yield "|---|---|---|---|---|"
    right_of_all = 0
    by: dict[Slip, list[Outcome]] = defaultdict(list)
    for outcome in told:
        by[outcome.planted.slip].append(outcome)
    for slip, planted in by.items():
        others: Counter[str] = Counter()
        right = 0
        for outcome in planted:
            reported = {verdict.difference.slip.value for verdict in outcome.verdicts} or {"nothing"}
            right += reported == {slip.value}
            others.update(reported - {slip.value})
        right_of_all += right
        rest = ", ".join(f"{name} {count}" for name, count in others.most_common())
        yield f"| {slip.value} | {len(planted)} | {right} | {right / len(planted):.1%} | {rest} |"
    yield f"| all | {len(told)} | {right_of_all} | {right_of_all / len(told):.1%} | |"


def parties_table(told: Sequence[Outcome]) -> Iterator[str]:
    """Who is wrong: planted party → named rightly, wrongly, left open; where sums tell, and over all."""
    yield "| wrong is | | slips | named rightly | wrongly | left open |"
    yield "|---|---|---|---|---|---|"
    for party in (Party.MACHINE, Party.PERSON, Party.RESPONDENT):
        of_party = [o for o in told if o.planted.party is party and o.planted.slip is not Slip.BLANK_ZERO]
        for name, group in (("sums tell", [o for o in of_party if o.in_sums]), ("all", of_party)):
            said = Counter(_named(outcome) for outcome in group)
            yield (f"| {party.value} | {name} | {len(group)} | {said['right']} | {said['wrong']} | {said['open']} |")


def _named(outcome: Outcome) -> str:
    named = {verdict.wrong for verdict in outcome.verdicts}
    if named == {outcome.planted.party}:
        return "right"
    return "open" if named <= {outcome.planted.party, Party.UNCLEAR} else "wrong"


def coverage_table(draws: int, seed: int) -> Iterator[str]:
    """How often the interval holds the true rate: forms whose slips come alone or together."""
    yield "| slips a 1000 cells | of them together | cells of one | " + " | ".join(f"{n} forms" for n in SAMPLES) + " |"
    yield "|---|---|---|" + "---|" * len(SAMPLES)
    rng = default_rng(seed)
    for population in POPULATIONS:
        cells, wrong = _forms(rng, population, TRUTH_FORMS * 20)
        truth = wrong.sum() / cells.sum()
        shares = [coverage(rng, population, truth, forms, draws) for forms in SAMPLES]
        shown = " | ".join(f"{share:.1%}" for share in shares)
        yield f"| {population.rate * 1000:g} | {population.together:.0%} | {population.size} | {shown} |"


def coverage(rng: Generator, population: Population, truth: float, forms: int, draws: int) -> float:
    """The share of so many samples whose interval holds the true rate."""
    hit = 0
    for _ in range(draws):
        cells, wrong = _forms(rng, population, forms)
        rate = clustered(list(zip(wrong.tolist(), cells.tolist(), strict=True)))
        hit += rate.low <= truth <= rate.high
    return hit / draws


def _forms(rng: Generator, population: Population, forms: int) -> tuple[np.ndarray, np.ndarray]:
    """Filled cells of each form (1 to 154, most have some two dozen), and wrong ones."""
    cells = np.clip(rng.lognormal(3.2, 0.8, forms).astype(int), 1, 154)
    alone = rng.binomial(cells, population.rate * (1 - population.together))
    slips = rng.poisson(cells * population.rate * population.together / population.size)
    return cells, np.minimum(cells, alone + slips * population.size)


def write(folder: Path, made: Iterable[Trial]) -> None:
    """The trials as the tables of a run (`run`) and one table that somebody typed (`typed.csv`)."""
    run = folder / "run"
    run.mkdir(parents=True, exist_ok=True)
    layout = next(iter(shipped_layouts().values()))
    with _table(run, FORMS) as forms, _table(run, CELLS) as cells, _table(run, READINGS) as readings:
        for trial in made:
            m = trial.machine
            forms.add([(m.source, m.file, 1, m.layout, m.year, m.bin, "", "", "", "", "1", m.status, "", "")])
            for place in layout.places:
                cell = m.cells.get(place)
                key = (m.source, m.file, 1, place.section, place.line, int(place.column))
                box = (1, 0.0, 0.0, 10.0, 10.0, "pt")
                if cell is None:
                    cells.add([(*key, "", "", 0.9999, "accepted", "", "", "none", *box)])
                    continue
                status = "accepted" if cell.accepted else "review"
                cells.add(
                    [
                        (
                            *key,
                            cell.written,
                            plain(cell.value or NOTHING),
                            cell.confidence,
                            status,
                            "",
                            "net",
                            "typed",
                            *box,
                        )
                    ]
                )
                read = trial.readings[place].items()
                readings.add(
                    (
                        m.source,
                        m.file,
                        1,
                        str(place),
                        rank,
                        plain(value or NOTHING),
                        plain(value or NOTHING),
                        logp,
                        "net",
                    )
                    for rank, (value, logp) in enumerate(read, start=1)
                )
        for table in (forms, cells, readings):
            table.finish()
            table.commit()
    with (folder / "typed.csv").open("w", encoding="utf-8", newline="") as file:
        typed = csv.writer(file, delimiter=";", lineterminator="\n")
        typed.writerow(["файл", "форма", "раздел", "строка", "графа", "значение"])
        for trial in made:
            for place in layout.places:
                value = trial.entry.amounts.get(place)
                text = "" if value is None else f"{'-' if value < 0 else ''}{plain(value)}".replace(".", ",")
                typed.writerow([trial.machine.file, 1, place.section, place.line, place.column, text])


def _table(folder: Path, table: Table) -> TableWriter:
    return TableWriter(folder, table)


if __name__ == "__main__":
    main()
