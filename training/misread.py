"""Wrong readings put in the place of the machine's, to see whether they pass whoever looks at them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select, update

from review.case import open_case
from review.questions import NOUGHTS
from review.schema import Cell
from review.store import Store
from review.work.schema import Task

PLANTED = 0.15  # of the figures asked about


@dataclass(frozen=True, slots=True)
class Planted:
    """A wrong reading put in the place of the machine's."""

    source: str
    form: int
    place: str
    value: str


def plant(store: Store, rng: random.Random) -> dict[tuple[str, int, str], Planted]:
    """Wrong readings among the figures that are asked about, in place of the machine's."""
    planted: dict[tuple[str, int, str], Planted] = {}
    with store.database.writing() as session:
        for key, places in asked_of(store):
            for place in sorted(places):
                if rng.random() >= PLANTED:
                    continue
                cell = session.scalars(
                    select(Cell).where(Cell.source == key[0], Cell.form == key[1], Cell.place == place)
                ).one()
                wrong = _wrong(cell, rng)
                others = ";".join(dict.fromkeys([wrong, cell.value, *cell.alternatives.split(";")]))
                where = (Cell.source == key[0], Cell.form == key[1], Cell.place == place)
                session.execute(update(Cell).where(*where).values(value=wrong, written=wrong, alternatives=others))
                planted[(*key, place)] = Planted(*key, place, wrong)
    return planted


def _wrong(cell: Cell, rng: random.Random) -> str:
    """Another reading that competes there; else one digit changed; a nought for a blank and a blank for a nought."""
    if cell.value in NOUGHTS:
        return "0" if cell.value == "" else ""
    rivals = [v for v in cell.alternatives.split(";") if v not in ("", "0", cell.value) and _is_number(v)]
    if rivals and rng.random() < 0.7:
        return rivals[0]
    digits = list(cell.value)
    at = rng.choice([n for n, sign in enumerate(digits) if sign.isdigit()])
    digits[at] = rng.choice([d for d in "123456789" if d != digits[at]])
    return "".join(digits)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def asked_of(store: Store) -> Iterator[tuple[tuple[str, int], list[str]]]:
    """Form → the figures with a place on the paper that are asked about."""
    with store.database.reading() as session:
        keys = session.execute(select(Task.source, Task.form).where(Task.state == "open")).all()
        for source, form in keys:
            case = open_case(session, store.layouts, (source, form))
            yield (source, form), [q.place for q in case.questions if q.kind == "figure" and q.page is not None]
