"""The list of respondents to be asked."""

from __future__ import annotations

from typing import NamedTuple

from starlette.responses import RedirectResponse, Response

from layouts.model import Words
from layouts.words import Language
from review.station.ask import Ask
from review.station.placed import printed
from review.station.shown import show
from review.station.words import worded
from review.told import Key
from review.work.response.asking import Asked, Sentence, ask_no_more, tried, waiting_for_word

LINES = 20  # respondents a page
LETTERS: tuple[Language, ...] = ("kk", "ru")  # languages respondents are written to in


class Entry(NamedTuple):
    """One respondent on the list, in words."""

    asked: Asked
    questions: list[str]
    letters: dict[Language, str]


def show_asking(ask: Ask) -> Response:
    """Whom to ask, the longest waiting first."""
    start = LINES * max(0, ask.number("page", 1) - 1)
    store = ask.desk.store
    with store.database.reading() as session:
        found, total = waiting_for_word(session, store.layouts, ask.person, start, LINES)
        entries = [
            Entry(asked, in_words(asked, ask.language), {each: letter(asked, each) for each in LETTERS})
            for asked in found
        ]
        return show(ask, "asking.html", entries=entries, total=total, start=start, lines=LINES)


def note_try(ask: Ask) -> Response:
    """Note what came of a call: nobody answered, or what was typed."""
    note = ask.text("note").strip() or worded("station.asking-no-answer", ask.language)
    with ask.desk.store.database.writing() as session:
        tried(session, ask.person, _key(ask), note)
    return RedirectResponse(f"/asking?noted=1#{_anchor(ask)}", 303)


def stop_asking(ask: Ask) -> Response:
    """The form goes back to the queue without a word of its respondent."""
    store = ask.desk.store
    with store.database.writing() as session:
        ask_no_more(session, store.layouts, ask.person, _key(ask), ask.text("note"), ask.desk.share)
    return RedirectResponse("/asking?stopped=1", 303)


def in_words(asked: Asked, language: Language) -> list[str]:
    """What has to be asked, a sentence each, none twice."""
    return list(dict.fromkeys(_sentence(each, language) for each in asked.sentences))


def letter(asked: Asked, language: Language) -> str:
    """What may be sent to the respondent: no name, number or address stands in it."""
    questions = "\n".join(f"{n}. {said}" for n, said in enumerate(in_words(asked, language), start=1))
    told = {"index": printed(asked.index, language), "year": asked.year, "questions": questions}
    return worded("station.asking-letter", language, **told)


def _sentence(sentence: Sentence, language: Language) -> str:
    told = {name: printed(value, language) if isinstance(value, Words) else value for name, value in sentence.told}
    return worded(sentence.message, language, **told)


def _key(ask: Ask) -> Key:
    return ask.path["source"], ask.path["form"]


def _anchor(ask: Ask) -> str:
    return f"f{ask.path['source'][:12]}-{ask.path['form']}"
