"""A respondents' list that people give → the lines that response control holds against what came."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from postprocess.identifiers import LENGTHS
from qagaz.given import PARTED_NUMBER, GivenRow, read_given
from qagaz.knowledge import MARKS, identifier_columns, number_of
from review.work.response.respondents import Owed


def owed(path: Path) -> Iterator[Owed]:
    """The lines of a list; GivenTableError, with file, row, column and remedy, where one is wrong."""
    table = read_given(path)
    table.require("name", *identifier_columns(table))
    for row in table.rows:
        yield Owed(number_of(row), row["name"], _kato(row), row["phone"].removeprefix(PARTED_NUMBER), row["department"])


def _kato(row: GivenRow) -> str:
    """The place that a form is owed for; "" where none is named."""
    code = MARKS.sub("", row["kato"])
    if code and (len(code) != LENGTHS["kato"] or not (code.isascii() and code.isdigit())):
        raise row.error("error.given-kato", "kato")
    return code
