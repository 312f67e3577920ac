"""A queue with people, on either engine, without a station."""

from __future__ import annotations

import pytest

from review.store import Store
from review.work.answering import answer
from review.work.claims import claim
from review.work.saying import Given
from review.work.staff.people import Role, add_person, worker_of
from review.work.tasks import Share
from tests.review.station.forms import LAYOUTS, fill

PASSWORD = "қағаз 2026 ok"
NEVER, ALWAYS = Share(0.0, "seed"), Share(1.0, "seed")


class Office:
    """A store with people and forms, and short words for what they do."""

    def __init__(self, store, folder):
        self.store = store
        self.folder = folder
        self.share = NEVER
        self.count = 0

    def hire(self, login, role=Role.OPERATOR, departments=()):
        with self.store.database.writing() as session:
            person = add_person(
                session, login, login, PASSWORD, role, departments=departments, everywhere=not departments
            )
            return worker_of(session, person)

    def form(self, name="a.png", **how):
        return fill(self.store, self.folder, name, **how)

    def writing(self):
        return self.store.database.writing()

    def reading(self):
        return self.store.database.reading()

    def claim(self, worker, form):
        with self.writing() as session:
            claim(session, worker, form.key)

    def say(self, worker, form, place, value="", token=None, **how):
        self.count += 1
        given = Given("", 0, place, value, who="somebody else", **how)
        token = f"token {self.count}" if token is None else token
        with self.writing() as session:
            answer(session, LAYOUTS, worker, form.key, [given], token, self.share)


@pytest.fixture
def office(url, tmp_path):
    with Store(url, LAYOUTS) as store:
        yield Office(store, tmp_path)
