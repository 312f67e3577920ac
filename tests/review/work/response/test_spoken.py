"""What a respondent said is kept with who, which phone, and when."""

from __future__ import annotations

from datetime import date

import pytest

from review.answers import AnswerError
from review.work.response.spoken import call, call_of


def test_a_call_reads_back_from_its_note():
    """Whatever was typed; the bar that parts the note is no part of a name."""
    made = call(" А. | Омаров ", "+7 701 111-22-33", "2026-03-05", "сумма | неверна")
    assert made.who == "А. Омаров"
    assert call_of(made.note) == made
    assert call_of(call("a", "1", "2026-03-05").note) == call("a", "1", "2026-03-05")


@pytest.mark.parametrize(
    ("who", "phone", "on", "message"),
    [
        ("", "1", "2026-03-05", "call-who"),
        ("a", "none", "2026-03-05", "call-phone"),
        ("a", "1", "5 марта", "call-date"),
    ],
)
def test_a_call_that_tells_too_little(who, phone, on, message):
    """Each says what is missing."""
    with pytest.raises(AnswerError) as told:
        call(who, phone, on)
    assert told.value.message_id == f"error.{message}"


def test_other_notes_tell_of_no_call():
    """Plain words, and dates that are none."""
    assert call_of("checked") is None
    assert call_of("respondent | a | 1 | 2026-13-40") is None
    assert call("a", "1", "2026-03-05").on == date(2026, 3, 5)
