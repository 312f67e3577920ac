"""What a system says of the forms, read from its CSV tables: every oddity is kept and counted, none is mended."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

FormKey = tuple[str, int]
Row = Mapping[str, str]
Problem = Literal["repeated", "contradicting", "no-such-form", "no-such-cell", "no-number", "bad-flag", "bad-form"]

NEEDED = {"cells": ("file", "section", "line", "column", "value"), "fields": ("file", "field", "value")}
WHOLE = 0  # the number under which a file is refused as a whole
TRUE, FALSE = frozenset({"1", "true", "yes"}), frozenset({"0", "false", "no"})
EXAMPLES = 5  # kept of each problem


class FormatError(ValueError):
    """A table that cannot be scored; says which column is missing where."""


class Cell(NamedTuple):
    """Where a figure stands."""

    file: str
    form: int
    section: str
    line: str
    column: str


class Field(NamedTuple):
    """Where a field stands; `line` is that of a country cell, else empty."""

    file: str
    form: int
    name: str
    line: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a system says of one cell or field."""

    value: str
    written: str | None = None  # what it sees on the paper; None where its table has no such column
    accepted: bool | None = None  # None where it does not say
    confidence: float | None = None
    clash: bool = False  # it says two different things of one place: neither counts as right


@dataclass
class Answers:
    """All that a system says."""

    cells: dict[Cell, Said] = field(default_factory=dict)
    fields: dict[Field, Said] = field(default_factory=dict)
    forms: dict[FormKey, bool] = field(default_factory=dict)  # whether it lets a form through; WHOLE: the file
    with_fields: bool = False
    problems: dict[Problem, int] = field(default_factory=dict)
    examples: dict[Problem, list[str]] = field(default_factory=dict)

    def report(self, problem: Problem, what: object) -> None:
        """Counts one oddity and keeps the first few."""
        self.problems[problem] = self.problems.get(problem, 0) + 1
        kept = self.examples.setdefault(problem, [])
        if len(kept) < EXAMPLES:
            kept.append(str(what))


def load_answers(folder: Path) -> Answers:
    """The tables `cells.csv`, and if they are there `fields.csv` and `forms.csv`, of a folder.

    FormatError where `cells.csv` or one of its needed columns is missing.
    """
    if not (folder / "cells.csv").is_file():
        raise FormatError(f"{folder}: no cells.csv")
    answers = Answers()
    for row in _rows(folder / "cells.csv", "cells"):
        add_cell(answers, row)
    if (folder / "fields.csv").is_file():
        answers.with_fields = True
        for row in _rows(folder / "fields.csv", "fields"):
            add_field(answers, row)
    if (folder / "forms.csv").is_file():
        for row in _rows(folder / "forms.csv", "forms"):
            _add_form(answers, row)
    return answers


def _rows(path: Path, table: str) -> Iterable[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="")
        missing = set(NEEDED.get(table, ("file",))) - set(reader.fieldnames or ())
        if missing:
            raise FormatError(f"{path}: no column {', '.join(sorted(missing))}")
        yield from reader


def add_cell(answers: Answers, row: Row) -> None:
    """Takes one row of cells."""
    form = _form(answers, row)
    if form is not None:
        place = Cell(*form, row["section"].strip(), row["line"].strip(), row["column"].strip())
        answers.cells[place] = _met(answers, answers.cells.get(place), _said(answers, row), place)


def add_field(answers: Answers, row: Row) -> None:
    """Takes one row of fields."""
    form = _form(answers, row)
    if form is not None:
        place = Field(*form, row["field"].strip(), row.get("line", "").strip())
        answers.fields[place] = _met(answers, answers.fields.get(place), _said(answers, row), place)


def _add_form(answers: Answers, row: Row) -> None:
    number = (row.get("form") or "").strip() or str(WHOLE)
    accepted = flag(answers, row)
    if not number.isdecimal():
        answers.report("bad-form", row)
    elif accepted is not None:
        answers.forms[Path(row["file"]).name, int(number)] = accepted


def _form(answers: Answers, row: Row) -> FormKey | None:
    number = (row.get("form") or "").strip() or "1"
    if not number.isdecimal():
        answers.report("bad-form", dict(row))
        return None
    return Path(row["file"].strip()).name, int(number)


def _said(answers: Answers, row: Row) -> Said:
    return Said(
        (row["value"] or "").strip(),
        (row["written"] or "").strip() if "written" in row else None,
        flag(answers, row),
        _confidence(row.get("confidence")),
    )


def flag(answers: Answers, row: Row) -> bool | None:
    """Whether a row is accepted: by the column `accepted`, or by `status` as qagaz has it; None where neither says.

    Something else than yes or no counts as accepted, and is reported: what is unclear must not be to a system's good.
    """
    text = (row.get("accepted") or "").strip().casefold()
    if not text:
        status = (row.get("status") or "").strip()
        return status == "accepted" if status else None
    if text not in TRUE | FALSE:
        answers.report("bad-flag", text)
    return text not in FALSE


def _confidence(text: str | None) -> float | None:
    """A number, or None; what is no number is the least confidence there is."""
    if text is None or not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        return -math.inf
    return -math.inf if math.isnan(value) else value


def _met(answers: Answers, before: Said | None, now: Said, place: object) -> Said:
    if before is None:
        return now
    same = (before.value, before.accepted) == (now.value, now.accepted)
    answers.report("repeated" if same else "contradicting", place)
    if same:
        return before
    told = [said.accepted for said in (before, now)]
    accepted = True if True in told else None if None in told else False
    return Said(before.value, before.written, accepted, before.confidence, clash=True)
