"""Response control: who is in time, late, missing, twice, not on the list, without activity."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from extract.records import Source
from layouts.model import Notice
from postprocess.identifiers import has_check_digit
from review.flatten import flatten, notice_rows
from review.keep import Filed
from review.store import Store
from review.work.claims import ClaimError
from review.work.intake.batches import NewBatch, open_batch
from review.work.intake.papers import give
from review.work.response.respondents import Owed, RespondentError, control, load, tell_whose
from review.work.saying import Given
from review.work.schema import Batch, Paper
from review.work.staff.people import Role, add_person, worker_of
from tests.qagaz.fakes import WORDS, make_form

PASSWORD = "қағаз 2026 ok"
NUMBERS = [number for number in (f"0209406396{tail:02}" for tail in range(100)) if has_check_digit(number)]
NUMBERS += [number for number in (f"0309406397{tail:02}" for tail in range(100)) if has_check_digit(number)]


class House:
    """A store with a supervisor of Алматы and one of everything."""

    def __init__(self, store):
        self.store = store
        with store.database.writing() as session:
            people = [
                add_person(session, "saule", "Сәуле", PASSWORD, Role.SUPERVISOR, everywhere=True),
                add_person(session, "bolat", "Болат", PASSWORD, Role.SUPERVISOR, departments=["Алматы"]),
                add_person(session, "asel", "Асель", PASSWORD, Role.OPERATOR, departments=["Алматы"]),
            ]
            self.saule, self.bolat, self.asel = (worker_of(session, person) for person in people)

    def came(self, name, number, on, *, office="Алматы", kato="", figures="1", notice=False):
        source = Source(name.encode().hex().ljust(64, "0"), name, Path(name))
        with self.store.database.writing() as session:
            batch = open_batch(session, self.saule, NewBatch(office, name, on)).id
        self.store.came_in([source])
        with self.store.database.writing() as session:
            give(session, session.get_one(Paper, source.sha256), session.get_one(Batch, batch))
        rows = (
            notice_rows(Notice("no-activity", (WORDS,), "1" * 64))
            if notice
            else self.form(source, number, kato, figures)
        )
        self.store.put(Filed(source.sha256, name, "v"), [rows])
        return source

    def form(self, source, number, kato, figures):
        rows = flatten(make_form(source))
        fields = tuple(row._replace(value=number) if row.field == "bin" else row for row in rows.fields)
        top = rows.form._replace(bin=number, kato=kato, figures=figures)
        return type(rows)(top, rows.cells, fields, rows.findings, rows.readings, rows.trail)

    def load(self, *owed, worker=None, year="2025"):
        with self.store.database.writing() as session:
            return load(session, worker or self.saule, year, "Алматы", owed)

    def told(self, worker=None):
        with self.store.database.reading() as session:
            return control(session, worker or self.saule, "2025")

    def standings(self, worker=None):
        return [(line.name, str(line.standing), line.twice) for line in self.told(worker).lines]


@pytest.fixture
def house(url):
    with Store(url) as store:
        yield House(store)


def test_who_came_in_time_late_or_not(house):
    """The last day is still in time; of two that came the first counts."""
    first, second = NUMBERS[:2]
    house.load(Owed(first, "А"), Owed(second, "Б"), Owed(NUMBERS[2], "В"))
    house.came("a.pdf", first, date(2026, 3, 30))
    house.came("b.pdf", second, date(2026, 3, 31))
    assert house.standings() == [("А", "came", ""), ("Б", "late", ""), ("В", "missing", "")]


def test_one_respondent_owes_a_form_for_each_place(house):
    """Each form answers the line of its place; a form for a place that is not on the list is a stranger."""
    number = NUMBERS[0]
    house.load(Owed(number, "А", "751110000"), Owed(number, "А", "711110000"), Owed(NUMBERS[1], "Б"))
    house.came("a.pdf", number, date(2026, 3, 1), kato="711110000")
    house.came("b.pdf", number, date(2026, 3, 1), kato="631010000")
    house.came("c.pdf", NUMBERS[1], date(2026, 3, 1), kato="751110000")
    house.came("d.pdf", NUMBERS[1], date(2026, 3, 1), kato="711110000")
    told = house.told()
    assert [(line.kato, str(line.standing)) for line in told.lines] == [
        ("711110000", "came"), ("751110000", "missing"), ("", "came"),
    ]  # fmt: skip
    assert [each.file for each in told.strangers] == ["b.pdf"]
    assert told.lines[2].twice == ""


@pytest.mark.parametrize(("figures", "twice"), [("1", "duplicate"), ("2", "revision")])
def test_the_same_place_twice_is_a_copy_or_a_revision(house, figures, twice):
    """Until a person leaves one of them out."""
    house.load(Owed(NUMBERS[0], "А"))
    house.came("a.pdf", NUMBERS[0], date(2026, 3, 1))
    house.came("b.pdf", NUMBERS[0], date(2026, 3, 2), figures=figures)
    assert house.standings() == [("А", "came", twice)]
    house.store.settle([Given("b.pdf", 1, "form", "exclude", who="asel")])
    assert house.standings() == [("А", "came", "")]


def test_a_number_that_a_person_corrected_counts(house):
    """Whatever the machine read."""
    house.load(Owed(NUMBERS[0], "А"))
    house.came("a.pdf", NUMBERS[1], date(2026, 3, 1))
    assert [each.file for each in house.told().strangers] == ["a.pdf"]
    house.store.settle([Given("a.pdf", 1, "bin", NUMBERS[0], who="asel")])
    assert house.standings() == [("А", "came", "")]
    assert house.told().strangers == ()


def test_a_notice_is_whose_a_person_says(house):
    """Another operator cannot say otherwise, a supervisor can; another department sees nothing of it."""
    house.load(Owed(NUMBERS[0], "А"))
    notice = house.came("n.pdf", "", date(2026, 2, 1), notice=True)
    elsewhere = house.came("m.pdf", "", date(2026, 2, 1), notice=True, office="Астана")
    assert [each.file for each in house.told(house.asel).unclear] == ["n.pdf"]
    with house.store.database.writing() as session:
        tell_whose(session, house.saule, notice.sha256, "2025", NUMBERS[0])
    assert house.standings(house.asel) == [("А", "notice", "")]
    for worker, source, wrong in [(house.asel, notice, RespondentError), (house.asel, elsewhere, ClaimError)]:
        with pytest.raises(wrong), house.store.database.writing() as session:
            tell_whose(session, worker, source.sha256, "2025", NUMBERS[1])
    with pytest.raises(RespondentError), house.store.database.writing() as session:
        tell_whose(session, house.saule, notice.sha256, "2025", "020940639699")


def test_a_list_replaces_the_department_s_own(house):
    """Others' stay; a wrong number or another's department leaves all as it was."""
    assert house.load(Owed(NUMBERS[0], "А"), Owed(NUMBERS[1], "Б", department="Астана")) == 2
    assert house.load(Owed(NUMBERS[2], "В"), worker=house.bolat) == 1
    for row in (Owed("020940639699", "Г"), Owed(NUMBERS[0], "Г", department="Астана")):
        with pytest.raises(RespondentError):
            house.load(row, worker=house.bolat)
    assert [line.name for line in house.told().lines] == ["Б", "В"]
    assert [line.name for line in house.told(house.bolat).lines] == ["В"]


def test_what_another_department_received_is_not_told(house):
    """Neither as come nor as a stranger."""
    house.load(Owed(NUMBERS[0], "А"))
    house.came("a.pdf", NUMBERS[0], date(2026, 3, 1), office="Астана")
    assert house.standings(house.bolat) == [("А", "missing", "")]
    assert house.standings() == [("А", "came", "")]
