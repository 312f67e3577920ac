"""The word of a respondent: who said it, on which phone, and when, kept in an answer's note in a fixed form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from review.answers import AnswerError

LONGEST = 200  # characters of a name or phone
GAPS = re.compile(r"[\s|]+")  # the bar parts what a note holds
NOTE = re.compile(
    r"respondent \| (?P<who>[^|]*) \| (?P<phone>[^|]*) \| (?P<on>\d{4}-\d\d-\d\d)(?: \| (?P<words>.*))?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Call:
    """Who was spoken to."""

    who: str
    phone: str
    on: date
    words: str = ""

    @property
    def note(self) -> str:
        """As it is kept.

        >>> Call("A. Omarov", "+7 701 1112233", date(2026, 3, 5), "a slip").note
        'respondent | A. Omarov | +7 701 1112233 | 2026-03-05 | a slip'
        """
        parts = ["respondent", self.who, self.phone, self.on.isoformat(), *([self.words] if self.words else [])]
        return " | ".join(parts)


def call(who: str, phone: str, on: str, words: str = "") -> Call:
    """A call as it was typed; AnswerError if it does not say who, on which phone, and when."""
    said, dialled = _one_line(who), _one_line(phone)
    try:
        spoken = date.fromisoformat(on.strip())
    except ValueError:
        raise AnswerError("error.call-date", given=on) from None
    if not said:
        raise AnswerError("error.call-who")
    if not any(char.isdigit() for char in dialled):
        raise AnswerError("error.call-phone")
    return Call(said, dialled, spoken, words.strip())


def call_of(note: str) -> Call | None:
    """The call a note tells of; None if it tells of none."""
    found = NOTE.fullmatch(note)
    if found is None:
        return None
    try:
        return Call(found["who"], found["phone"], date.fromisoformat(found["on"]), found["words"] or "")
    except ValueError:
        return None


def _one_line(text: str) -> str:
    return GAPS.sub(" ", text).strip()[:LONGEST]
