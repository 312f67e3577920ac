"""Manual entries with planted slips of every class, and what the comparison makes of them.

Forms are made in memory: what the paper says, what the machine read (right, or wrong with the truth among what else was
read), what a person typed. Nothing here is known to `compare` beforehand but the rates in `compare/likelihood.py`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from compare.differ import compare_form
from compare.match import Figures
from compare.records import MachineCell, MachineForm, Matched, Party, Slip, TypedEntry, Verdict
from compare.slips import plain
from corpus.figures import draw_amounts, plan
from layouts.load import shipped_layouts
from layouts.model import Layout, Place, Relation, RuleSet
from layouts.rules import controls, holds

Amounts = dict[Place, Decimal]

THOUSAND = Decimal(1000)
FIGURES = 8  # filled cells a form has at least: one with fewer tells nothing
TRIES = 50  # at planting a slip of one kind into a form that may have no room for it
DOUBTFUL = 0.3  # of wrong readings that the machine nevertheless accepts
NEIGHBOURS = {
    "0": "69",
    "1": "27",
    "2": "13",
    "3": "248",
    "4": "315",
    "5": "246",
    "6": "359",
    "7": "148",
    "8": "579",
    "9": "680",
}


@dataclass(frozen=True, slots=True)
class Planted:
    """One slip: whose, of which class, and the cells it changed."""

    slip: Slip
    party: Party
    places: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Trial:
    """One form with what was planted in it."""

    machine: MachineForm
    entry: TypedEntry
    planted: tuple[Planted, ...]
    readings: Mapping[Place, Mapping[Decimal | None, float]]

    def fetch(self, _key: tuple[str, int]) -> Mapping[Place, Mapping[Decimal | None, float]]:
        """What else was read, as a run would tell it."""
        return self.readings


@dataclass(frozen=True, slots=True)
class Outcome:
    """One planted slip and the verdicts on its cells; no verdict where the slip was not noticed."""

    planted: Planted
    verdicts: tuple[Verdict, ...]
    in_sums: bool  # whether a sum of the table tells: it holds with one of the two figures alone


def trials(seed: int, forms: int, kinds: Sequence[str] | None = None, slips: int = 1) -> Iterator[Trial]:
    """So many forms, `slips` planted slips each where they find room, in turn of every kind."""
    layout = next(iter(shipped_layouts().values()))
    wanted = kinds or tuple(PLANTERS)
    papers = [_paper(random.Random(seed * 1_000_003 + number), layout) for number in range(forms)]
    for number, paper in enumerate(papers):
        rng = random.Random(f"{seed}/{number}/slip")
        kinds = [wanted[(number * slips + nth) % len(wanted)] for nth in range(slips)]
        if made := planted(rng, paper, papers[(number + 1) % forms], layout, kinds):
            yield _trial(number, paper, made, layout)


def planted(
    rng: random.Random, paper: Amounts, other: Amounts, layout: Layout, kinds: Iterable[str]
) -> tuple[Made, ...]:
    """A slip of each kind that finds room on the paper apart from those before it; `other` is another form."""
    made: list[Made] = []
    for kind in kinds:
        offered = (PLANTERS[kind](rng, paper, other, layout) for _ in range(TRIES))
        made += islice((each for each in offered if each is not None and _apart(each, made)), 1)
    return tuple(made)


def typed_with(paper: Amounts, made: Iterable[Made]) -> Amounts:
    """What is typed of a paper with these slips."""
    return _over(paper, ((each.paper, each.typed) for each in made))


def outcomes(made: Sequence[Trial]) -> Iterator[Outcome]:
    """Every planted slip with what the comparison says of it."""
    layout = next(iter(shipped_layouts().values()))
    figures = Figures([trial.machine for trial in made])
    for trial in made:
        matched = Matched(trial.machine, (trial.entry,), ("file",))
        (told,) = compare_form(matched, layout, figures, trial.fetch)
        for planted in trial.planted:
            on = tuple(verdict for verdict in told.verdicts if verdict.difference.place in planted.places)
            yield Outcome(planted, on, _tells(trial, planted.places, layout))


# --- what stands on the paper, and three people's ways with it


@dataclass(frozen=True, slots=True)
class Made:
    """What the paper says, what the machine read, what was typed."""

    paper: Amounts
    read: Amounts
    typed: Amounts
    planted: Planted


def _apart(made: Made, others: Iterable[Made]) -> bool:
    """Whether a slip touches no cell of another, nor the line or column another moved figures in."""
    return all(made.planted.places.isdisjoint(other.planted.places) for other in others)


def _over(figures: Amounts, changes: Iterable[tuple[Amounts, Amounts]]) -> Amounts:
    """Figures with those changes that turn the one of each pair into the other."""
    over = dict(figures)
    for before, after in changes:
        for place in before.keys() | after.keys():
            if before.get(place) == after.get(place):
                continue
            if place in after:
                over[place] = after[place]
            else:
                over.pop(place, None)
    return over


Planter = Callable[[random.Random, Amounts, Amounts, Layout], Made | None]


def _paper(rng: random.Random, layout: Layout) -> Amounts:
    amounts: Amounts = {}
    decimals = rng.choice((0, 1, 1))
    while sum(bool(value) for value in amounts.values()) < FIGURES:
        amounts = dict(draw_amounts(rng, layout, plan(rng, decimals)))
    return amounts


def _changed(slip: Slip, change: Callable[[random.Random, Decimal], Decimal | None], party: Party) -> Planter:
    """One figure becomes another."""

    def plant(rng: random.Random, paper: Amounts, _other: Amounts, _layout: Layout) -> Made | None:
        place = rng.choice([place for place, value in paper.items() if value])
        value = change(rng, paper[place])
        if value is None or value == paper[place]:
            return None
        wrong = {**paper, place: value}
        planted = Planted(slip, party, frozenset({place}))
        if party is Party.MACHINE:
            return Made(paper, wrong, paper, planted)
        return Made(paper, paper, wrong, planted)

    return plant


def _substituted(rng: random.Random, value: Decimal) -> Decimal | None:
    text = plain(value)
    at = rng.choice([n for n, mark in enumerate(text) if mark.isdigit()])
    digit = rng.choice(NEIGHBOURS[text[at]])
    return None if at == 0 and digit == "0" else Decimal(text[:at] + digit + text[at + 1 :])


def _lost(rng: random.Random, value: Decimal) -> Decimal | None:
    """A digit that is not written twice: else the other way round it is a doubled one."""
    text = plain(value)
    at = rng.choice([n for n, mark in enumerate(text) if mark.isdigit()])
    return None if text[at] in _beside(text, at, at + 1) else _number(text[:at] + text[at + 1 :])


def _doubled(rng: random.Random, value: Decimal) -> Decimal | None:
    text = plain(value)
    at = rng.choice([n for n, mark in enumerate(text) if mark.isdigit()])
    return _number(text[:at] + text[at] + text[at:])


def _added(rng: random.Random, value: Decimal) -> Decimal | None:
    text = plain(value)
    at = rng.randrange(1, len(text) + 1)
    digit = rng.choice("123456789")
    return None if digit in _beside(text, at, at) else _number(text[:at] + digit + text[at:])


def _beside(text: str, start: int, end: int) -> str:
    """The digits on both sides of a stretch of a figure, whatever mark stands between."""
    return text[:start].replace(".", "")[-1:] + text[end:].replace(".", "")[:1]


def _transposed(rng: random.Random, value: Decimal) -> Decimal | None:
    text = plain(value)
    pairs = [n for n in range(len(text) - 1) if text[n : n + 2].isdigit() and text[n] != text[n + 1]]
    if not pairs:
        return None
    at = rng.choice(pairs)
    return _number(text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def _mark(_rng: random.Random, value: Decimal) -> Decimal | None:
    text = plain(value)
    return Decimal(text.replace(".", "")) if "." in text else None


def _thousand(_rng: random.Random, value: Decimal) -> Decimal | None:
    return value * THOUSAND


def _sign(_rng: random.Random, value: Decimal) -> Decimal | None:
    return -value


def _number(text: str) -> Decimal | None:
    sound = bool(text) and not text.startswith((".", "0")) and not text.endswith(".")
    return Decimal(text) if sound else None


def _left_out(rng: random.Random, paper: Amounts, _other: Amounts, _layout: Layout) -> Made:
    place = rng.choice([place for place, value in paper.items() if value])
    typed = {key: value for key, value in paper.items() if key != place}
    return Made(paper, paper, typed, Planted(Slip.LEFT_OUT, Party.PERSON, frozenset({place})))


def _filled_in(rng: random.Random, paper: Amounts, _other: Amounts, layout: Layout) -> Made:
    place = rng.choice([place for place in layout.places if not paper.get(place)])
    typed = {**paper, place: Decimal(rng.randint(100, 99_999))}
    return Made(paper, paper, typed, Planted(Slip.FILLED_IN, Party.PERSON, frozenset({place})))


def _blank_zero(rng: random.Random, paper: Amounts, _other: Amounts, layout: Layout) -> Made:
    place = rng.choice([place for place in layout.places if place not in paper])
    typed = {**paper, place: Decimal(0)}
    return Made(paper, paper, typed, Planted(Slip.BLANK_ZERO, Party.PERSON, frozenset({place})))


def _row_off(rng: random.Random, paper: Amounts, _other: Amounts, layout: Layout) -> Made | None:
    """The figures of a line typed one line further down or up."""
    table = layout.tables[0]
    lines = [line.code for line in table.lines]
    at = rng.randrange(1, len(lines))
    to = at + rng.choice((-1, 1))
    if not 1 <= to < len(lines):
        return None
    return _moved(
        paper,
        {(table.section, lines[at], c.number): (table.section, lines[to], c.number) for c in table.amount_columns},
        Slip.ROW,
    )


def _column_off(rng: random.Random, paper: Amounts, _other: Amounts, layout: Layout) -> Made | None:
    """The figures of a column, or one of them, typed into the column beside."""
    table = layout.tables[0]
    numbers = [column.number for column in table.amount_columns]
    at = rng.randrange(len(numbers) - 1)
    lines = [line.code for line in table.lines]
    if rng.random() < 0.5:
        lines = [rng.choice(lines)]
    pairs = {(table.section, line, numbers[at]): (table.section, line, numbers[at + 1]) for line in lines}
    return _moved(paper, pairs, Slip.COLUMN)


def _moved(paper: Amounts, pairs: Mapping[tuple[int, str, str], tuple[int, str, str]], slip: Slip) -> Made | None:
    moves = {Place(*one): Place(*other) for one, other in pairs.items() if paper.get(Place(*one))}
    if not moves or any(paper.get(to) for to in moves.values()):
        return None
    if all(len(plain(paper[place])) < 2 for place in moves):
        return None
    typed = {place: value for place, value in paper.items() if place not in moves}
    typed |= {to: paper[place] for place, to in moves.items()}
    return Made(paper, paper, typed, Planted(slip, Party.PERSON, frozenset(moves) | frozenset(moves.values())))


def _whole_unit(_rng: random.Random, paper: Amounts, _other: Amounts, _layout: Layout) -> Made:
    typed = {place: value * THOUSAND for place, value in paper.items()}
    return Made(paper, paper, typed, Planted(Slip.UNIT, Party.PERSON, frozenset(p for p, v in paper.items() if v)))


def _column_unit(rng: random.Random, paper: Amounts, _other: Amounts, layout: Layout) -> Made | None:
    table = layout.tables[0]
    column = rng.choice([each.number for each in table.amount_columns])
    places = {p for p, v in paper.items() if v and p.section == table.section and p.column == column}
    if len(places) < 2:
        return None
    typed = {place: value * THOUSAND if place in places else value for place, value in paper.items()}
    return Made(paper, paper, typed, Planted(Slip.UNIT, Party.PERSON, frozenset(places)))


def _other_form(_rng: random.Random, paper: Amounts, other: Amounts, layout: Layout) -> Made:
    places = frozenset(p for p in layout.places if (paper.get(p) or other.get(p)) and paper.get(p) != other.get(p))
    return Made(paper, paper, dict(other), Planted(Slip.OTHER_FORM, Party.PERSON, places))


def _in_tenge(_rng: random.Random, paper: Amounts, _other: Amounts, _layout: Layout) -> Made:
    """The respondent wrote single tenge; whoever keyed it wrote thousands."""
    written = {place: value * THOUSAND for place, value in paper.items()}
    places = frozenset(place for place, value in paper.items() if value)
    return Made(written, written, paper, Planted(Slip.UNIT, Party.RESPONDENT, places))


def _put_right(rng: random.Random, paper: Amounts, _other: Amounts, layout: Layout) -> Made | None:
    """The respondent's total is wrong; whoever keyed it typed what the parts add up to."""
    equal = [c for c in controls(layout, RuleSet.TABLE) if c.rule.relation is Relation.EQUAL and paper.get(c.left[0])]
    if not equal:
        return None
    place = rng.choice(equal).left[0]
    change = rng.choice((_substituted, _transposed, _lost))
    value = change(rng, paper[place])
    if value is None or value == paper[place]:
        return None
    slip = {_substituted: Slip.SUBSTITUTED, _transposed: Slip.TRANSPOSED, _lost: Slip.ADDED}[change]
    wrong = {**paper, place: value}
    return Made(wrong, wrong, paper, Planted(slip, Party.RESPONDENT, frozenset({place})))


PLANTERS: Mapping[str, Planter] = {
    "digit-substituted": _changed(Slip.SUBSTITUTED, _substituted, Party.PERSON),
    "digit-lost": _changed(Slip.LOST, _lost, Party.PERSON),
    "digit-doubled": _changed(Slip.DOUBLED, _doubled, Party.PERSON),
    "digit-added": _changed(Slip.ADDED, _added, Party.PERSON),
    "digits-transposed": _changed(Slip.TRANSPOSED, _transposed, Party.PERSON),
    "mark": _changed(Slip.MARK, _mark, Party.PERSON),
    "unit-cell": _changed(Slip.UNIT, _thousand, Party.PERSON),
    "unit-form": _whole_unit,
    "unit-column": _column_unit,
    "sign": _changed(Slip.SIGN, _sign, Party.PERSON),
    "row-off": _row_off,
    "column-off": _column_off,
    "left-out": _left_out,
    "filled-in": _filled_in,
    "blank-zero": _blank_zero,
    "other-form": _other_form,
    "machine-substituted": _changed(Slip.SUBSTITUTED, _substituted, Party.MACHINE),
    "machine-lost": _changed(Slip.ADDED, _lost, Party.MACHINE),
    "respondent-in-tenge": _in_tenge,
    "respondent-total": _put_right,
}


def _trial(number: int, plan: Amounts, made: Sequence[Made], layout: Layout) -> Trial:
    rng = random.Random(f"{number}/machine")
    paper = _over(plan, ((plan, each.paper) for each in made))
    read = _over(paper, ((each.paper, each.read) for each in made))
    typed = _over(paper, ((each.paper, each.typed) for each in made))
    cells: dict[Place, MachineCell] = {}
    readings: dict[Place, dict[Decimal | None, float]] = {}
    for place, value in read.items():
        wrong = value != paper.get(place)
        cells[place], readings[place] = _cell(rng, value, paper.get(place) if wrong else None)
    source = f"{number:064x}"
    machine = MachineForm(source, f"form-{number:05}.pdf", 1, layout.id, "", "2025", "", "review", cells)
    entry = TypedEntry("typed.csv", machine.file, 1, "", "", "2025", typed)
    return Trial(machine, entry, tuple(each.planted for each in made), readings)


def _cell(rng: random.Random, value: Decimal, truth: Decimal | None) -> tuple[MachineCell, dict[Decimal | None, float]]:
    """A reading and what else was read; a wrong one is mostly, not always, in doubt."""
    if truth is None:
        confidence = 1 - 10 ** -rng.uniform(3, 6)
    else:
        confidence = 1 - 10 ** -rng.uniform(2.5, 4) if rng.random() < DOUBTFUL else rng.uniform(0.4, 0.98)
    read: dict[Decimal | None, float] = {value: 0.0 if confidence > 0.9 else -0.3}
    rival = truth if truth is not None else _substituted(rng, value) if value else None
    if rival is not None and rival != value:
        read[rival] = -rng.uniform(1, 9)
    cell = MachineCell(value, plain(value), confidence > 0.99, confidence, "net", "typed")
    return cell, read


def _tells(trial: Trial, places: frozenset[Place], layout: Layout) -> bool:
    """Whether the number of sums that hold is another with the typed figures of these cells than with those read."""
    read, typed = trial.machine.amounts, dict(trial.machine.amounts)
    for place in places:
        typed[place] = trial.entry.amounts.get(place, Decimal(0))
    touched = [c for c in controls(layout, RuleSet.TABLE) if places.intersection(c.places)]
    return [holds(c, read) for c in touched] != [holds(c, typed) for c in touched]
