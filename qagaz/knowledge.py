"""Files with what is known from elsewhere → knowledge that forms are held against."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from layouts.model import Place
from postprocess.identifiers import LENGTHS, has_check_digit
from postprocess.regions import folded
from qagaz.given import PARTED_NUMBER, GivenRow, GivenTable, GivenTableError, read_given
from validate.outside.classifier import Classifier
from validate.outside.knowledge import Knowledge, Past
from validate.outside.register import Register
from validate.records import Status

FORMS = ("forms.csv", "forms.parquet")  # the table that says whose the figures of a run are
LEAST_DIGITS = 9  # of a BIN or IIN without its leading zeros: January 2000 has three, as in 000112345678
NOTHING = frozenset({"", "-", "–", "—"})  # cells without an amount
_GAPS = dict.fromkeys(map(ord, " \u00a0\u202f\u2009'’"))  # what groups thousands
_AMOUNT = re.compile(r"-?\d+([.,]\d+)?", re.ASCII)
_LINE = re.compile(r"\d+(\.\d+)*", re.ASCII)
MARKS = re.compile(r"[\s\-]")


@dataclass(frozen=True, slots=True)
class KnowledgeFiles:
    """What a user gave; None where nothing was."""

    previous: Path | None = None
    respondents: Path | None = None
    kato: Path | None = None

    def load(self) -> Knowledge:
        """What they say, read once a process. GivenTableError, with file, row, column and remedy, if one is wrong."""
        return _load(self)

    def named(self) -> dict[str, Path]:
        """The files, by what they are."""
        every = {"previous": self.previous, "respondents": self.respondents, "kato": self.kato}
        return {name: path for name, path in every.items() if path is not None}


@cache
def _load(files: KnowledgeFiles) -> Knowledge:
    return Knowledge(
        past=previous_figures(files.previous) if files.previous else {},
        register=Register(respondents(files.respondents)) if files.respondents else None,
        classifier=Classifier(classified(files.kato)) if files.kato else None,
    )


def respondents(path: Path) -> dict[str, str]:
    """Names by BIN or IIN. A registered address beside them is passed over: it says nothing of where services are."""
    table = read_given(path)
    table.require("name", *identifier_columns(table))
    return {number: row["name"] for row in table.rows for number in [number_of(row)]}


def classified(path: Path) -> dict[str, str]:
    """Names by KATO code; two rows of one code are its names in two languages."""
    table = read_given(path)
    column = "code" if "code" in table.columns else "kato"
    table.require(column, "name")
    found: dict[str, str] = {}
    for row in table.rows:
        code = MARKS.sub("", row[column])
        if len(code) != LENGTHS["kato"] or not (code.isascii() and code.isdigit()):
            raise row.error("error.given-kato", column)
        found[code] = "/".join(dict.fromkeys(filter(None, (found.get(code, ""), row["name"]))))
    return found


def previous_figures(path: Path) -> dict[str, tuple[Past, ...]]:
    """By BIN or IIN what was reported, place by place: of a plain table, or of tables that qagaz wrote.

    A run's figures or cells name only source and form; whose they are stands in the table of forms beside them. Of
    cells the accepted ones count. GivenTableError if one figure is there twice, with different amounts.
    """
    table = _joined(read_given(path), path)
    table.require("section", "line", "column", "value", *identifier_columns(table))
    figures: dict[tuple[str, str, str, str], dict[Place, Decimal]] = defaultdict(dict)
    heads: dict[tuple[str, str, str, str], Past] = {}
    of_cells = table.columns >= {"source", "form", "status"}
    for row in table.rows:
        amount = None if of_cells and row["status"] != Status.ACCEPTED.value else _amount(row)
        if amount is None:
            continue
        kato = MARKS.sub("", row["kato"])
        key = (number_of(row), row["year"], kato, folded(row["region"]))
        heads.setdefault(key, Past(row["year"], kato, row["region"], {}))
        place = _place(row)
        if figures[key].setdefault(place, amount) != amount:
            raise row.error("error.given-twice", "value", place=place, other=figures[key][place])
    if not heads:
        raise GivenTableError("error.given-no-figures", file=table.file)
    found: dict[str, list[Past]] = defaultdict(list)
    for key, head in heads.items():
        nonzero = {place: amount for place, amount in figures[key].items() if amount}
        found[key[0]].append(replace(head, figures=nonzero))
    return {number: tuple(past) for number, past in found.items()}


def _joined(table: GivenTable, path: Path) -> GivenTable:
    """The table with the respondent, year and place of each row's form, where it names only the form itself."""
    if table.columns & {"bin", "iin"} or not table.columns >= {"source", "form"}:
        return table
    beside = next((path.with_name(name) for name in FORMS if path.with_name(name).exists()), None)
    if beside is None:
        raise GivenTableError("error.given-forms", file=table.file, forms=FORMS[0])
    forms = read_given(beside)
    forms.require("source", "form", "year", "bin", "iin", "kato", "region")
    known = {(row["source"], row["form"]): row for row in forms.rows}
    rows = filter(None, (_with_form(row, known, beside.name) for row in table.rows))
    return GivenTable(table.file, table.columns | {"year", "bin", "iin", "kato", "region"}, rows)


def _with_form(row: GivenRow, forms: Mapping[tuple[str, str], GivenRow], file: str) -> GivenRow | None:
    """A row with what its form says; None where no number was read of it, or none that can be: it is nobody's."""
    form = forms.get((row["source"], row["form"]))
    if form is None:
        raise row.error("error.given-no-form", "form", forms=file)
    told = {name: form[name] for name in ("year", "bin", "iin", "kato", "region")}
    return replace(row, cells={**row.cells, **told}) if _twelve_digits(form["bin"] or form["iin"]) else None


def identifier_columns(table: GivenTable) -> Iterator[str]:
    """The column of BINs, to be asked for where there is none of IINs either."""
    if "iin" not in table.columns:
        yield "bin"


def number_of(row: GivenRow) -> str:
    """The BIN or IIN of a row; spreadsheets take its leading zeros, the check digit tells that they belong there."""
    column = "bin" if row["bin"] or not row["iin"] else "iin"
    number = _twelve_digits(row[column])
    if not number:
        raise row.error("error.given-number", column)
    return number


@lru_cache(maxsize=1024)
def _twelve_digits(text: str) -> str:
    """The number with its check digit, "" if it is none."""
    digits = MARKS.sub("", text)
    number = digits.zfill(LENGTHS["bin"])
    whole = len(digits) >= LEAST_DIGITS and len(number) == LENGTHS["bin"] and number.isascii() and number.isdigit()
    return number if whole and has_check_digit(number) else ""


def _place(row: GivenRow) -> Place:
    for column in ("section", "column"):
        if not row[column].isdecimal():
            raise row.error("error.given-whole", column)
    line = row["line"]
    if line.startswith(PARTED_NUMBER):
        raise row.error("error.given-line-number", "line")
    if not _LINE.fullmatch(line):
        raise row.error("error.given-line", "line")
    return _place_at(int(row["section"]), line, str(int(row["column"])))


@cache
def _place_at(section: int, line: str, column: str) -> Place:
    """One record for all the respondents that have the cell."""
    return Place(section, line, column)


def _amount(row: GivenRow) -> Decimal | None:
    text = row["value"].removeprefix(PARTED_NUMBER).translate(_GAPS)
    if text in NOTHING:
        return None
    if not _AMOUNT.fullmatch(text):
        raise row.error("error.given-amount", "value")
    return Decimal(text.replace(",", "."))
