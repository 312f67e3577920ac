"""`qagaz settle`: a person's answer, kept beside the machine's word and never in its place."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

from layouts.errors import QagazError
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.stores import add_store, open_store
from qagaz.speech import tell
from review.answers import Origin
from review.work.saying import Given

COLUMNS = ("file", "form", "place", "value")  # a table of answers must have them; note, who, origin may follow


class NotAnAnswerError(QagazError):
    """The command is not complete, or the table of answers is no table of answers."""


def build(arguments: Arguments) -> None:
    """Its arguments."""
    add_store(arguments)
    for name in ("file", "form", "place", "value"):
        arguments.optional(name, name.upper())
    arguments.add("--who", metavar="NAME", default="")
    arguments.add("--note", metavar="TEXT", default="")
    arguments.flag("--respondent")
    arguments.flag("--undo")
    arguments.path("--from", "ANSWERS.csv")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Keep one answer, or a table of them: all, or none if one of them cannot be kept."""
    table: Path | None = getattr(parsed, "from")
    given = list(_from_table(table, parsed)) if table else [_from_arguments(parsed)]
    with open_store(parsed.folder, parsed.db) as store:
        store.settle(given)
    tell("told.settled", language, count=len(given))
    return 0


def _from_arguments(parsed: argparse.Namespace) -> Given:
    if not (parsed.file and parsed.form and parsed.place and (parsed.value or parsed.undo)):
        raise NotAnAnswerError("error.answer-incomplete")
    origin = _origin("", parsed)
    return Given(
        parsed.file, _number(parsed.form), parsed.place, parsed.value, parsed.note, parsed.who, origin, parsed.undo
    )


def _from_table(table: Path, parsed: argparse.Namespace) -> Iterator[Given]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise NotAnAnswerError("error.answer-columns", file=table.name, columns=", ".join(missing))
        for row in rows:
            origin = _origin(row.get("origin") or "", parsed)
            who, note = row.get("who") or parsed.who, row.get("note") or parsed.note
            yield Given(row["file"], _number(row["form"]), row["place"], row["value"], note, who, origin)


def _origin(given: str, parsed: argparse.Namespace) -> Origin:
    """Whose word an answer is; an operator's unless something else is said."""
    if given in {Origin.OPERATOR, Origin.RESPONDENT}:
        return Origin(given)
    if given:
        raise NotAnAnswerError("error.answer-origin", given=given)
    return Origin.RESPONDENT if parsed.respondent else Origin.OPERATOR


def _number(text: str) -> int:
    if not text.isdecimal():
        raise NotAnAnswerError("error.answer-form-number", given=text)
    return int(text)


COMMAND = Command(
    "settle",
    build,
    run,
    (
        "qagaz settle results day-1/form.pdf 1 s2/1.7/1 12345,6 --who Асель",
        "qagaz settle results form.pdf 1 s2/1.7/1 blank",
        "qagaz settle results form.pdf 1 s2.columns@s2/1.7/1 confirm --note 'so on paper'",
        "qagaz settle results form.pdf 1 s2/1.7/1 15000 --respondent --note 'by telephone'",
        "qagaz settle results form.pdf 1 s2/1.7/1 --undo",
        "qagaz settle results --from answers.csv",
    ),
)
