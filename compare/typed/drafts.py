"""What a table's rows have in common: figures whose line may still be open, and the reading of their keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from compare.typed.codes import bare, meant
from compare.typed.headings import FIELDS, Heading
from compare.typed.records import Entry, FormKey, Problem, Sheet, Spot
from layouts.model import Layout, TableLayout
from layouts.problems import span


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
class Gathered:
    """What was found in a file's sheets so far."""

    file: str
    layout: Layout
    drafts: list[Draft] = field(default_factory=list)
    fields: dict[FormKey, dict[str, Entry]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)  # worth telling

    def wrong(self, message_id: str, spot: Spot | None, **parameters: str) -> None:
        """One problem more."""
        self.problems.append(Problem(message_id, spot, tuple(parameters.items())))


@dataclass(frozen=True, slots=True)
class RowKeys:
    """Reads the keys of one row: where each stands is known from the headings."""

    sheet: Sheet
    row: int
    at: Mapping[Heading, int]

    def spot(self, name: Heading) -> Spot:
        """Where a key stands."""
        return Spot(self.sheet.name, self.row, self.at[name])

    def entry(self, name: Heading) -> Entry | None:
        """A key's entry; a merged cell's holds for all its rows."""
        return self.sheet.at(self.row, self.at[name]) if name in self.at else None

    def form(self, gathered: Gathered) -> FormKey | None:
        """Which form the row belongs to, None (and a problem) if its number is none; fields in the row are noted."""
        file, form, source = (self.entry(name) for name in (Heading.FILE, Heading.FORM, Heading.SOURCE))
        number = bare(form.text) if form is not None else "1"
        if not number.isdecimal():
            gathered.wrong("error.typed-form", self.spot(Heading.FORM), text=form.text if form else "")
            return None
        key = FormKey(file.text if file else gathered.file, int(number), source.text if source else "")
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

    def too_long(self, head: int, gathered: Gathered) -> bool:
        """Whether a CSV row has more cells than its headings (and that problem): a comma parts decimals as well.

        Which figures stand in which column is then anybody's guess.
        """
        length = len(self.sheet.rows[head])
        long = not self.sheet.name and len(self.sheet.rows[self.row]) > length
        if long:
            gathered.wrong("error.typed-row-long", Spot(self.sheet.name, self.row, length))
        return long

    def table(self, gathered: Gathered) -> TableLayout | None:
        """The table of the row's section; None (and a problem) if there is none."""
        tables = gathered.layout.tables
        entry = self.entry(Heading.SECTION)
        if entry is None:
            if Heading.SECTION not in self.at and len(tables) == 1:
                return tables[0]
            sections = ", ".join(str(table.section) for table in tables)
            spot = self.spot(Heading.SECTION) if Heading.SECTION in self.at else Spot(self.sheet.name, self.row, 0)
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
