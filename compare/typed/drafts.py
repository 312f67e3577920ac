"""What a table's rows have in common: figures whose line may still be open, and the reading of their keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compare.typed.codes import bare, meant
from compare.typed.headings import FIELDS, Heading, names_unit, other_unit
from compare.typed.records import Entry, FormKey, Problem, Sheet, Spot
from layouts.model import Layout, TableLayout
from layouts.problems import span
from postprocess.units import in_thousands

RESPONDENT = (Heading.BIN, Heading.IIN, Heading.YEAR, Heading.KATO, Heading.FORM)  # what tells forms without papers
IDENTIFIERS = frozenset({Heading.BIN, Heading.IIN})

_TOTAL = re.compile(r"\W*(итог\w*|всего|жиын\w*|барлығы|total|sum)\b", re.IGNORECASE)
_SECTION = re.compile(
    r"(?:раздел|section|бөлім)\s*№?\s*(\d+)|(\d+)\s*-?\s*(?:бөлім|раздел|section)|^\s*(\d+)\.\s*[^\W\d]", re.IGNORECASE
)
_SHEET_NAME = re.compile(r"[sS]?(\d+)")  # no more: a workbook's sheets are called "Лист2" whatever they hold


@dataclass(frozen=True, slots=True)
class Draft:
    """One cell of a form as its row gives it; `lines` are the codes that the row's own may stand for."""

    key: FormKey
    table: TableLayout
    lines: tuple[str, ...]
    line_entry: Entry
    line_spot: Spot
    column: str
    entry: Entry | None
    spot: Spot
    exact: bool = False


@dataclass(slots=True)
class Forms:
    """Numbers the forms of a file whose tables do not name them."""

    number: int = 1  # of the form that tables are of now
    sections: set[int] = field(default_factory=set)  # its tables so far
    sheets: dict[int, str] = field(default_factory=dict)  # form → the sheet it begins on
    papers: dict[int, str] = field(default_factory=dict)  # form → the paper that is named above its tables
    respondents: dict[tuple[str, ...], int] = field(default_factory=dict)  # identifier, year, place → form
    last: tuple[str, ...] = ()  # respondent of the row before

    def table(self, section: int, sheet: str, *, other: bool) -> int:
        """The form that a table is of: a new one where the section comes again, or the head is another's."""
        if self.sections and (other or section in self.sections):
            self.number, self.sections = self.number + 1, set()
        self.sections.add(section)
        self.sheets.setdefault(self.number, sheet)
        return self.number

    def of(self, respondent: tuple[str, ...], told: int) -> int:
        """The form of a row that names its respondent; what it leaves blank is as in the row before."""
        if self.last and not any(respondent[:told]):
            respondent = self.last
        elif self.last and respondent[:told] == self.last[:told]:
            respondent = tuple(now or before for now, before in zip(respondent, self.last, strict=True))
        self.last = respondent
        return self.respondents.setdefault(respondent, len(self.respondents) + 1)


@dataclass(slots=True)
class Gathered:
    """What was found in a file's sheets so far."""

    file: str
    layout: Layout
    drafts: list[Draft] = field(default_factory=list)
    fields: dict[FormKey, dict[str, Entry]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)  # worth telling
    forms: Forms = field(default_factory=Forms)

    def wrong(self, message_id: str, spot: Spot | None, **parameters: str) -> None:
        """One problem more."""
        self.problems.append(Problem(message_id, spot, tuple(parameters.items())))


@dataclass(frozen=True, slots=True)
class RowKeys:
    """Reads the keys of one row: where each stands is known from the headings."""

    sheet: Sheet
    row: int
    at: Mapping[Heading, int]
    number: int | None = None  # of the form that the row is of, where no key says it
    paper: str = ""  # its paper, likewise

    def spot(self, name: Heading) -> Spot:
        """Where a key stands."""
        return self.sheet.spot(self.row, self.at[name])

    def entry(self, name: Heading) -> Entry | None:
        """A key's entry; a merged cell's holds for all its rows."""
        return self.sheet.at(self.row, self.at[name]) if name in self.at else None

    def form(self, gathered: Gathered) -> FormKey | None:
        """Which form the row belongs to, None (and a problem) if its number is none; fields in the row are noted."""
        file, form, source = (self.entry(name) for name in (Heading.FILE, Heading.FORM, Heading.SOURCE))
        number = bare(form.text) if form is not None else str(self._number(gathered))
        if not number.isdecimal():
            gathered.wrong("error.typed-form", self.spot(Heading.FORM), text=form.text if form else "")
            return None
        if form is not None and not file and not source and not IDENTIFIERS.isdisjoint(self.at):
            number = str(self._respondent(gathered))
        paper = file.text if file else self.paper or gathered.file
        key = FormKey(paper, int(number), source.text if source else "")
        told = gathered.fields.setdefault(key, {})
        for name in FIELDS:
            if (entry := self.entry(name)) is None:
                continue
            if told.setdefault(name.value, entry).text != entry.text:
                before = told[name.value].text
                gathered.wrong(
                    "error.typed-two-values", self.spot(name), field=name.value, text=entry.text, other=before
                )
        return key

    def _number(self, gathered: Gathered) -> int:
        """The form's number where the row has none: of its paper the first, else that of its respondent."""
        if Heading.FILE in self.at or Heading.SOURCE in self.at or self.paper:
            return 1
        if self.number is not None:
            return self.number
        return 1 if IDENTIFIERS.isdisjoint(self.at) else self._respondent(gathered)

    def _respondent(self, gathered: Gathered) -> int:
        told = [self.entry(name) for name in RESPONDENT]
        return gathered.forms.of(tuple(entry.text if entry else "" for entry in told), len(IDENTIFIERS))

    def too_long(self, head: int, gathered: Gathered) -> bool:
        """Whether a CSV row has more cells than its headings (and that problem): a comma parts decimals as well.

        Which figures stand in which column is then anybody's guess.
        """
        length = len(self.sheet.rows[head])
        long = not self.sheet.name and not self.sheet.turned and len(self.sheet.rows[self.row]) > length
        if long:
            gathered.wrong("error.typed-row-long", self.sheet.spot(self.row, length))
        return long

    def table(self, gathered: Gathered) -> TableLayout | None:
        """The table of the row's section; None (and a problem) if there is none."""
        tables = gathered.layout.tables
        entry = self.entry(Heading.SECTION)
        if entry is None:
            if Heading.SECTION not in self.at and len(tables) == 1:
                return tables[0]
            sections = ", ".join(str(table.section) for table in tables)
            spot = self.spot(Heading.SECTION) if Heading.SECTION in self.at else self.sheet.spot(self.row, 0)
            gathered.wrong("error.typed-section-missing", spot, sections=sections)
            return None
        return table_of(entry, self.spot(Heading.SECTION), gathered)

    def lines(self, table: TableLayout, gathered: Gathered) -> tuple[str, ...]:
        """The codes that the row's own may stand for; none (and a problem) if it is no line of the table."""
        entry = self.entry(Heading.LINE)
        codes = [line.code for line in table.lines]
        if entry is None:
            gathered.wrong("error.typed-line-missing", self.spot(Heading.LINE), lines=span(codes))
            return ()
        found = meant(entry, codes)
        if not found:
            told = {"text": entry.text, "section": str(table.section), "lines": span(codes)}
            gathered.wrong("error.typed-line", self.spot(Heading.LINE), **told)
        return found


def table_of(entry: Entry, spot: Spot, gathered: Gathered) -> TableLayout | None:
    """The table whose section an entry names; None (and a problem) if there is none."""
    by_number = {str(table.section): table for table in gathered.layout.tables}
    found = meant(entry, list(by_number)) or meant(Entry(entry.text.lstrip("sS")), list(by_number))
    if not found:
        gathered.wrong("error.typed-section", spot, text=entry.text, sections=", ".join(by_number))
        return None
    return by_number[found[0]]


def section_in(text: str) -> str:
    """The number of the section a title names, "" if it names none.

    >>> section_in("Раздел 2. IT услуги"), section_in("3-бөлім"), section_in("2. Резиденттерге"), section_in("Лист2")
    ('2', '3', '2', '')
    """
    hit = _SECTION.search(text)
    return next((group for group in hit.groups() if group), "") if hit else ""


def only_table(name: str, numbers: Sequence[str], layout: Layout) -> TableLayout | None:
    """The table that a sheet's name says, or the only one that has just these columns, or has them among others."""
    fitting = [t for t in layout.tables if set(numbers) <= {column.number for column in t.columns}]
    plain = _SHEET_NAME.fullmatch(name.strip())
    number = plain[1] if plain else section_in(name)
    named = [t for t in fitting if str(t.section) == number]
    whole = [t for t in fitting if numbers in ([c.number for c in t.columns], [c.number for c in t.amount_columns])]
    return named[0] if named else next((likely[0] for likely in (whole, fitting) if len(likely) == 1), None)


def check_unit(sheet: Sheet, rows: Iterable[int], gathered: Gathered) -> None:
    """A problem where the headings in these rows name another unit than the form's, and none names the form's."""
    texts = [(sheet.spot(row, at), e.text) for row in rows for at, e in enumerate(sheet.rows[row]) if e is not None]
    units = [(spot, other_unit(text)) for spot, text in texts if names_unit(text)]
    if units and all(unit for _, unit in units) and in_thousands(gathered.layout.unit):
        gathered.wrong("error.typed-unit", units[0][0], unit=units[0][1])


def is_total(sheet: Sheet, row: int, edge: int) -> Entry | None:
    """What says, left of the figures, that a row is the typist's own sum over forms; None if nothing does."""
    left = (sheet.at(row, column) for column in range(edge))
    return next((entry for entry in left if entry is not None and _TOTAL.match(entry.text)), None)
