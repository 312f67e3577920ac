"""A file of typed figures → the cells of each form in it, on the layout they fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from compare.typed.drafts import Gathered
from compare.typed.headings import Heading
from compare.typed.lines import settle_lines
from compare.typed.long import find_headings, gather_long
from compare.typed.records import BadTable, Entry, Problem, Sheet, TypedForm, TypedTable
from compare.typed.wide import find_blocks, gather_wide
from layouts.model import Layout
from postprocess.identifiers import LENGTHS, faults


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
        head = find_headings(sheet)
        blocks = [] if head is not None else find_blocks(sheet, layout)
        if head is not None:
            gather_long(sheet, head, gathered)
        elif blocks:
            gather_wide(sheet, blocks, gathered)
        elif any(any(row) for row in sheet.rows):
            gathered.notes.append(Problem("told.typed-sheet-passed", None, (("sheet", sheet.name),)))
    forms = settle_lines(gathered)
    if not forms and not gathered.problems:
        gathered.wrong("error.typed-no-table", None)
    for key, form in forms.items():
        told = gathered.fields.get(key, {})
        form.fields = _fields(told, layout)
        form.operator = told[Heading.OPERATOR.value].text if Heading.OPERATOR.value in told else ""
    return gathered, TypedTable(layout, forms, (*dict.fromkeys(gathered.notes), *_left_out(forms.values(), layout)))


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
