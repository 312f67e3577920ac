"""`qagaz queue`: what a person has to settle, first things first."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.stores import add_store, open_store
from qagaz.speech import reason_in_words, tell, worded
from review.answers import UNIT_QUESTION
from review.questions import Question
from review.store import Filter

PLACES_SHOWN = 6  # of a question that speaks of many cells; --json gives all


def build(arguments: Arguments) -> None:
    """Its arguments."""
    add_store(arguments)
    arguments.add("--file", metavar="FILE", default="")
    arguments.number("--limit", "N", 0)
    arguments.flag("--json")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """List the questions; 0, also when there are none."""
    with open_store(parsed.folder, parsed.db) as store:
        asked = store.questions(Filter(file=parsed.file))
        count = 0
        for question in islice(asked, parsed.limit or None):
            count += 1
            print(as_json(question, language) if parsed.json else as_text(question, language, parsed.folder))
    if not count:
        tell("told.nothing-to-ask", language)
    return 0


def as_text(question: Question, language: Language, folder: Path) -> str:
    """One question in a few lines; the last one is the command that answers it."""
    lines = [worded("ask.unit" if _asks_unit(question) else f"ask.{question.kind}", _told(question), language)]
    if question.page is not None:
        lines.append("  " + worded("ask.where", _told(question), language))
    if question.kind in {"figure", "field"}:
        lines.append("  " + worded("ask.reads", _told(question), language))
    if question.alternatives:
        lines.append("  " + worded("ask.or", {"values": "   ".join(question.alternatives)}, language))
    if question.tells:
        lines.append("  " + worded("ask.tells", {"places": _few(question.tells)}, language))
    lines += [f"  – {why}" for why in reasons(question, language)]
    file = f"'{question.file}'" if " " in question.file else question.file
    lines.append(f"  > qagaz settle {folder} {file} {question.form} '{question.place}' …")
    return "\n".join(lines) + "\n"


def _asks_unit(question: Question) -> bool:
    return question.place.startswith(UNIT_QUESTION)


def reasons(question: Question, language: Language) -> list[str]:
    """Why it is asked, in words."""
    told = [worded(question.message, dict(question.parameters), language)] if question.message else []
    return [*told, *(reason_in_words(code, language) for code in question.reasons)]


def as_json(question: Question, language: Language) -> str:
    """The same for machines, one line a question."""
    told = asdict(question) | {"parameters": dict(question.parameters), "why": reasons(question, language)}
    return json.dumps(told, ensure_ascii=False)


def _told(question: Question) -> dict[str, object]:
    box = " ".join(f"{edge:g}" for edge in question.box) if question.box else "–"
    return {
        "file": question.file,
        "form": question.form,
        "place": question.place,
        "places": _few(question.places),
        "page": question.page,
        "box": box,
        "unit": question.unit,
        "written": question.written,
        "value": question.value or "–",
    }


def _few(places: Sequence[str]) -> str:
    """The first places, and how many more there are.

    >>> _few(("s2/1/1", "s2/1/2"))
    's2/1/1, s2/1/2'
    """
    more = f", … (+{len(places) - PLACES_SHOWN})" if len(places) > PLACES_SHOWN else ""
    return ", ".join(places[:PLACES_SHOWN]) + more


COMMAND = Command(
    "queue",
    build,
    run,
    (
        "qagaz queue results",
        "qagaz queue results --file day-1/form.pdf --language kk",
        "qagaz queue results --json --limit 20",
    ),
)
