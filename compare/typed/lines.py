"""Drafts → cells: which line each row is, where its own code leaves that open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from compare.typed.codes import bare, in_order, keeps_zero
from compare.typed.drafts import Draft, Gathered
from compare.typed.records import Cell, FormKey, Problem, TypedForm
from layouts.model import Place


def settle_lines(gathered: Gathered) -> dict[FormKey, TypedForm]:
    """Every form with its cells; problems and what is worth telling go to `gathered`."""
    columns: dict[tuple[FormKey, int, str], list[Draft]] = defaultdict(list)
    for draft in gathered.drafts:
        columns[draft.key, draft.table.section, draft.column].append(draft)
    kept = any(map(keeps_zero, {draft.line_entry for draft in gathered.drafts}))
    forms: dict[FormKey, TypedForm] = {}
    for drafts in columns.values():
        for draft in _settled(drafts, gathered, zeros_kept=kept):
            form = forms.setdefault(draft.key, TypedForm(draft.key))
            _add(form, draft, gathered)
    return forms


def _settled(drafts: Sequence[Draft], gathered: Gathered, *, zeros_kept: bool) -> list[Draft]:
    """The rows of one column of a form, each with the one line it is.

    Where texts of the file have kept their noughts, a text is what is written. Else the order of rows tells; where it
    does not, a text counts as written, with a note, and a number is a problem: nobody can see which line it was.
    """
    if all(len(draft.lines) == 1 for draft in drafts):
        return list(drafts)
    codes = [line.code for line in drafts[0].table.lines]
    if zeros_kept:
        drafts = [replace(draft, lines=draft.lines[:1]) if _as_written(draft) else draft for draft in drafts]
    positions = _positions([tuple(codes.index(code) for code in draft.lines) for draft in drafts])
    settled = []
    for draft, possible in zip(drafts, positions, strict=True):
        left = tuple(sorted((codes[p] for p in possible), key=draft.lines.index))
        if len(left) > 1:
            told = (("text", draft.line_entry.text), ("lines", ", ".join(left)))
            if not isinstance(draft.line_entry.content, str):
                gathered.problems.append(Problem("error.typed-line-open", draft.line_spot, told))
                continue
            gathered.notes.append(Problem("told.typed-line-as-written", draft.line_spot, told))
            left = draft.lines[:1]
        settled.append(draft if left == draft.lines else replace(draft, lines=left))
    return settled


def _as_written(draft: Draft) -> bool:
    """Whether its code may be several lines and is a text that is one of them as it stands."""
    if len(draft.lines) == 1:
        return False
    return isinstance(draft.line_entry.content, str) and bare(draft.line_entry.text) == draft.lines[0]


def _positions(rows: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Of each row's positions those that the order of rows leaves; a total may stand at the foot as well as on top."""
    if (found := in_order(rows)) is not None:
        return found
    parts = in_order([row for row in rows if row != (0,)])
    if parts is None:
        return list(rows)
    rest = iter(parts)
    return [row if row == (0,) else next(rest) for row in rows]


def _add(form: TypedForm, draft: Draft, gathered: Gathered) -> None:
    """One cell more; a second one of the same place is a problem."""
    place = Place(draft.table.section, draft.lines[0], draft.column)
    if place in form.cells:
        before = form.cells[place].spot.told
        told = {"place": str(place), "first_row": before["row"], "first_column": before["column"]}
        gathered.wrong("error.typed-twice", draft.spot, first_sheet=before["sheet"], **told)
        return
    form.cells[place] = Cell(place, draft.entry, draft.spot, draft.exact)
