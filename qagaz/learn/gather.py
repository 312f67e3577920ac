"""The store → what people settled: answers, and what was keyed blind at random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from compare.run import Key, place_of
from compare.sheets import Keyed
from layouts.model import Place
from qagaz.learn.records import Gathered, Settled, Use
from review.answers import Origin
from review.case import Case, open_case
from review.controls import ZERO, Balance
from review.flatten import plain
from review.schema import Cell, Form
from review.store import Store
from review.work.schema import Batch, Task
from review.work.second.disputes import ADJUDICATED
from review.work.second.keying import keyed, on_paper
from review.work.tasks import State
from validate.records import Status

SHEET = "sheet"  # who keyed a drawn sheet: it names nobody


def gather(store: Store, sheets: Collection[Keyed] = ()) -> Gathered:
    """Every inked figure cell that people settled, in order of form and place; `sheets` are drawn samples keyed.

    A form keyed a second time audits: all of it that was keyed, once it is done, and nothing else of it is learnt from.
    """
    drawn = {at: value for sheet in sheets for at, value in sheet.figures.items()}
    settled: list[Settled] = []
    cells: Counter[bool] = Counter()
    with store.database.reading() as session:
        names = {batch.id: batch.name for batch in session.scalars(select(Batch))}
        for key in session.execute(
            select(Form.source, Form.form).where(Form.form > 0).order_by(Form.source, Form.form)
        ):
            case = open_case(session, store.layouts, (key.source, key.form))
            inked = [cell for cell in case.cells if _is_inked(cell)]
            cells.update(cell.status == Status.ACCEPTED.value for cell in inked)
            if not case.left_out:
                settled += _of_form(session, case, inked, names, drawn)
            session.expunge_all()
    return Gathered(tuple(settled), dict(cells))


def _is_inked(cell: Cell) -> bool:
    """Whether a reader was asked, or should have been: in print of a text layer there is nothing to learn."""
    looked_at = bool(cell.written) or cell.status == Status.REVIEW.value
    return cell.figure and looked_at and cell.unit == "px" and cell.x0 is not None


def _of_form(
    session: Session,
    case: Case,
    inked: Collection[Cell],
    names: Mapping[int, str],
    drawn: Mapping[tuple[Key, Place], Decimal | None],
) -> Iterator[Settled]:
    task = session.get(Task, case.key)
    batch = names.get(task.batch, "") if task is not None and task.batch is not None else ""
    audited = _keyed_twice(session, case, task)
    for cell in inked:
        place, answer = cell.place, case.answers.get(cell.place)
        at = (case.key, place_of(place))
        if at in drawn:
            value, use, who = plain(drawn[at]) if drawn[at] is not None else "", Use.AUDIT, SHEET
        elif place in audited:
            value, use, who = on_paper(cell.value, answer), Use.AUDIT, audited[place]
        elif answer is not None and answer.origin is Origin.OPERATOR and not audited:
            value, use, who = on_paper(cell.value, answer), Use.CORRECTION, answer.who
        elif answer is None and cell.status == Status.ACCEPTED.value and not audited:
            value, use, who = cell.value, Use.REHEARSAL, ""
        else:
            continue
        told = Settled(
            spot=(*case.key, place), value=value, use=use, machine=cell.value,
            accepted=cell.status == Status.ACCEPTED.value, who=who,
            writer=case.form.bin or case.form.iin or case.form.source, batch=batch,
        )  # fmt: skip
        yield replace(told, broken=broken(case, place, value, cell.value))


def _keyed_twice(session: Session, case: Case, task: Task | None) -> dict[str, str]:
    """Place → who keyed it blind, of a form whose second keying is over; empty of any other."""
    if task is None or not task.second or task.state != State.DONE.value:
        return {}
    decided = {place for place, answer in case.answers.items() if answer.note == ADJUDICATED}
    return {
        place: case.answers[place].who if place in decided else task.second
        for place in keyed(session, case.key, task.second)
    }


def broken(case: Case, place: str, value: str, machine: str) -> int:
    """How many controls through a cell hold with the machine's value and break with the one that people say."""
    if value == machine:
        return 0
    through = [balance for balance in case.balances if any(term.place == place for term in balance.terms)]
    return sum(_with(b, place, machine).balanced and not _with(b, place, value).balanced for b in through)


def _with(balance: Balance, place: str, value: str) -> Balance:
    amount = Decimal(value) if value else ZERO
    left, right = (
        tuple(replace(term, value=amount, open=False) if term.place == place else term for term in side)
        for side in (balance.left, balance.right)
    )
    return replace(balance, left=left, right=right)
