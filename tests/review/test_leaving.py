"""What leaves: whole forms that are accepted or settled, and no more of a paper than that."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from layouts.load import shipped_layouts
from review.case import open_case
from review.schema import Cell, Event, Form
from review.store import Store
from review.work.schema import Task
from tests.review.pile import pile

CELLS = tuple(f"s2/1.{n}/1" for n in range(1, 7))


@pytest.fixture
def store(url):
    with Store(url, shipped_layouts()) as made:
        pile(made, 450, cells=CELLS, days=2)
        yield made


def test_it_is_what_the_forms_themselves_say(store):
    """Read some hundred at a time, every figure is the one its form, opened by itself, gives."""
    with store.leaving() as leaving:
        figures, forms, answers = list(leaving.figures), list(leaving.forms), list(leaving.answers)
    assert [(f.file, f.form) for f in forms] == sorted((f.file, f.form) for f in forms)
    assert list(dict.fromkeys(f.source for f in figures)) == [f.source for f in forms]
    with store.database.reading() as session:
        tasks = session.scalars(select(Task).order_by(Task.file)).all()
        ready = [task for task in tasks if task.state in {"clear", "done"}]
        assert [f.source for f in forms] == [task.source for task in ready]
        assert len(figures) == len(ready) * len(CELLS)
        mine = {task.source for task in ready}
        said = session.scalars(select(Event).where(Event.act != "read")).all()
        assert len(answers) == sum(event.source in mine for event in said) > 20
        for form in forms[::40]:
            case = open_case(session, {}, (form.source, 1))
            assert tuple(f for f in figures if f.source == form.source) == case.figures


def test_another_form_of_the_same_paper_stays(store):
    """A paper of two forms, one of which still waits: nothing of that one leaves."""
    with store.database.writing() as session:
        first = next(t.source for t in session.scalars(select(Task).order_by(Task.file)) if t.state == "clear")
        for table, changed in (
            (Form, {"form": 2, "status": "review"}),
            (Cell, {"form": 2}),
            (Event, {"form": 2, "act": "note", "id": None}),
            (Task, {"form": 2, "state": "open", "needed": 1}),
        ):
            rows = session.scalars(select(table).where(table.source == first, table.form == 1)).all()
            names = [column.key for column in table.__table__.columns]
            copies = [{n: getattr(row, n) for n in names} | changed for row in rows]
            session.execute(insert(table), [{k: v for k, v in c.items() if k != "id"} for c in copies])
    with store.leaving() as leaving:
        for part in (leaving.figures, leaving.forms, leaving.answers):
            assert {row.form for row in part if row.source == first} <= {1}
