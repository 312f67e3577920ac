"""`qagaz audit`: whether the log of everything that was done still fits together, and where it ends."""

from __future__ import annotations

import argparse

from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.stores import add_store, open_store
from qagaz.speech import tell, worded
from review.store import Store
from review.work.audit import end_of, verify

FITS, BROKEN = 0, 3


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.choice("action", ("verify", "show"))
    add_store(arguments)
    arguments.add("--head", metavar="HASH", default="")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Check the chain, or print its end: how many entries there are, and the hash of the last."""
    with open_store(parsed.folder, parsed.db) as store:
        if parsed.action == "verify":
            return _verify(store, parsed.head.strip().lower(), language)
        with store.database.reading() as session:
            end = end_of(session)
    print(end.count, end.link)
    return FITS


def _verify(store: Store, head: str, language: Language) -> int:
    """Print each break in words; the exit status says whether there is any."""
    status = FITS
    with store.database.reading() as session:
        for broken in verify(session, head):
            print(worded(broken.what, {"number": broken.number}, language))
            status = BROKEN
        if status == FITS:
            end = end_of(session)
            tell("told.audit-fits", language, count=end.count, link=end.link)
    return status


COMMAND = Command(
    "audit",
    build,
    run,
    ("qagaz audit show results", "qagaz audit verify results", "qagaz audit verify results --head 4d1f…"),
)
