"""A file of typed figures → the cells of each form in it, on the layout they fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from compare.typed.across import find_head, gather_across
from compare.typed.drafts import Draft, Gathered
from compare.typed.headings import Heading
from compare.typed.lines import settle_lines
from compare.typed.long import find_headings, gather_long
from compare.typed.records import BadTable, Entry, FormKey, Problem, Sheet, TypedForm, TypedTable
from compare.typed.wide import find_blocks, gather_wide
from layouts.model import Layout
from postprocess.identifiers import LENGTHS, faults

MOST_ROWS = 8  # hidden ones, named in a note


def read_typed(file: str, sheets: Sequence[Sheet], layouts: Mapping[str, Layout]) -> TypedTable:
    """The forms of a file's sheets, on the one of these layouts that it fits.

    Raises BadTable, with every problem, where no layout fits, or several do.
    """
    attempts = [_gathered(file, sheets, layout) for layout in layouts.values()]
    sound = [(gathered, table) for gathered, table in attempts if not gathered.problems]
    if len(sound) > 1:
        names = ", ".join(table.layout.id for _, table in sound)
        raise BadTable(file, [Problem("error.typed-several-layouts", None, (("layouts", names),))])
    if not sound:
        fewest = min((gathered for gathered, _ in attempts), key=lambda gathered: len(gathered.problems))
        raise BadTable(file, dict.fromkeys(fewest.problems))  # a row's code is told of once, not once a column
    return sound[0][1]


def _gathered(file: str, sheets: Sequence[Sheet], layout: Layout) -> tuple[Gathered, TypedTable]:
    """What the sheets say if they are typed for this layout."""
    gathered = Gathered(file, layout)
    for sheet in sheets:
        before = len(gathered.drafts)
        if not (_gather(sheet, gathered) or _gather(sheet.across(), gathered)) and any(any(row) for row in sheet.rows):
            gathered.notes.append(Problem("told.typed-sheet-passed", None, (("sheet", sheet.name),)))
        _tell_hidden(sheet, gathered.drafts[before:], gathered)
    forms = settle_lines(gathered)
    if not forms and not gathered.problems:
        gathered.wrong("error.typed-no-table", None)
    for key, form in forms.items():
        told = gathered.fields.get(key, {})
        form.fields = _fields(told, layout)
        form.operator = told[Heading.OPERATOR.value].text if Heading.OPERATOR.value in told else ""
    forms = _by_sheets(forms, gathered)
    return gathered, TypedTable(layout, forms, (*dict.fromkeys(gathered.notes), *_left_out(forms.values(), layout)))


def _gather(sheet: Sheet, gathered: Gathered) -> bool:
    """Take up a sheet of any shape; whether it is of one."""
    if not sheet.turned and (long := find_headings(sheet)) is not None:
        gather_long(sheet, long, gathered)
        return True
    head, blocks = find_head(sheet, gathered.layout), find_blocks(sheet, gathered.layout)
    if head is not None and (head.plain or not blocks):
        gather_across(sheet, head, gathered)
    elif blocks:
        gather_wide(sheet, blocks, gathered)
    return head is not None or bool(blocks)


def _tell_hidden(sheet: Sheet, drafts: Iterable[Draft], gathered: Gathered) -> None:
    """A note on rows that the program does not show and that were read all the same."""
    if not sheet.hidden:
        return
    if hidden := sorted({draft.spot.row for draft in drafts if draft.entry is not None} & sheet.hidden):
        rows = ", ".join(str(row + 1) for row in hidden[:MOST_ROWS]) + (" …" if len(hidden) > MOST_ROWS else "")
        gathered.notes.append(Problem("told.typed-rows-hidden", None, (("sheet", sheet.name), ("rows", rows))))


def _by_sheets(forms: Mapping[FormKey, TypedForm], gathered: Gathered) -> dict[FormKey, TypedForm]:
    """Forms that have a sheet each are named after it: people give sheets the names of papers."""
    sheets = gathered.forms.sheets
    if len(sheets) < 2 or len(set(sheets.values())) < len(sheets):
        return dict(forms)
    named: dict[FormKey, TypedForm] = {}
    for key, form in forms.items():
        if key.file == gathered.file and not key.source and key.form in sheets:
            form.key = FormKey(sheets[key.form])
        named[form.key] = form
    return named


def _fields(told: Mapping[str, Entry], layout: Layout) -> dict[str, str]:
    """The header fields that the layout has."""
    checks = {field.id: field.check for field in layout.fields}
    return {name: _code(entry, checks[name]) for name, entry in told.items() if name in checks}


def _code(entry: Entry, check: str) -> str:
    """A code with the noughts at its head that a spreadsheet took, where its check says that they were there."""
    length = LENGTHS.get(check, 0)
    whole = entry.text.zfill(length)
    if len(entry.text) < length and entry.text.isdecimal() and check != "year" and not faults(whole, check, 0):
        return whole
    return entry.text


def _left_out(forms: Iterable[TypedForm], layout: Layout) -> Iterator[Problem]:
    """Sections and columns of figures that a form has no cell of: they count as blank, which may not be meant."""
    for form in forms:
        there = {(place.section, place.column) for place in form.cells}
        for table in layout.tables:
            missing = [c.number for c in table.amount_columns if (table.section, c.number) not in there]
            told = (("form", str(form.key.form)), ("of", form.key.file), ("section", str(table.section)))
            if len(missing) == len(table.amount_columns):
                yield Problem("told.typed-section-absent", None, told)
            elif missing:
                yield Problem("told.typed-columns-absent", None, (*told, ("columns", ", ".join(missing))))
