"""Tables laid out like the form: a row a line, a column for each of its columns, one block a section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from compare.typed.above import said_above
from compare.typed.codes import bare, meant
from compare.typed.drafts import Draft, Gathered, RowKeys, check_unit, only_table, section_in, table_of
from compare.typed.headings import Heading, NumberRow, headings, number_row
from compare.typed.records import Entry, FormKey, Problem, Sheet
from layouts.model import Layout, TableLayout

HEAD_ROWS = 6  # rows above the column numbers that may hold headings of keys
SAID = ((Heading.BIN, Heading.IIN), (Heading.YEAR,))  # what a head says by which forms differ
NAMING = {Heading.FILE, Heading.FORM, Heading.SOURCE, Heading.BIN, Heading.IIN}  # keys of rows by which forms differ
TITLE_LIKE = 85  # rapidfuzz points between a row and the heading of a section from which it is that heading


@dataclass(frozen=True, slots=True)
class Block:
    """One table on a sheet: its row of column numbers, where the codes stand, and the rows below it."""

    numbers: NumberRow
    code: int
    first: int
    last: int  # the last row that has a code
    end: int  # where the next table's column numbers stand, or the sheet ends


def find_blocks(sheet: Sheet, layout: Layout) -> list[Block]:
    """Every table of the sheet, from top to bottom."""
    blocks: list[Block] = []
    for row, entries in enumerate(sheet.rows):
        found = number_row(entries, row, layout)
        if found is None or (blocks and _is_data(sheet, row, blocks[-1].code, layout)):
            continue
        code = found.code if found.code is not None else _code_column(sheet, found, layout)
        if code is not None and not _is_data(sheet, row, code, layout):
            blocks.append(Block(found, code, row + 1, row, len(sheet.rows)))
    ends = [*(block.numbers.row for block in blocks[1:]), len(sheet.rows)]
    return [_closed(sheet, block, ends[number], layout) for number, block in enumerate(blocks)]


def gather_wide(sheet: Sheet, blocks: Sequence[Block], gathered: Gathered) -> None:
    """The cells of every block, and what is said above it once for the form that it is of."""
    top = 0
    for block in blocks:
        at = _keys(sheet, block, top)
        check_unit(sheet, range(max(top, block.numbers.row - HEAD_ROWS), block.numbers.row + 1), gathered)
        table = None if Heading.SECTION in at else _table(sheet, block, top, gathered)
        if table is not None or Heading.SECTION in at:
            said = said_above(sheet.rows[top : block.numbers.row])
            number, paper = (None, "") if NAMING & at.keys() else _form_of(sheet, table, said, gathered)
            for row in range(block.first, _end(sheet, block)):
                _gather_row(RowKeys(sheet, row, at, number, paper), block, table, gathered)
        top = block.last + 1


def _form_of(
    sheet: Sheet, table: TableLayout | None, said: Mapping[Heading, Entry], gathered: Gathered
) -> tuple[int, str]:
    """The number of the form that a block is of, and its paper where that is named."""
    forms = gathered.forms
    before = gathered.fields.get(_key(forms.number, gathered), {})
    paper = said.get(Heading.FILE)
    other = _another(before, said) or (paper is not None and forms.papers.get(forms.number, paper.text) != paper.text)
    number = forms.table(table.section, sheet.name, other=other) if table is not None else forms.number
    if paper is not None:
        forms.papers[number] = paper.text
    told = gathered.fields.setdefault(_key(number, gathered), {})
    for name, entry in said.items():
        if name is not Heading.FILE:
            told.setdefault(name.value, entry)
    return number, forms.papers.get(number, "")


def _another(before: Mapping[str, Entry], said: Mapping[Heading, Entry]) -> bool:
    """Whether a head is of another respondent, or another year, than what is known of the form so far."""
    for names in SAID:
        known = {before[name].text for name in names if name in before}
        told = {said[name].text for name in names if name in said}
        if known and told and known.isdisjoint(told):
            return True
    return False


def _key(number: int, gathered: Gathered) -> FormKey:
    paper = gathered.forms.papers.get(number)
    return FormKey(paper) if paper else FormKey(gathered.file, number)


def _codes(layout: Layout) -> list[str]:
    return list(dict.fromkeys(line.code for table in layout.tables for line in table.lines))


def _is_data(sheet: Sheet, row: int, code: int, layout: Layout) -> bool:
    """Whether a row of numbers is a line of the block above: its code stands where the block's codes stand."""
    entry = sheet.at(row, code)
    return entry is not None and bool(meant(entry, _codes(layout)))


def _code_column(sheet: Sheet, numbers: NumberRow, layout: Layout) -> int | None:
    """The column left of the figures that holds most line codes; None if none holds any."""
    codes = _codes(layout)
    below = range(numbers.row + 1, len(sheet.rows))
    count = {
        column: sum(1 for row in below if (entry := sheet.at(row, column)) is not None and meant(entry, codes))
        for column in range(min(numbers.columns))
    }
    return max(count, key=lambda column: (count[column], -column)) if any(count.values()) else None


def _closed(sheet: Sheet, block: Block, end: int, layout: Layout) -> Block:
    coded = [row for row in range(block.first, end) if _is_data(sheet, row, block.code, layout)]
    return replace(block, last=max(coded, default=block.numbers.row), end=end)


def _end(sheet: Sheet, block: Block) -> int:
    """One beyond the block's last row: rows right below the last code belong to it if they hold figures."""
    end = block.last + 1
    while end < block.end and any(_figures(sheet, end, block)):
        end += 1
    return end


def _figures(sheet: Sheet, row: int, block: Block) -> Iterable[Entry]:
    return (e for column in block.numbers.columns if (e := sheet.at(row, column)) is not None and not e.merged)


def _keys(sheet: Sheet, block: Block, top: int) -> dict[Heading, int]:
    """Where the keys of each row stand: headed, left of the figures, in the row of numbers or beside the line codes.

    What stands elsewhere above is said once for the whole form.
    """
    edge = min(block.numbers.columns)
    found: dict[Heading, int] = {}
    for row in range(block.numbers.row, max(top, block.numbers.row - HEAD_ROWS) - 1, -1):
        here = headings(sheet.rows[row][:edge])
        if row == block.numbers.row or Heading.LINE in here:
            found = here | found
    return {name: column for name, column in found.items() if column != block.code} | {Heading.LINE: block.code}


def _table(sheet: Sheet, block: Block, top: int, gathered: Gathered) -> TableLayout | None:
    """The table a block is: as a row above it says, or the sheet's name, or as its columns allow only one."""
    tables = gathered.layout.tables
    numbers = list(block.numbers.columns.values())
    fitting = [t for t in tables if set(numbers) <= {column.number for column in t.columns}]
    if (told := _titled(sheet, range(top, block.numbers.row), fitting)) is not None:
        return told
    if (found := only_table(sheet.name, numbers, gathered.layout)) is not None:
        return found
    spot = sheet.spot(block.numbers.row, min(block.numbers.columns))
    gathered.wrong("error.typed-block", spot, sections=", ".join(str(t.section) for t in tables))
    return None


def _titled(sheet: Sheet, rows: Iterable[int], tables: Sequence[TableLayout]) -> TableLayout | None:
    """The table that the nearest title names by its section or by its heading."""
    for row in reversed(rows if isinstance(rows, range) else list(rows)):
        for entry in sheet.rows[row]:
            if entry is None or entry.merged or not isinstance(entry.content, str):
                continue
            number = section_in(entry.content)
            for table in tables:
                if number == str(table.section) or (not number and _is_title(entry.content, table)):
                    return table
    return None


def _is_title(text: str, table: TableLayout) -> bool:
    return len(text) > 20 and any(fuzz.partial_ratio(text, title) >= TITLE_LIKE for title in table.title.all())


def _gather_row(told: RowKeys, block: Block, table: TableLayout | None, gathered: Gathered) -> None:
    sheet, code = told.sheet, told.entry(Heading.LINE)
    known = code is not None and bool(meant(code, _codes(gathered.layout)))
    if not (known or _amounts(sheet, told.row, block) or (code is not None and _like_code(code))):
        return  # a heading, «в том числе», a footer
    if told.too_long(block.numbers.row, gathered):
        return
    if told.row > block.last and code is not None and not _like_code(code):
        gathered.notes.append(Problem("told.typed-row-passed", told.spot(Heading.LINE), (("text", code.text),)))
        return
    if table is None:
        section = told.entry(Heading.SECTION)
        if section is None:
            told.table(gathered)
            return
        table = table_of(section, told.spot(Heading.SECTION), gathered)
    key = told.form(gathered)
    if table is None or key is None:
        return
    lines = told.lines(table, gathered)
    if not lines or code is None:
        return
    for column, number in block.numbers.columns.items():
        if number in {each.number for each in table.columns}:
            spot = sheet.spot(told.row, column)
            line_spot = told.spot(Heading.LINE)
            gathered.drafts.append(Draft(key, table, lines, code, line_spot, number, sheet.at(told.row, column), spot))


def _like_code(entry: Entry) -> bool:
    """Whether something without letters stands where the code should: a code that is none of the form's."""
    return not any(ch.isalpha() for ch in bare(entry.text))


def _amounts(sheet: Sheet, row: int, block: Block) -> bool:
    """Whether a row holds figures rather than words in the columns of figures."""
    return any(any(ch.isdigit() for ch in entry.text) for entry in _figures(sheet, row, block))
