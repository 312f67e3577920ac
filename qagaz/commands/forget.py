"""`qagaz forget`: papers whose time is over are taken out of a result folder."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from datetime import datetime

from layouts.errors import QagazError
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.stores import open_store
from qagaz.forget import forget_papers, is_unfinished, named
from qagaz.speech import tell, worded
from review.work.forgetting import Chosen, Wanted, choose

SHORT = 12  # digits of a hash that are shown
LEAST = 8  # digits of a hash that name a paper
YES = frozenset({"y", "yes", "да", "д", "иә", "ия"})
DECLINED = 3


class ForgetError(QagazError):
    """It is not said what to forget, or not so that it could be done."""


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.path("--out", "DIR", required=True)
    arguments.add("--before", metavar="DATE", default="")
    arguments.repeated("--file", "NAME")
    arguments.repeated("--source", "HASH")
    arguments.repeated("--form", "BIN")
    arguments.flag("--dry-run")
    arguments.flag("--yes")
    arguments.add("--who", metavar="NAME", default="")
    arguments.add("--db", metavar="URL", default="")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """List what fits, ask, and forget it; 3 if whoever was asked said no, or a paper holds others' forms too."""
    wanted = _wanted(parsed)
    if wanted == Wanted() and not is_unfinished(parsed.out):
        raise ForgetError("error.forget-what")
    with open_store(parsed.out, parsed.db) as store:
        with store.database.reading() as session:
            found = choose(session, wanted)
        chosen = [each for each in found if not each.others]
        _list(chosen, language)
        for each in found:
            if each.others:
                tell("told.forget-others", language, file=each.file)
        status = DECLINED if len(chosen) < len(found) else 0
        if parsed.dry_run or not (chosen or is_unfinished(parsed.out)):
            tell("told.forget-would", language, count=len(chosen))
            return status
        if not parsed.yes and not _agreed(len(chosen), language):
            tell("told.forget-not", language)
            return DECLINED
        outcome = forget_papers(parsed.out, store, chosen, parsed.who or getpass.getuser(), language)
    tell("told.forgotten", language, count=outcome.papers)
    for name in outcome.others:
        tell("told.forget-left", language, file=name)
    if parsed.db:
        tell("told.forget-server", language)
    return status


def _wanted(parsed: argparse.Namespace) -> Wanted:
    short = next((each for each in parsed.source if len(each) < LEAST), "")
    if short:
        raise ForgetError("error.forget-short", hash=short, least=LEAST)
    hashes = (*(each.lower() for each in parsed.source), *named(parsed.out, parsed.file))
    return Wanted(_date(parsed.before), tuple(parsed.file), hashes, tuple(parsed.form))


def _date(text: str) -> datetime | None:
    """The beginning of a day, here."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone()
    except ValueError:
        raise ForgetError("error.forget-date", given=text) from None


def _list(chosen: Sequence[Chosen], language: Language) -> None:
    """One paper a line: hash, forms, name."""
    for each in chosen:
        print(
            worded("told.forget-one", {"source": each.source[:SHORT], "forms": each.forms, "file": each.file}, language)
        )


def _agreed(count: int, language: Language) -> bool:
    """Whether whoever sits there says yes; nobody sits at a pipe."""
    if not sys.stdin.isatty():
        raise ForgetError("error.forget-ask")
    return input(worded("ask.forget", {"count": count}, language) + " ").strip().lower() in YES


COMMAND = Command(
    "forget",
    build,
    run,
    (
        "qagaz forget --out results --before 2024-01-01 --dry-run",
        "qagaz forget --out results --before 2024-01-01 --yes",
        "qagaz forget --out results --form 020960639692",
        "qagaz forget --out results --file day-1/form.pdf",
        "qagaz forget --out results --source 3f8a1c0d92b7",
    ),
)
