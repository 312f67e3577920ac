"""The store: questions in order, answers that stay, figures that leave."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import create_engine, select, text

from extract.records import Source
from layouts.errors import OutputError
from layouts.model import Place
from review.answers import Act, AnswerError, Origin, parse_answer
from review.flatten import flatten, rejected_rows
from review.keep import Filed
from review.store import Filter, Store
from review.work.saying import Given
from review.work.schema import Task
from tests.qagaz.fakes import make_form
from validate.records import Cause, Choice, Finding, Outcome, Status


@pytest.fixture
def store(url):
    with Store(url) as made:
        yield made


def put(store, name="a.pdf", **how):
    source = Source((name * 13)[:64].encode().hex()[:64], name, None)
    rows = flatten(make_form(source, **how))
    store.put(Filed(source.sha256, name, "versions 1"), [rows])
    return source, rows


def put_finding(store, rule, cells, *, name="a.pdf", message="finding.unit", **how):
    """A form about whose figures a check asks."""
    source = Source((name * 13)[:64].encode().hex()[:64], name, None)
    form = make_form(source, **how)
    found = Finding(rule, "check", "", Outcome.UNDECIDED, cells, None, None, Cause.UNIT, message)
    rows = flatten(replace(form, findings=(*form.findings, found), status=Status.REVIEW))
    store.put(Filed(source.sha256, name, "versions 1"), [rows])


def places(store, **wanted):
    return [question.place for question in store.questions(Filter(**wanted))]


def answer(store, place, value="", name="a.pdf", **more):
    store.settle([Given(name, 1, place, value, **more)])


def values(store):
    return {(f.line, f.column): f.final_value for f in store.figures()}


def test_a_certain_form_is_exported_and_asks_nothing(store):
    """Accepted forms leave as the machine read them, bare cells as blank."""
    put(store)
    assert places(store) == []
    assert values(store)[("1", 1)] == "12.5"
    assert values(store)[("1.1", 1)] == ""
    assert {figure.origin for figure in store.figures()} == {"machine"}


def test_a_doubtful_cell_is_asked_about_with_what_else_it_may_be(store):
    """The question says where to look, what was read, what else it may be, and why it is asked."""
    put(store, doubt=True)
    (question,) = store.questions()
    assert (question.place, question.value, question.alternatives) == ("s2/1/1", "12.5", ("99",))
    assert question.reasons == ("low-confidence", "seal")
    assert (question.page, question.box, question.unit) == (1, (10.12, 20.0, 30.0, 40.5), "px")


def test_a_form_in_doubt_leaves_only_when_all_is_answered(store):
    """No figure of a form under review is exported before its last question is answered."""
    put(store, doubt=True, mistake=True)
    assert values(store) == {}
    answer(store, "s2/1/1", "99", who="Асель")
    assert places(store) == []
    assert values(store)[("1", 1)] == "99"


def test_forms_with_the_fewest_questions_come_first(store):
    """So that forms get done."""
    put(store, "a.pdf", doubt=True, mistake=True)
    put(store, "b.pdf", doubt=True)
    assert [question.file for question in store.questions()] == ["b.pdf", "a.pdf", "a.pdf"]
    assert places(store, file="b.pdf") == ["s2/1/1"]


def test_what_outside_knowledge_asks_comes_first_of_forms_and_within_one(store):
    """However many questions a form has; an answer may clear the others, or show that it is somebody else's."""
    put(store, "a.pdf", doubt=True)
    put_finding(store, "check.year-on-year", (Place(2, "1.1", "2"),), name="b.pdf", doubt=True, mistake=True)
    asked = [(question.file, question.place) for question in store.questions()]
    assert asked[0] == ("b.pdf", "check.year-on-year@s2/1.1/2")
    assert [file for file, _ in asked] == ["b.pdf", "b.pdf", "b.pdf", "a.pdf"]


def test_a_change_since_last_year_is_answered_by_itself(store):
    """That the figure reads so does not say why it is a hundred times last year's."""
    put_finding(store, "check.year-on-year", (Place(2, "1", "1"), Place(2, "1.1", "2")), doubt=True)
    answer(store, "s2/1/1", "12.5")
    assert places(store) == ["check.year-on-year@s2/1/1"]
    answer(store, "check.year-on-year@s2/1/1", "confirm")
    assert places(store) == []


@pytest.mark.parametrize(
    ("rule", "cells", "said", "found"),
    [
        ("check.unit", (Place(2, "1.1", "2"),), "теңге", {("1", 1): "0.0125", ("1.1", 2): "1000"}),
        ("check.unit-line", (Place(2, "1.1", "2"),), "tenge", {("1", 1): "12.5", ("1.1", 2): "1000"}),
        ("check.unit-section", (Place(2, "1.1", "2"),), "tenge", {("1", 1): "0.0125", ("1.1", 2): "1000"}),
        ("check.unit-column", (Place(2, "1", "1"),), "млн", {("1", 1): "12500", ("1.1", 2): "1000000"}),
        ("check.unit-column", (Place(2, "1", "1"),), "confirm", {("1", 1): "12.5", ("1.1", 2): "1000000"}),
    ],
)
def test_a_part_in_another_unit_leaves_converted_once_a_person_says_so(store, rule, cells, said, found):
    """The figures the question covers, and no others; what the paper says stays beside them."""
    put_finding(store, rule, cells)
    assert values(store) == {}
    answer(store, f"{rule}@{cells[0]}", said)
    assert {key: values(store)[key] for key in found} == found
    assert {f.paper_value for f in store.figures() if (f.line, f.column) == ("1", 1)} == {"12.5"}


def test_an_answer_about_the_form_s_unit_settles_all_its_cells(store):
    """Nobody is asked about each of them again."""
    source = Source("c" * 64, "c.pdf", None)
    form = make_form(source)
    cells = tuple(replace(c, status=Status.REVIEW, reasons=("unit-suspected",)) for c in form.cells)
    huge = Place(2, "1.1", "2")
    found = Finding("check.unit", "check", "", Outcome.UNDECIDED, (huge,), None, None, Cause.UNIT, "finding.unit")
    rows = flatten(replace(form, cells=cells, findings=(found,), status=Status.REVIEW, reasons=("unit-suspected",)))
    store.put(Filed(source.sha256, "c.pdf", "versions 1"), [rows])
    assert places(store) == [f"check.unit@{huge}"]
    answer(store, f"check.unit@{huge}", "confirm", name="c.pdf")
    assert places(store) == []
    assert values(store)[("1.1", 2)] == "1000000"


def test_a_suspected_unit_hides_no_other_doubt(store):
    """A reading that is not sure is asked about beside the unit; once one figure is corrected, so are the others."""
    source = Source("c" * 64, "c.pdf", None)
    form = make_form(source)
    why = [("unit-suspected", "low-confidence"), *[("unit-suspected",)] * (len(form.cells) - 1)]
    cells = tuple(replace(c, status=Status.REVIEW, reasons=w) for c, w in zip(form.cells, why, strict=True))
    huge = Place(2, "1.1", "2")
    found = Finding("check.unit", "check", "", Outcome.UNDECIDED, (huge,), None, None, Cause.UNIT, "finding.unit")
    rows = flatten(replace(form, cells=cells, findings=(found,), status=Status.REVIEW, reasons=("unit-suspected",)))
    store.put(Filed(source.sha256, "c.pdf", "versions 1"), [rows])
    assert places(store) == [f"check.unit@{huge}", "s2/1/1"]
    answer(store, str(huge), "1", name="c.pdf", origin=Origin.RESPONDENT)
    assert len(places(store)) == len(form.cells) - 1


def put_linked(store):
    """A form three of whose cells are in doubt, the third of which tells the first and the second."""
    source = Source("c" * 64, "c.pdf", None)
    form = make_form(source)
    first, second, third = (form.cells[k].figure.reading.place for k in (0, 1, 3))
    links = {first: (third,), second: (third,), third: (second, first, form.cells[2].figure.reading.place)}
    cells = tuple(
        replace(
            cell,
            status=Status.REVIEW,
            reasons=("low-confidence",),
            choice=Choice(Decimal(1), 2.0, Decimal(7), together=links[place]),
        )
        if (place := cell.figure.reading.place) in links
        else cell
        for cell in form.cells
    )
    rows = flatten(replace(form, cells=cells, status=Status.REVIEW, reasons=("cells-doubtful",)))
    store.put(Filed(source.sha256, "c.pdf", "versions 1"), [rows])
    return tuple(str(place) for place in (first, second, third))


def test_the_cell_that_tells_most_others_is_asked_about_first(store):
    """What it tells is named with it, in the order of the form, as far as it is still open."""
    first, second, third = put_linked(store)
    assert [(q.place, q.tells) for q in store.questions()] == [
        (third, (first, second)),
        (first, (third,)),
        (second, (third,)),
    ]
    answer(store, third, "1", name="c.pdf")
    assert [(q.place, q.tells) for q in store.questions()] == [(first, ()), (second, ())]


def test_what_was_said_of_a_paper_that_could_not_be_read_goes_once_it_is_read(store):
    """A file whose worker was killed is rejected as a whole; read by the next run, it has its form and nothing else."""
    source = Source("c" * 64, "c.pdf", None)
    filed = Filed(source.sha256, "c.pdf", "versions 1")
    store.put(filed, [rejected_rows("crash", "error.crash", (("file", "c.pdf"),))])
    store.put(filed, [flatten(make_form(source))])
    assert store.counts() == {"accepted": 1}
    store.put(filed, [rejected_rows("crash", "error.crash", (("file", "c.pdf"),))])
    assert store.counts() == {"rejected": 1}


def test_links_are_forgotten_when_the_form_is_read_anew(store):
    """They are the machine's words, not people's."""
    put_linked(store)
    source = Source("c" * 64, "c.pdf", None)
    store.put(Filed(source.sha256, "c.pdf", "versions 2"), [flatten(make_form(source, doubt=True))])
    assert [(q.place, q.tells) for q in store.questions()] == [("s2/1/1", ())]


def test_an_operator_says_what_the_paper_says_and_a_respondent_what_it_should_have_said(store):
    """The paper's value changes with the first and stays with the second."""
    put(store, doubt=True)
    answer(store, "s2/1/1", "99")
    answer(store, "s2/1.1/2", "7", origin=Origin.RESPONDENT, note="by telephone")
    found = {(f.line, f.column): f for f in store.figures()}
    assert (found["1", 1].paper_value, found["1", 1].final_value, found["1", 1].origin) == ("99", "99", "operator")
    corrected = found["1.1", 2]
    assert (corrected.paper_value, corrected.final_value, corrected.note) == ("1000000", "7", "by telephone")
    assert corrected.when.endswith("Z")


def test_a_rule_is_settled_by_confirming_it_or_by_an_answer_about_one_of_its_cells(store):
    """A respondent's mistake may stand as it is, or be corrected."""
    put(store, mistake=True)
    assert places(store) == ["s2.columns@s2/1.1/1"]
    answer(store, "s2.columns@s2/1.1/1", "confirm")
    assert places(store) == []
    put(store, "b.pdf", mistake=True)
    answer(store, "s2/1.1/1", "10", name="b.pdf", origin=Origin.RESPONDENT)
    assert places(store) == []


def test_undo_brings_the_question_back_and_the_history_stays(store, url):
    """Undo is an event more, not one less."""
    put(store, doubt=True)
    answer(store, "s2/1/1", "98")
    answer(store, "s2/1/1", "99")
    answer(store, "s2/1/1", undo=True)
    assert values(store)[("1", 1)] == "98"
    answer(store, "s2/1/1", undo=True)
    assert places(store) == ["s2/1/1"]
    assert len(_events(url, "act != 'read'")) == 4


def test_reading_again_keeps_what_people_said(store, url):
    """The machine's word is replaced, the answer stands, and both words are in the history."""
    source, rows = put(store, doubt=True)
    answer(store, "s2/1/1", "99")
    cells = (rows.cells[0]._replace(value="11", written="11"), *rows.cells[1:])
    store.put(Filed(source.sha256, "moved/a.pdf", "versions 2"), [replace(rows, cells=cells)])
    assert values(store)[("1", 1)] == "99"
    assert {f.file for f in store.figures()} == {"moved/a.pdf"}
    assert _events(url, "act = 'read' and place = 's2/1/1'") == ["12.5", "11"]


def test_putting_the_same_again_adds_nothing(store, url):
    """A second run over the same files leaves no trace."""
    put(store, doubt=True)
    before = _events(url, "1 = 1")
    put(store, doubt=True)
    assert _events(url, "1 = 1") == before


def test_a_file_that_was_rejected_once_and_then_read_is_no_longer_rejected(store):
    """Its row as a whole goes with its task; a file that broke off keeps both what was read and that it broke off."""
    source = Source(("a.pdf" * 13)[:64].encode().hex()[:64], "a.pdf", None)
    broken = rejected_rows("timeout", "error.timeout", (("seconds", "9"),))
    store.put(Filed(source.sha256, "a.pdf", "versions 1"), [broken])
    assert store.counts() == {"rejected": 1}
    _, rows = put(store, doubt=True)
    assert store.counts() == {"review": 1}
    with store.database.reading() as session:
        assert [(task.source, task.form) for task in session.scalars(select(Task))] == [(source.sha256, 1)]
    store.put(Filed(source.sha256, "a.pdf", "versions 2"), [broken, rows])
    assert store.counts() == {"rejected": 1, "review": 1}


def test_events_cannot_be_changed_or_removed(store, url):
    """The database itself refuses."""
    put(store, doubt=True)
    engine = create_engine(url)
    attempts = ["UPDATE events SET value = '1'", "DELETE FROM events"]
    for attempt in [*attempts, "TRUNCATE events"] if url.startswith("postgresql") else attempts:
        with engine.connect() as connection, pytest.raises(Exception, match="only ever added"):
            connection.execute(text(attempt))
    engine.dispose()


def _events(url, condition):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT value FROM events WHERE {condition} ORDER BY id")).scalars().all()
    engine.dispose()
    return found


def test_a_form_may_be_left_out(store):
    """Of two submissions with the same key a person says which one counts."""
    put(store)
    answer(store, "form", "exclude")
    assert values(store) == {}


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("s2/1/1", "12,3,4", "answer-figure"),
        ("s2/1/1", "about 5", "answer-figure"),
        ("s2/1/9", "5", "answer-no-place"),
        ("no.such@s2/1/1", "confirm", "answer-no-place"),
        ("bin", "123", "answer-digits"),
        ("bin", "020960639693", "answer-check-digit"),
        ("form", "5", "answer-question"),
    ],
)
def test_what_is_no_answer_is_refused(store, place, value, message):
    """The error says what would do; nothing is kept."""
    put(store, doubt=True)
    with pytest.raises(AnswerError, match=message):
        answer(store, place, value)
    assert places(store) == ["s2/1/1"]


def test_a_table_of_answers_is_kept_as_a_whole_or_not_at_all(store):
    """One bad row, and none is kept."""
    put(store, doubt=True)
    with pytest.raises(AnswerError):
        store.settle([Given("a.pdf", 1, "s2/1/1", "99"), Given("b.pdf", 1, "s2/1/1", "99")])
    assert places(store) == ["s2/1/1"]


@pytest.mark.parametrize("given", ["12345.6", "12 345,6", "12\u00a0345,60", "12'345.6", " 12345,6 "])
def test_figures_are_taken_as_people_write_them(given):
    """Groups and decimal commas are what offices here use."""
    act, value = parse_answer("s2/1/1", given, figure=True)
    assert (act, Decimal(value)) == (Act.ANSWER, Decimal("12345.6"))


def test_a_database_that_cannot_be_reached_is_an_output_error():
    """Exit status 5, with what the database says."""
    with pytest.raises(OutputError) as caught:
        Store("sqlite:////no/such/folder/qagaz.db")
    assert caught.value.exit_code == 5
    with pytest.raises(OutputError):
        Store("nonsense")
