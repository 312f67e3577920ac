"""From rows of texts to the benchmark's tables: codes to lines, columns by their place, values as plain decimals."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from layouts.load import shipped_layouts

FIRST_TABLE, SECOND_TABLE = "2", "3"
FIGURES = {FIRST_TABLE: 6, SECOND_TABLE: 1}  # figure columns
BOXES = {4: ("year",), 9: ("kato",), 12: ("bin", "iin")}  # fields by number of boxes, in order of their coming
FIRST_FIELD = "year"  # a form begins with it
LABELS = 3  # columns before the figures: code, name, activity
YEAR = re.compile(r"20\d\d", re.ASCII)  # other rows of four boxes are no beginning
GAPS = re.compile(r"[\s'’`]")
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
UNITS = {"млн": Decimal(1000), "тыс": Decimal(1), "мың": Decimal(1), "т": Decimal("0.001")}  # by their beginning
AMOUNT = re.compile(r"(-?[\d\s.,'’]+?)\s*(млн|тыс|мың|т)[\w. ]*", re.IGNORECASE)
DASHES, CROSSES = "-–—−_", "ХхXx"


class Text(NamedTuple):
    """What was read somewhere; confidence 1 where nothing is unsure."""

    text: str = ""
    sure: float = 1.0


Grid = Sequence[Sequence[Text]]


@dataclass
class Form:
    """What was read of one form."""

    cells: dict[tuple[str, str, str], Text] = field(default_factory=dict)  # section, line, column
    fields: dict[str, Text] = field(default_factory=dict)


def codes() -> list[str]:
    """The form's line codes, in order."""
    return [line.code for line in next(iter(shipped_layouts().values())).tables[0].lines]


def gather(grids: Sequence[Grid]) -> list[Form]:
    """The forms of a file from its grids in reading order; one begins with every row of four boxes that says a year."""
    forms: list[Form] = []
    for grid in grids:
        boxes = BOXES.get(len(grid[0]), ()) if len(grid) == 1 else ()
        if boxes and (FIRST_FIELD not in boxes or YEAR.fullmatch(joined(grid[0]).text)):
            if not forms or (FIRST_FIELD in boxes and FIRST_FIELD in forms[-1].fields):
                forms.append(Form())
            free = [name for name in boxes if name not in forms[-1].fields]
            if free:
                forms[-1].fields[free[0]] = joined(grid[0])
        elif len(grid) > 1:
            forms = forms or [Form()]
            add_table(forms[-1], grid)
    return forms


def joined(boxes: Sequence[Text]) -> Text:
    """The digits of a row of boxes."""
    filled = [box for box in boxes if box.text.strip()]
    return Text("".join(box.text.strip() for box in filled), min((box.sure for box in filled), default=1.0))


def add_table(form: Form, grid: Grid) -> None:
    """Takes the rows of a table whose codes are known; which one it is, its number of columns says."""
    wide = max(len(row) for row in grid)
    section = FIRST_TABLE if wide == LABELS + FIGURES[FIRST_TABLE] else SECOND_TABLE if wide == LABELS + 2 else ""
    if not section:
        return
    for row, line in zip(grid, lines_of([row[0].text for row in grid]), strict=True):
        for number in range(FIGURES[section]) if line and len(row) == wide else ():
            place = (section, line, str(number + 1))
            form.cells.setdefault(place, row[LABELS + number])


def lines_of(texts: Sequence[str]) -> list[str]:
    """The line of each row by its code; "" where it has none.

    A code that cannot be read is filled in where exactly as many rows as lines lie between two that can.

    >>> lines_of(["Жол коды", "А", "1", "", "1,1", "l.Z", "1.3"])
    ['', '', '1', '', '1.1', '1.2', '1.3']
    """
    known = codes()
    by_digits = {re.sub(r"\D", "", code): code for code in reversed(known) if code.count(".") > 0}
    found = [_code(text, known, by_digits) for text in texts]
    inked = [i for i, text in enumerate(texts) if text.strip()]
    read = [i for i in inked if found[i]]
    for above, below in pairwise(read):
        between = [i for i in inked if above < i < below]
        missing = known[known.index(found[above]) + 1 : known.index(found[below])]
        if len(between) == len(missing):
            for row, code in zip(between, missing, strict=True):
                found[row] = code
    return found


def _code(text: str, known: Sequence[str], by_digits: dict[str, str]) -> str:
    plain = GAPS.sub("", text).replace(",", ".").strip(".")
    if plain in known:
        return plain
    return by_digits.get(plain, "") if plain.isdecimal() and len(plain) > 1 else ""


def value_of(text: str) -> str:
    """The plain decimal a text says, in thousand tenge; the text itself where it says none.

    >>> [value_of(t) for t in ("1 234,5", "-", "0,0", "Х", "", "12 млн", "500 тг", "1.234.567", "3.072,78", "l2")]
    ['1234.5', '0', '0', '', '', '12000', '0.5', '1234567', '3072.78', 'l2']
    """
    text = text.strip()
    if not text or text in CROSSES:
        return ""
    if len(text) == 1 and text in DASHES:
        return "0"
    unit = AMOUNT.fullmatch(text)
    number = GAPS.sub("", unit[1] if unit else text)
    for group, point in (".,", ",."):  # where both stand, the last is the decimal mark; one that comes twice groups
        if 0 <= number.rfind(group) < number.rfind(point) or number.count(group) > 1:
            number = number.replace(group, "")
    number = number.replace(",", ".") if number.count(",") == 1 else number
    if not NUMBER.fullmatch(number):
        return text
    amount = Decimal(number) * (UNITS[unit[2].casefold()] if unit else 1)
    plain = f"{amount:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0"


def write(out: Path, read: Iterator[tuple[str, list[Form]]], *, confident: bool) -> None:
    """Writes cells.csv, fields.csv and forms.csv; files of which nothing could be read are refused in the last."""
    out.mkdir(parents=True, exist_ok=True)
    head = ["confidence"] if confident else []
    with (
        (out / "cells.csv").open("w", encoding="utf-8", newline="") as cells,
        (out / "fields.csv").open("w", encoding="utf-8", newline="") as fields,
        (out / "forms.csv").open("w", encoding="utf-8", newline="") as forms,
    ):
        to_cells, to_fields, to_forms = (csv.writer(file, lineterminator="\n") for file in (cells, fields, forms))
        to_cells.writerow(["file", "form", "section", "line", "column", "value", "written", *head])
        to_fields.writerow(["file", "form", "field", "value", *head])
        to_forms.writerow(["file", "form", "accepted"])
        for file, found in read:
            if not found:
                to_forms.writerow([file, "", 0])
            for number, form in enumerate(found, start=1):
                for place, (text, sure) in form.cells.items():
                    told = [f"{sure:.4f}"] if confident else []
                    to_cells.writerow([file, number, *place, value_of(text), " ".join(text.split()), *told])
                for name, (text, sure) in form.fields.items():
                    to_fields.writerow([file, number, name, text, *([f"{sure:.4f}"] if confident else [])])
