"""`qagaz export`: the figures of accepted and settled forms."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from layouts.errors import OutputError, QagazError
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.stores import add_store, open_store
from qagaz.deliver import write_table
from qagaz.speech import tell
from qagaz.tables import FIGURES, Row
from qagaz.workbook import write_workbook
from review.figures import FinalFigure

ENDINGS = ("csv", "parquet", "xlsx")


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
    try:
        with open_store(parsed.folder, parsed.db) as store:
            _write(target, ending, _counted(store.figures(), forms))
    except OSError as error:
        raise OutputError("error.cannot-write", file=target.name, detail=error.strerror or "") from error
    tell("told.exported", language, count=len(forms), file=target)
    return 0


def _counted(figures: Iterable[FinalFigure], forms: set[tuple[str, int]]) -> Iterator[Row]:
    """Each figure as a row, its form noted."""
    for figure in figures:
        forms.add((figure.source, figure.form))
        yield tuple(figure)


def _write(target: Path, ending: str, rows: Iterable[Row]) -> None:
    if ending == "xlsx":
        write_workbook(target, [(FIGURES, rows)])
    else:
        write_table(target.parent, replace(FIGURES, name=target.stem, formats=(ending,)), rows)


COMMAND = Command(
    "export",
    build,
    run,
    ("qagaz export results --to figures.csv", "qagaz export results --to figures.xlsx"),
)
