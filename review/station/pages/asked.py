"""What is asked about a form, ready to be shown: one step at a time, with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from layouts.words import Language
from review.answers import FORM, Answer
from review.boxes import box_of
from review.case import Case
from review.controls import Balance
from review.panels import explaining
from review.questions import Question, still_read
from review.station.pages.named import Name, name_of
from review.station.pages.sides import Sides, sides_of, through
from review.station.pages.steps import TOGETHER, Step, around
from review.station.words import number, worded
from review.units import is_unit
from review.work.response.spoken import Call, call_of

AMOUNTS = frozenset({"left", "right", "difference", "now", "new", "other_now", "expected", "shift"})
LIKENESS = frozenset({"finding.duplicate", "finding.revision"})
MOST_PLACES = 12  # cells of a finding that are shown with their crops; a unit question names a whole form

Kind = Literal["figure", "field", "control", "unit", "finding", "form", "noughts", "missing", "rest", "none"]


@dataclass(frozen=True, slots=True)
class Place:
    """One cell or field as it is shown: what the paper is read as, what counts now, and what else it may be."""

    name: Name
    figure: bool
    written: str
    read: str  # the machine's value
    now: str  # what counts: people's word where they spoke
    chips: tuple[str, ...]  # everything readers make of it, by value; "" is blank
    offered: str | None  # what the input holds to begin with; None: it stays empty
    reasons: tuple[str, ...]
    page: int | None
    pictured: bool  # there is a crop of it
    doubtful: bool  # still asked about
    said: Answer | None
    call: Call | None  # the respondent's word, if that is what counts


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a finding says: a message of the catalogue with what it is told."""

    message: str
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class View:
    """One step of a form."""

    at: str
    kind: Kind
    open: bool  # it is asked about; otherwise somebody only looks, or corrects
    index: int  # which of them, from 1
    total: int
    before: str
    after: str
    places: tuple[Place, ...]
    controls: tuple[Sides, ...]
    sentences: tuple[Sentence, ...] = ()  # of findings
    reasons: tuple[str, ...] = ()  # of the form as a whole
    keys: tuple[str, ...] = ()  # what findings, or the form, are answered by
    other: str = ""  # the address of the form that this one repeats or replaces

    @property
    def looked_at(self) -> tuple[str, ...]:
        """What to show on the page, the most telling first."""
        return tuple(place.name.place for place in self.places)


def view_of(case: Case, steps: Sequence[Step], asked: int, at: str, language: Language) -> View:
    """The step `at`, or a cell that is not asked about; the first step where there is no such thing.

    `asked`: how many questions there were when the form came in.
    """
    names = [step.at for step in steps]
    if at not in names and case.cell(at) is None:
        at = names[0] if names else ""
    step = next((step for step in steps if step.at == at), None)
    done = max(0, asked - len(case.questions))
    before, after = around(tuple(steps), at)
    count = (done + (names.index(at) if at in names else 0) + 1, done + len(steps), before, after)
    if step is None:
        return _cell_view(case, at, count, language)
    if step.at in TOGETHER:
        places = tuple(place_of(case, question.place, language, question) for question in step.questions)
        kind: Kind = step.at  # type: ignore[assignment]  # such steps are called by their kind
        return View(step.at, kind, True, *count, places, ())
    return _question_view(case, step.questions, count, language)


Count = tuple[int, int, str, str]


def _cell_view(case: Case, at: str, count: Count, language: Language) -> View:
    cell = case.cell(at)
    if cell is None:
        return View("", "none", False, *count, (), ())
    controls = sides_of(case, through(case, at), language)
    return View(
        at, "figure" if cell.figure else "field", False, *count, (place_of(case, at, language),), controls
    )  # fmt: skip


def _question_view(case: Case, questions: Sequence[Question], count: Count, language: Language) -> View:
    """What is asked by itself; several findings where one word settles them."""
    question = questions[0]
    at = question.place
    if question.kind in ("figure", "field"):
        place = place_of(case, at, language, question)
        controls = sides_of(case, through(case, at), language)
        return View(at, "figure" if question.kind == "figure" else "field", True, *count, (place,), controls)
    if question.kind == "form":
        return View(at, "form", True, *count, (), (), reasons=question.reasons, keys=(FORM,))
    finding = next((f for f in case.findings if f.key == at), None)
    keys = tuple(each.place for each in questions)
    failing = [balance for balance in case.balances if balance.key in keys]
    named = _named(case, questions, failing)
    kind: Kind = "control" if failing else "unit" if finding and is_unit(finding) else "finding"
    return View(
        at, kind, True, *count,
        tuple(place_of(case, name, language) for name in named), sides_of(case, failing, language),
        tuple(Sentence(each.message, tuple(_in_words(each, language))) for each in questions if each.message),
        keys=keys, other=_other(question),
    )  # fmt: skip


def _in_words(question: Question, language: Language) -> Iterator[tuple[str, str]]:
    """What a finding's sentence is told, numbers and places as the language writes them."""
    amounts = AMOUNTS | ({"value"} if question.message.startswith("finding.unit") else set())
    for name, value in question.parameters:
        if name in amounts:
            yield name, number(value, language)
        elif name == "place" and value.count("/") == 2:
            section, line, column = value.removeprefix("s").split("/")
            yield name, worded("station.place-short", language, section=section, line=line, column=column)
        else:
            yield name, value


def _other(question: Question) -> str:
    """The address of the form that came before, of one that is a copy or a revision of it."""
    told = dict(question.parameters)
    alike = question.message in LIKENESS and {"source", "form"} <= told.keys()
    return f"/forms/{told['source']}/{told['form']}" if alike else ""


def _named(case: Case, questions: Sequence[Question], failing: Sequence[Balance]) -> list[str]:
    """The cells of findings in the order to look at them: the culprit first; of controls, all that hold ink.

    Of several controls, what may alone explain them comes before the rest.
    """
    culprits = list(dict.fromkeys(name for each in questions for name in each.places if case.cell(name)))
    if not failing:
        return culprits[:MOST_PLACES]
    terms = [term.place for balance in failing for term in balance.terms]
    shared = explaining(failing) if len(failing) > 1 else ()
    inked = [name for name in terms if name in culprits or (case.values.get(name) and _is_inked(case, name))]
    return list(dict.fromkeys((*shared, *(name for name in culprits if name in terms), *inked)))


def _is_inked(case: Case, place: str) -> bool:
    cell = case.cell(place)
    return cell is not None and bool(cell.written)


def place_of(case: Case, place: str, language: Language, question: Question | None = None) -> Place:
    """A cell or field of the form as it is shown. KeyError if the form has no such place."""
    cell = case.cell(place)
    if cell is None:
        raise KeyError(place)
    said = case.answers.get(place)
    name = name_of(case.layout, place, language)
    now = case.values.get(place, "") if cell.figure else (said.value if said and said.value else cell.value)
    others = [value for value in cell.alternatives.split(";") if value]
    return Place(
        name=name,
        figure=cell.figure,
        written=cell.written,
        read=cell.value,
        now=now,
        chips=_by_value({cell.value, *others}, figure=cell.figure) if others or cell.figure else (),
        offered=_offered(cell.value, question, name) if question else None,
        reasons=tuple(code for code in cell.reason.split(";") if code),
        page=cell.page,
        pictured=cell.page is not None and box_of(cell) is not None,
        doubtful=place in still_read([cell], case.answers) or (question is not None and place not in case.answers),
        said=said,
        call=call_of(said.note) if said else None,
    )


def _offered(value: str, question: Question, name: Name) -> str | None:
    """What may stand in the input to begin with: vouched figures, and words that no figure waits for."""
    if question.kind == "figure":
        return value if question.vouched else None
    return None if question.needed or name.digits else value


def _by_value(values: Iterable[str], *, figure: bool) -> tuple[str, ...]:
    """In an order that tells nothing of how likely they are; a figure's readings that are no numbers are left out."""
    if not figure:
        return tuple(sorted(value for value in values if value))
    numbers = {value: _number(value) for value in values}
    told = [(number, value) for value, number in numbers.items() if number is not None]
    return tuple(value for _number_, value in sorted(told))


def _number(value: str) -> Decimal | None:
    """Blank comes before every number."""
    if not value:
        return Decimal("-Infinity")
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
