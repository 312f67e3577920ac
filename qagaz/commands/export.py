"""`qagaz export`: the figures of accepted and settled forms."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from layouts.errors import OutputError, QagazError
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.stores import add_store, open_store
from qagaz.speech import tell
from qagaz.tables import FIGURES, TableWriter

ENDINGS = ("csv", "parquet")


class UnknownEndingError(QagazError):
    """A format that figures are not written in."""


def build(arguments: Arguments) -> None:
    """Its arguments."""
    add_store(arguments)
    arguments.path("--to", "FILE", required=True)


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Write the figures; 0, also when no form is ready yet."""
    target: Path = parsed.to
    ending = target.suffix.lower().lstrip(".")
    if ending not in ENDINGS:
        raise UnknownEndingError("error.export-ending", file=target.name, endings=", ".join(ENDINGS))
    forms: set[tuple[str, int]] = set()
    table = replace(FIGURES, name=target.stem, formats=(ending,))
    try:
        with open_store(parsed.folder, parsed.db) as store, TableWriter(target.parent, table) as writer:
            for figure in store.figures():
                forms.add((figure.source, figure.form))
                writer.add([tuple(figure)])
            writer.finish()
            writer.commit()
    except OSError as error:
        raise OutputError("error.cannot-write", file=target.name, detail=error.strerror or "") from error
    tell("told.exported", language, count=len(forms), file=target)
    return 0


COMMAND = Command(
    "export",
    build,
    run,
    ("qagaz export results --to figures.csv", "qagaz export results --to figures.parquet"),
)
