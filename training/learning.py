"""What `qagaz learn` learns, and what it refuses: `python -m training.learning FORMS… --crops DIR --out FILE.md`.

FORMS are folders that `training.shifted` made, DIR holds what `training.harvest` cut out of them. A run is played on
their cells: what both readers are sure of is accepted, the rest is asked and answered by three people; some forms are
keyed a second time, blind, with a tenth of their accepted cells. Then everything goes the way of `qagaz.learn`: once as
people keyed it, and with errors planted in several ways. Nothing of a form's sums is played: the controls find nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from extract.readers.combine import FigureReading, read_figures
from extract.readers.default import default_readers, learned_readers
from extract.records import Crop, Readers
from postprocess.amounts import parse_amount
from qagaz.learn.calibrate import audits_of, weighted
from qagaz.learn.frozen import Known, frozen
from qagaz.learn.gate import HELD, Readings, Verdict, decided, judged
from qagaz.learn.meaning import claim, says
from qagaz.learn.parts import parted
from qagaz.learn.records import Aside, Item, Part, Settled, Spot, Use
from qagaz.learn.study import Learnt, Material, Sift, Wish, need_torch, study
from qagaz.learn.suspects import suspicious
from review.flatten import plain
from training.benchmark import is_told, plain_signs
from training.evaluate import renewed
from training.forms import truth_of
from training.harvest import Row, picture

ACCEPTED = 0.95  # claimed by two readers that agree: such a cell is taken as read
AUDITED = 0.5  # of forms: more than a house would key twice, for there are few forms here
ALSO = 0.6  # of an audited form's accepted cells that are keyed too
PEOPLE = ("asel", "bolat", "dana")
PLANTED_PAIRS = 15  # of swapped labels
MINUTES = 9.0
CONFUSED = "everybody types 1 for 4 and 4 for 1"

Poison = Callable[[Settled, random.Random], str]


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """A run's settled cells, its accepted and asked cells counted, and what was planted among them."""

    items: tuple[Item, ...]
    cells: Mapping[bool, int]
    readings: Mapping[Spot, FigureReading]  # by the readers that ship
    planted: frozenset[Spot] = frozenset()


def main() -> None:
    """Reads the command line, plays, prints and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forms", type=Path, nargs="+")
    parser.add_argument("--crops", type=Path, required=True, help="folder that training.harvest wrote")
    parser.add_argument("--out", type=Path, help="file whose tables to renew")
    parser.add_argument("--seed", default="1", help="parts those who teach from those who measure")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    chosen = parser.parse_args()
    need_torch()
    run = played(chosen.forms, chosen.crops)
    lines = []
    for line in Trial(run, chosen.seed, chosen.minutes).told():
        print(line, flush=True)
        lines.append(line)
    if chosen.out:
        chosen.out.write_text(renewed(chosen.out, "\n".join(lines) + "\n"), encoding="utf-8")


def played(folders: Sequence[Path], crops: Path) -> Played:
    """The run: every told cell of these forms, read as it ships, answered as it stands there."""
    told = [cell for folder in folders for cell in _cells(folder, crops / f"{folder.name}.parquet")]
    readings = read_figures(default_readers(), [crop for _, _, crop in told])
    counts: Counter[bool] = Counter()
    items = []
    for (settled, writer, crop), reading in zip(told, readings, strict=True):
        sure = reading.witnesses > 1 and claim(reading) >= ACCEPTED
        counts[sure] += 1
        use = _use(settled, accepted=sure)
        value = _machine(reading) if use is Use.REHEARSAL else settled.value
        machine = _machine(reading)
        items.append(Item(replace(settled, value=value, machine=machine, accepted=sure, use=use, writer=writer), crop))
    spots = [item.settled.spot for item in items]
    return Played(tuple(items), counts, dict(zip(spots, readings, strict=True)))


def _cells(folder: Path, table: Path) -> Iterator[tuple[Settled, str, Crop]]:
    writers = {f"{entry['id']}-{entry['form']}": entry["writer"] for entry in truth_of(folder).values()}
    rows: list[Row] = [{str(k): v for k, v in row.items()} for row in pd.read_parquet(table).to_dict("records")]
    for row in filter(is_told, rows):
        form = f"{folder.name}/{row['form']}"
        source = hashlib.sha256(form.encode()).hexdigest()
        value = plain(parse_amount(plain_signs(row["written"]))[0].value)
        who = PEOPLE[int(source, 16) % len(PEOPLE)]
        settled = Settled(
            (source, 1, row["place"]), value, Use.CORRECTION, "", accepted=False, who=who, writer="", batch=""
        )
        yield settled, writers[row["form"]], Crop(picture(row["raw"]), picture(row["clean"]))


def _use(settled: Settled, *, accepted: bool) -> Use:
    source, _, place = settled.spot
    audited = random.Random(f"audit/{source}").random() < AUDITED
    if audited and (not accepted or random.Random(f"also/{source}/{place}").random() < ALSO):
        return Use.AUDIT
    return Use.REHEARSAL if accepted else Use.CORRECTION


def _machine(reading: FigureReading) -> str:
    return plain(parse_amount(reading.alternatives[0].text)[0].value) if reading.alternatives else ""


class Trial:
    """One run, learnt from as it is and with planted errors; what ships is read with only once."""

    def __init__(self, run: Played, seed: str, minutes: float) -> None:
        self._run = run
        self._wish = Wish(seed, fine_tune=False, minutes=minutes)
        self._benchmark = frozen()

    def told(self) -> Iterator[str]:
        """The page, line by line."""
        honest = self._material(self._run)
        yield from _counted(self._run, honest)
        yield "### Errors planted in what people say\n"
        yield "| planted | cells | set aside | of honest cells set aside | why |\n|---|---|---|---|---|"
        for name, poisoned in poisons(self._run):
            yield _caught(name, poisoned, self._material(poisoned))
        yield ""
        yield from self._learnt("calibrated anew", honest, fine_tune=False)
        confused = dict(poisons(self._run))[CONFUSED]
        bare = self._material(confused, sift=lambda *_: [])
        yield from self._learnt(f"{CONFUSED}, nothing set aside: calibrated anew", bare, fine_tune=False)
        yield from self._learnt("net fine-tuned, calibrated anew", honest, fine_tune=True)
        yield from self._learnt(f"{CONFUSED}, nothing set aside: net fine-tuned", bare, fine_tune=True)

    def _material(self, run: Played, sift: Sift | None = None) -> Material:
        kept, of_writers = parted(run.items, self._wish.seed)
        aside = (sift or self._sift)(kept, ())
        gone = {each.spot for each in aside}
        items = tuple(item for item in kept if item.settled.spot not in gone)
        return Material(items, (*of_writers, *aside), run.cells)

    def _sift(self, items: Sequence[Item], _readings: Sequence[FigureReading]) -> list[Aside]:
        return suspicious(items, [self._run.readings[item.settled.spot] for item in items])

    def _learnt(self, name: str, found: Material, *, fine_tune: bool) -> Iterator[str]:
        begun = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            learnt = study(found, replace(self._wish, fine_tune=fine_tune), None, Path(folder))
            seconds = time.process_time() - begun
            readers = _readers(learnt, Path(folder))
            told = decided(self._before(found, learnt), self._read(readers, found, learnt))
        yield f"### {name[0].upper()}{name[1:]}\n"
        yield from _table(told)
        faults = "; ".join(f"{fault.value} ({where})" for fault, where in told.faults)
        ending = "Installed." if told.passed else f"**Refused**: {faults}."
        yield f"\n{ending} {seconds:.0f} s of processor time to learn.\n"

    def _before(self, found: Material, learnt: Learnt) -> dict[str, Readings]:
        held = _held(found, learnt)
        read = [self._run.readings[item.settled.spot] for item in held]
        right = tuple(says(r.alternatives, i.settled.value) for r, i in zip(read, held, strict=True))
        own = Readings(tuple(map(claim, read)), right, tuple(item.weight for item in held))
        return {**self._shipped, HELD: own}

    @cached_property
    def _shipped(self) -> dict[str, Readings]:
        return self._groups(default_readers())

    def _groups(self, readers: Readers) -> dict[str, Readings]:
        groups: dict[str, list[Known]] = {}
        for known in self._benchmark:
            groups.setdefault(known.group, []).append(known)
        return {name: judged(readers, [k.crop for k in own], [k.value for k in own]) for name, own in groups.items()}

    def _read(self, readers: Readers, found: Material, learnt: Learnt) -> dict[str, Readings]:
        held = _held(found, learnt)
        own = judged(readers, [i.crop for i in held], [i.settled.value for i in held], [i.weight for i in held])
        return {**self._groups(readers), HELD: own}


def _held(found: Material, learnt: Learnt) -> list[Item]:
    audits = weighted(audits_of(found.items, Part.HELD), found.cells)
    corrections = [i for i in found.items if i.part is Part.HELD and i.settled.use is Use.CORRECTION]
    return [*audits, *corrections] if learnt.model else audits


def _readers(learnt: Learnt, folder: Path) -> Readers:
    model = folder / "learnt.onnx" if learnt.model else None
    if model is not None:
        model.write_bytes(learnt.model)
    return learned_readers(model, learnt.lines)


def poisons(run: Played) -> Iterator[tuple[str, Played]]:
    """The run with errors planted in it, in several ways."""
    yield (
        "one person mistypes a digit in a third of the figures",
        _poisoned(
            run,
            lambda told, rng: (
                _mistyped(told.value, rng) if told.who == PEOPLE[0] and rng.random() < 1 / 3 else told.value
            ),
        ),
    )
    yield (
        "everybody mistypes one figure in twenty",
        _poisoned(run, lambda told, rng: _mistyped(told.value, rng) if rng.random() < 1 / 20 else told.value),
    )
    yield (
        CONFUSED,
        _poisoned(run, lambda told, _rng: told.value.translate(str.maketrans("14", "41"))),
    )
    yield f"{PLANTED_PAIRS} pairs of cells have each other's figures", _swapped(run)


def _poisoned(run: Played, poison: Poison) -> Played:
    rng = random.Random("poison")
    planted = set()
    items = []
    for item in run.items:
        told = item.settled
        value = told.value if told.use is Use.REHEARSAL else poison(told, rng)
        if value != told.value:
            planted.add(told.spot)
        items.append(replace(item, settled=replace(told, value=value)))
    return replace(run, items=tuple(items), planted=frozenset(planted))


def _mistyped(value: str, rng: random.Random) -> str:
    places = [place for place, sign in enumerate(value) if sign.isdigit()]
    if not places:
        return value
    place = rng.choice(places)
    others = [digit for digit in "123456789" if digit != value[place]]
    return value[:place] + rng.choice(others) + value[place + 1 :]


def _swapped(run: Played) -> Played:
    """Pairs of answered cells of a form, well read by the machine, exchanged."""
    rng = random.Random("swap")
    by_form: dict[str, list[Settled]] = {}
    for item in run.items:
        told = item.settled
        if told.use is Use.CORRECTION and told.value and told.value == told.machine:
            by_form.setdefault(told.spot[0], []).append(told)
    pairs = [
        (own[i], own[i + 1])
        for own in by_form.values()
        for i in range(0, len(own) - 1, 2)
        if own[i].value != own[i + 1].value
    ]
    exchanged: dict[Spot, str] = {}
    for one, other in rng.sample(pairs, min(PLANTED_PAIRS, len(pairs))):
        exchanged |= {one.spot: other.value, other.spot: one.value}
    items = tuple(
        replace(i, settled=replace(i.settled, value=exchanged.get(i.settled.spot, i.settled.value))) for i in run.items
    )
    return replace(run, items=items, planted=frozenset(exchanged))


def _counted(run: Played, found: Material) -> Iterator[str]:
    uses = found.counts
    writers = {part: len({i.settled.writer for i in found.items if i.part is part}) for part in Part}
    yield (
        f"{len(run.items)} cells of {len({i.settled.key for i in run.items})} forms in "
        f"{len({i.settled.writer for i in run.items})} hands; {run.cells[True]} taken as read, {run.cells[False]} "
        "asked. "
        f"{writers[Part.TEACH]} hands teach: {uses['correction-teach']} corrections, {uses['audit-teach']} audits, "
        f"{uses['rehearsal-teach']} accepted cells; {writers[Part.HELD]} are held out: {uses['correction-held']} "
        f"corrections, {uses['audit-held']} audits. Of what was keyed rightly, {len(found.aside)} were set aside.\n"
    )


def _table(told: Verdict) -> Iterator[str]:
    yield "| set | cells | wrong | lost, gained | wrong and ≥ 0.99 | nats a cell | calibration error |"
    yield "|---|---|---|---|---|---|---|"
    for each in told.sets:
        old, new = each.before, each.after
        sure, loss = f"{old.sure_wrong} → {new.sure_wrong}", f"{old.loss:.3f} → {new.loss:.3f}"
        yield (
            f"| {each.name} | {new.cells} | {old.wrong} → {new.wrong} | {each.lost}, {each.gained} "
            f"| {sure} | {loss} | {old.error:.3f} → {new.error:.3f} |"
        )


def _caught(name: str, run: Played, found: Material) -> str:
    gone = {each.spot: each.why for each in found.aside}
    caught = sum(spot in gone for spot in run.planted)
    people = [item.settled.spot for item in run.items if item.settled.use is not Use.REHEARSAL]
    honest = [spot for spot in people if spot not in run.planted]
    wrongly = sum(spot in gone for spot in honest)
    why = ", ".join(f"{why.value} {count}" for why, count in Counter(gone.values()).most_common())
    return f"| {name} | {len(run.planted)} | {caught} | {wrongly} of {len(honest)} | {why} |"


if __name__ == "__main__":
    main()
