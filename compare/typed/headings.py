"""Headings of typed tables in Kazakh, Russian and English, and the rows they stand in."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from compare.typed.codes import meant
from compare.typed.records import Row
from layouts.model import Layout, TableLayout


class Heading(StrEnum):
    """What a column holds. The fields' names are those of the layouts."""

    SOURCE = "source"
    FILE = "file"
    FORM = "form"
    SECTION = "section"
    LINE = "line"
    COLUMN = "column"
    VALUE = "value"
    FINAL = "final_value"  # of `qagaz export`; it outranks the paper's
    PAPER = "paper_value"
    BIN = "bin"
    IIN = "iin"
    YEAR = "year"
    REGION = "region"
    KATO = "kato"
    OPERATOR = "operator"  # who typed the form


FIELDS = (Heading.BIN, Heading.IIN, Heading.YEAR, Heading.REGION, Heading.KATO, Heading.OPERATOR)
VALUES = (Heading.FINAL, Heading.VALUE, Heading.PAPER)  # the first that a table has counts

_KNOWN: Mapping[Heading, str] = {
    Heading.SOURCE: "source, sha256",
    Heading.FILE: "file, файл, имя файла, файл атауы, файлдың атауы",
    Heading.FORM: "form, form number, форма, номер формы, нысан, нысан нөмірі, нысанның нөмірі",
    Heading.SECTION: "section, раздел, раздела, номер раздела, бөлім, бөлім нөмірі, бөлімнің нөмірі",
    Heading.LINE: "line, line code, row, row code, строка, строки, код строки, номер строки, жол, жол коды, "
    "жолдың коды, жол нөмірі, жолдың нөмірі",
    Heading.COLUMN: "column, column number, графа, графы, номер графы, столбец, колонка, баған, баған нөмірі, "
    "бағанның нөмірі",
    Heading.VALUE: "value, amount, figure, значение, сумма, показатель, величина, объем, объём, данные, мән, мәні, "
    "сома, сомасы, көрсеткіш, көлемі, көлем, деректер",
    Heading.FINAL: "final_value",
    Heading.PAPER: "paper_value",
    Heading.BIN: "bin, бин, код бин, бсн, бсн коды",
    Heading.IIN: "iin, иин, код иин, жсн, жсн коды",
    Heading.YEAR: "year, год, отчетный год, отчётный год, жыл, есепті жыл",
    Heading.REGION: "region, регион, область, өңір, облыс",
    Heading.KATO: "kato, като, код като, әаож, әаож коды",
    Heading.OPERATOR: "operator, оператор, ввел, ввёл, кто ввел, кто ввёл, енгізген, теруші",
}
_UNIT = re.compile(
    r"[(,]?\s*(?:в\s+)?(тыс\.?|тысяч\w*|мың|thousand|млн\.?|миллион\w*|million)?\s*\b(тенге|теңге|тг|tenge)\.?\)?$"
)
_THOUSAND = ("тыс", "мың", "tho")
_MEANING = {word.strip(): heading for heading, words in _KNOWN.items() for word in words.split(",")}

LATIN = str.maketrans("авсекмнорт", "abcekmhopt")  # letters that a typist may take from the other alphabet
OWN_COLUMNS = ({"written", "value", "confidence"}, {"paper_value", "final_value"})  # of `cells` and of `figures`


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A row that names the columns of figures: where each number stands, and, as far as it tells, the line codes."""

    row: int
    columns: Mapping[int, str]  # position → number
    code: int | None


def heading(text: str) -> Heading | None:
    """What a heading says the column holds; None if it is none of ours.

    >>> heading("Код  строки"), heading("Мәні, мың теңге"), heading("Значение (тыс. тенге)"), heading("ОКЭД")
    (<Heading.LINE: 'line'>, <Heading.VALUE: 'value'>, <Heading.VALUE: 'value'>, None)
    >>> heading("Жол коды / Код строки")
    <Heading.LINE: 'line'>
    """
    for part in re.split(r"[/\n]", text.casefold()):  # the form itself is headed in two languages
        plain = " ".join(part.replace("\ufeff", "").strip(" .:№").split())
        if known := _MEANING.get(plain) or _MEANING.get(_UNIT.sub("", plain).strip(" ,")):
            return known
    return None


def other_unit(text: str) -> str:
    """The unit a heading names, where it is not the thousand tenge of the form.

    >>> other_unit("Сумма, тенге"), other_unit("Мәні, мың теңге"), other_unit("Сумма (млн тенге)"), other_unit("value")
    ('тенге', '', 'млн тенге', '')
    """
    hit = _unit(text)
    if hit is None or (hit[1] or "").startswith(_THOUSAND):
        return ""
    return " ".join(word for word in hit.groups() if word)


def names_unit(text: str) -> bool:
    """Whether a heading ends in a unit of money.

    >>> names_unit("Всего, тысяч тенге"), names_unit("Всего")
    (True, False)
    """
    return _unit(text) is not None


def _unit(text: str) -> re.Match[str] | None:
    return _UNIT.search(" ".join(text.casefold().split()))


def headings(row: Row) -> dict[Heading, int]:
    """Where each known heading of a row stands; the first of two."""
    found: dict[Heading, int] = {}
    for position, entry in enumerate(row):
        if entry is not None and not entry.merged and (known := heading(entry.text)) is not None:
            found.setdefault(known, position)
    return found


def is_long(found: Collection[Heading]) -> bool:
    """Whether these headings make a table with one figure a row, be the figure's own heading known or not."""
    return Heading.LINE in found and (Heading.COLUMN in found or any(value in found for value in VALUES))


def is_own(row: Row) -> bool:
    """Whether the headings are those of a result table, where a point is always a decimal point."""
    names = {entry.text.casefold() for entry in row if entry is not None}
    return any(own <= names for own in OWN_COLUMNS)


def number_row(row: Row, number: int, layout: Layout) -> NumberRow | None:
    """The row as a row of column numbers; None if it is none.

    It is one if it holds the numbers of all columns, or of all columns of figures, of some table, or three and more of
    them, from left to right; a single number needs the heading or the letter of the line codes beside it.
    """
    known = dict.fromkeys(column.number for table in layout.tables for column in table.columns)
    found: dict[int, str] = {}
    for position, entry in enumerate(row):
        named = meant(entry, list(known)) if entry is not None and not entry.merged else ()
        if len(named) == 1:
            found[position] = named[0]
    code = _code_column(row[: min(found, default=0)], layout)
    return NumberRow(number, found, code) if _numbers(list(found.values()), code, layout) else None


def _numbers(numbers: Sequence[str], code: int | None, layout: Layout) -> bool:
    for table in layout.tables:
        order = [column.number for column in table.columns]
        if not numbers or not set(numbers) <= set(order) or len(set(numbers)) < len(numbers):
            continue
        if [order.index(n) for n in numbers] != sorted(order.index(n) for n in numbers):
            continue
        whole = list(numbers) in (order, _amounts(table))
        if len(numbers) >= 3 or (whole and (len(numbers) > 1 or code is not None)):
            return True
    return False


def _amounts(table: TableLayout) -> list[str]:
    return [column.number for column in table.amount_columns]


def _code_column(row: Row, layout: Layout) -> int | None:
    """The column headed as the line codes', by its heading or by the letter that the form prints over it."""
    letters = {table.label_columns[0].casefold().translate(LATIN) for table in layout.tables if table.label_columns}
    for position, entry in enumerate(row):
        if entry is not None:
            plain = entry.text.casefold().translate(LATIN)
            if plain in letters or heading(entry.text) is Heading.LINE:
                return position
    return None
