"""What people answer, checked before it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from layouts.errors import QagazError
from postprocess.identifiers import has_check_digit
from review.flatten import clean, plain

GAPS = dict.fromkeys(map(ord, " \u00a0\u202f\u2009'"))  # what groups thousands
NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
MOST_DIGITS = 15  # more than the economy of any country in thousand tenge
BLANK_WORDS = frozenset({"", "blank", "пусто", "бос"})
CONFIRM_WORDS = frozenset({"confirm", "верно", "дұрыс"})
EXCLUDE_WORDS = frozenset({"exclude", "исключить", "алыптастау"})
TENGE = "tenge"  # the answer that figures are in tenge: they leave divided by 1000
MILLIONS = "millions"  # the answer that they are in millions, or a mark of thousands was taken for a decimal one
UNIT_WORDS = {
    **dict.fromkeys((TENGE, "тенге", "теңге"), TENGE),
    **dict.fromkeys((MILLIONS, "million", "млн", "миллион", "миллионы"), MILLIONS),
}
UNIT_QUESTION = "check.unit"  # how the key of a question about the unit of the form or a part of it begins
DIGITS = {"bin": 12, "iin": 12, "kato": 9, "year": 4}  # of the fields that hold nothing but digits
FORM = "form"  # the place of a question about a form as a whole


class AnswerError(QagazError):
    """An answer that cannot be kept; it says what would do."""


class Origin(StrEnum):
    """Whose word a value is."""

    MACHINE = "machine"
    OPERATOR = "operator"  # a person read the paper
    RESPONDENT = "respondent"  # who filled it in corrected it


class Act(StrEnum):
    """What an event does."""

    READ = "read"
    ANSWER = "answer"
    CONFIRM = "confirm"
    EXCLUDE = "exclude"
    UNDO = "undo"
    SECOND = "second"  # another person's blind word; it counts for nothing but comparison
    NOTE = "note"  # words about a form that answer nothing
    ASK = "ask"  # the respondent is to be asked
    FORGOT = "forgot"  # all that was said of a paper before this is taken out, as its time is over


SILENT = frozenset({Act.READ, Act.SECOND, Act.NOTE, Act.ASK, Act.FORGOT})  # acts that answer nothing


@dataclass(frozen=True, slots=True)
class Answer:
    """The latest word of people about one place that was not taken back."""

    act: Act
    origin: Origin
    value: str
    note: str
    who: str
    at: datetime
    number: int = 0  # of its event: a later one is higher
    paper: str | None = None  # under a respondent's word: what an operator read on the paper; None: the machine's word

    @property
    def reading(self) -> str | None:
        """What it says that stands there; None: what the machine read, as stores of earlier versions keep a yes."""
        return self.value if self.act is Act.ANSWER or self.value else None


def now() -> datetime:
    """The time events carry: UTC, to the second."""
    return datetime.now(tz=UTC).replace(microsecond=0)


def stamp(at: datetime) -> str:
    """When, in ISO 8601 and UTC."""
    return aware(at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def aware(at: datetime) -> datetime:
    """A time of the database with its zone, which SQLite does not keep."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def parse_answer(place: str, given: str, *, figure: bool, sure: bool = False) -> tuple[Act, str]:
    """What is meant by what was typed; AnswerError if it is nothing that may stand there.

    A BIN or IIN whose check digit is wrong may stand on the paper all the same: it is taken from whoever is `sure`.

    >>> parse_answer("s2/1.7/1", "12 345,60", figure=True)
    (<Act.ANSWER: 'answer'>, '12345.6')
    >>> parse_answer("s2/1.7/1", "blank", figure=True), parse_answer("s2/1.7/1", "confirm", figure=True)
    ((<Act.ANSWER: 'answer'>, ''), (<Act.CONFIRM: 'confirm'>, ''))
    >>> parse_answer("check.unit@s2/1/1", "тенге", figure=False)
    (<Act.ANSWER: 'answer'>, 'tenge')
    """
    said = given.strip().lower()
    if said in CONFIRM_WORDS:
        return Act.CONFIRM, ""
    if place == FORM or "@" in place:
        if said in EXCLUDE_WORDS:
            return Act.EXCLUDE, ""
        if said in UNIT_WORDS and place.startswith(UNIT_QUESTION):
            return Act.ANSWER, UNIT_WORDS[said]
        raise AnswerError("error.answer-question", place=place, given=given)
    if said in BLANK_WORDS:
        return Act.ANSWER, ""
    return Act.ANSWER, _figure(place, given) if figure else _field(place, given, sure=sure)


def said(events: Iterable[tuple[Act, Answer]]) -> list[Answer]:
    """The words about one place that were not taken back, of its events in order; an undo takes back the last one."""
    words: list[Answer] = []
    for act, answer in events:
        if act is Act.UNDO:
            if words:
                words.pop()
        elif act not in SILENT:
            words.append(answer)
    return words


def standing(words: Sequence[Answer]) -> Answer | None:
    """The answer that counts, of one place's words in order: the last one.

    The respondent's word stays above whatever is read on the paper, and what is read on the paper stays under it.
    """
    read = [answer for answer in words if answer.origin is not Origin.RESPONDENT]
    told = [answer for answer in words if answer.origin is Origin.RESPONDENT]
    if told:
        return replace(told[-1], paper=read[-1].reading if read else None)
    return read[-1] if read else None


def _figure(place: str, given: str) -> str:
    bare = given.strip().translate(GAPS)
    if not NUMBER.fullmatch(bare) or sum(char.isdigit() for char in bare) > MOST_DIGITS:
        raise AnswerError("error.answer-figure", place=place, given=given)
    return plain(Decimal(bare.replace(",", ".")))


def _field(place: str, given: str, *, sure: bool) -> str:
    value = clean(given).strip()
    length = DIGITS.get(place)
    if length is None:
        return value
    digits = value.translate(GAPS)
    if len(digits) != length or not digits.isascii() or not digits.isdigit():
        raise AnswerError("error.answer-digits", place=place, given=given, length=length)
    if place in {"bin", "iin"} and not sure and not has_check_digit(digits):
        raise AnswerError("error.answer-check-digit", place=place, given=given)
    return digits
