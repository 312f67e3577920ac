"""Whether the lines a form prints are those of its layout: if not, it is of an edition that is not known.

A line counts as not printed only where its place is seen: the lines before and after it are neighbours in one table,
or the table ends after the line before it. Rows that were lost, merged or not understood leave no such place, nor do
missing pages. Sections with the same lines must agree: who cuts lines he has no use for, rarely cuts the same ones
everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from extract.orders import orders_of, orders_on
from extract.place import Placed, is_merged, is_split
from extract.records import Doubt, Sheet
from extract.rows.align import ROW_MARGIN, Alignment, Match
from extract.rows.codes import MOST_HEAD_ROWS
from extract.rows.folding import canonical_code
from extract.rows.rows import CODE_OTHER, Row, code_points, is_filled, witnesses
from layouts.model import FieldKind, Layout, Line

DOUBTFUL = "edition-doubtful"
SOME = 2  # weight from which it may be of another edition: nothing of it is believed unseen
ENOUGH = 4  # weight of the differences from which a form is of another edition: two lines in two sections each
SEEN_ONCE, SEEN_TWICE = 1, 2  # weight of a line's difference in one section, and in all that show it, several
TYPED_EXTRA = 4  # weight of a line too many in several sections of a text layer, where no code is misread
OTHER_ORDER = 2  # weight of an order that is none of the layout's, beside a difference of lines
ENDING = 0.2  # of a page's height that is bare below a table from which it ends there: the next row would have fitted
FOOT = 0.06  # of a page's height where page numbers stand
DARK = 128  # grey level below which a pixel is ink
BARE = 0.002  # share of dark pixels in a strip that dust makes


@dataclass(frozen=True, slots=True)
class Differences:
    """How a form differs from the nearest layout."""

    missing: tuple[str, ...]  # lines of the layout that it does not print
    extra: tuple[str, ...]  # line codes that it prints and the layout does not have
    moved: tuple[str, ...]  # line codes that stand at another line's words
    orders: tuple[str, ...]  # numbers of orders it names, if none of them is the layout's
    weight: int

    @property
    def tell_another(self) -> bool:
        """Whether they are those of another edition, and no accident."""
        return self.weight >= ENOUGH


@dataclass(slots=True)
class _Seen:
    """What the tables with the same lines show: line code → the sections that show it."""

    missing: dict[str, set[int]] = field(default_factory=dict)
    printed: set[str] = field(default_factory=set)
    extra: dict[str, set[int]] = field(default_factory=dict)
    moved: dict[str, set[int]] = field(default_factory=dict)


def doubted(placed: Placed, found: Differences) -> Placed:
    """The form with a doubt on it and on every cell, where some lines differ but too few to tell another edition."""
    if found.weight < SOME:
        return placed
    told = Doubt(
        DOUBTFUL, placed.sheets[0].number, (("lines", ", ".join((*found.missing, *found.extra, *found.moved))),)
    )
    cells = {place: replace(cell, reasons=(*cell.reasons, DOUBTFUL)) for place, cell in placed.cells.items()}
    return replace(placed, cells=cells, doubts=(*placed.doubts, told))


def differences(placed: Placed) -> Differences:
    """How the lines on these pages differ from those of the layout they were placed on."""
    layout, alignment = placed.layout, placed.alignment
    found = [_seen(alignment, layout, sections, placed.sheets) for sections in _alike(layout)]
    missing = {code: sections for seen in found for code, sections in seen.missing.items() if code not in seen.printed}
    extra = {code: sections for seen in found for code, sections in seen.extra.items()}
    moved = {code: sections for seen in found for code, sections in seen.moved.items()}
    orders = _foreign_orders(placed)
    weight = sum(_weight(sections) for each in (extra, moved) for sections in each.values())
    weight += sum(_weight(sections) for sections in missing.values() if len(sections) > 1)
    weight += SEEN_ONCE * _stretches(layout, {code for code, sections in missing.items() if len(sections) == 1})
    if all(sheet.kind == "text" for sheet in placed.sheets) and any(len(sections) > 1 for sections in extra.values()):
        weight = max(weight, TYPED_EXTRA)
    weight += OTHER_ORDER if weight and orders else 0
    return Differences(tuple(missing), tuple(extra), tuple(moved), orders, weight)


def _stretches(layout: Layout, codes: Collection[str]) -> int:
    """How many stretches of lines these are: what one section alone lacks in one place, one accident may have taken."""
    return max(
        (
            sum(
                line.code in codes and (i == 0 or table.lines[i - 1].code not in codes)
                for i, line in enumerate(table.lines)
            )
            for table in layout.tables
        ),
        default=0,
    )


def _weight(sections: set[int]) -> int:
    return SEEN_TWICE if len(sections) > 1 else SEEN_ONCE


def _alike(layout: Layout) -> list[list[int]]:
    """The sections, those with the same lines together."""
    groups: dict[tuple[Line, ...], list[int]] = {}
    for table in layout.tables:
        groups.setdefault(table.lines, []).append(table.section)
    return list(groups.values())


def _seen(alignment: Alignment, layout: Layout, sections: Sequence[int], sheets: Sequence[Sheet]) -> _Seen:
    seen = _Seen()
    for section in sections:
        matches = [match for match in alignment.matches if match.key.section == section]
        codes = [line.code for line in layout.table(section).lines]
        for match in matches:
            other = _other_code(match)
            if not other:
                seen.printed.add(match.key.line.code)
            elif other in codes:
                seen.moved.setdefault(other, set()).add(section)
        for code in _foreign_codes(alignment, section, codes):
            seen.extra.setdefault(code, set()).add(section)
        for code in _not_printed(alignment, matches, layout, sheets):
            seen.missing.setdefault(code, set()).add(section)
    return seen


def _other_code(match: Match) -> str:
    """The code that stands at a line's words if it is another line's; "" if it is its own, or cannot be read."""
    for row in match.rows:
        columns = row.maps[match.key.section]
        read = canonical_code(witnesses(row, columns).code)
        if "." in read and not is_merged(row, columns) and code_points(read, match.key.line.code) == CODE_OTHER:
            return read
    return ""


def _foreign_codes(alignment: Alignment, section: int, codes: Sequence[str]) -> Iterator[str]:
    """Line codes in the table that no line of the layout has, though points be lost."""
    roots = {code.partition(".")[0] for code in codes}
    known = {code.replace(".", "") for code in codes}
    deepest = max(code.count(".") for code in codes)  # more points: codes of two rows whose ruling is lost
    rows = [row for match in alignment.matches if match.key.section == section for row in match.rows]
    rows += [row for row in alignment.skipped if section in row.maps]
    for row in rows:
        read = canonical_code(witnesses(row, row.maps[section]).code)
        if is_merged(row, row.maps[section]) or not 0 < read.count(".") <= deepest:
            continue
        if read.partition(".")[0] in roots and read.replace(".", "") not in known:
            yield read


def _not_printed(
    alignment: Alignment, matches: Sequence[Match], layout: Layout, sheets: Sequence[Sheet]
) -> Iterator[str]:
    """The lines whose place is seen, and who are not there."""
    codes = [line.code for line in layout.table(matches[0].key.section).lines] if matches else []
    between = {id(row) for row in alignment.skipped if not _speaks(row)}
    for upper, lower in pairwise(matches):
        first, last = (codes.index(match.key.line.code) for match in (upper, lower))
        if (
            last > first + 1
            and _sure(upper)
            and _sure(lower)
            and _neighbours(upper.rows[-1], lower.rows[0], between, alignment)
        ):
            yield from codes[first + 1 : last]
    if matches and _sure(matches[-1]) and _ends(matches[-1].rows[-1], alignment, layout, sheets):
        yield from codes[codes.index(matches[-1].key.line.code) + 1 :]


def _speaks(row: Row) -> bool:
    """Whether a row that is no line has a code or figures: it may be one."""
    told = (witnesses(row, columns).code.strip() for columns in row.maps.values())
    return any(told) or any(is_filled(row, section) for section in row.maps)


def _sure(match: Match) -> bool:
    """Whether a line is certainly this one row: no other's ruling is lost in it, nor is it pieced from two pages."""
    rows = [(row, row.maps[match.key.section]) for row in match.rows]
    read = any(canonical_code(witnesses(row, columns).code) for row, columns in rows)
    doubtful = any(is_merged(row, columns) or is_split(row, columns) for row, columns in rows)
    return len(rows) == 1 and read and not doubtful and match.margin >= ROW_MARGIN


def _neighbours(upper: Row, lower: Row, between: Iterable[int], alignment: Alignment) -> bool:
    """Whether nothing but rows without a word of their own stands between two rows of one table."""
    if upper.sheet.number != lower.sheet.number or upper.grid != lower.grid:
        return False
    silent = {row.index for row in alignment.skipped if id(row) in set(between) and _same_grid(row, upper)}
    return all(index in silent for index in range(upper.index + 1, lower.index))


def _same_grid(first: Row, second: Row) -> bool:
    return first.sheet.number == second.sheet.number and first.grid == second.grid


def _ends(row: Row, alignment: Alignment, layout: Layout, sheets: Sequence[Sheet]) -> bool:
    """Whether a table ends below a row, and does not go on overleaf."""
    if not row.last or row.open_bottom:
        return False
    sheet = next(sheet for sheet in sheets if sheet.number == row.sheet.number)
    below = {
        other.grid
        for match in alignment.matches
        for other in match.rows
        if other.sheet.number == row.sheet.number and other.grid > row.grid
    }
    options = {len(f.options) for f in layout.fields if f.kind is FieldKind.OPTION}
    strip = any(grid.rows <= MOST_HEAD_ROWS and grid.columns in options for grid in sheet.grids[row.grid + 1 :])
    return bool(below) or strip or _bare_below(sheet, row)


def _bare_below(sheet: Sheet, row: Row) -> bool:
    """Whether so much of the page is bare below the row's table that another row would have found room."""
    height = sheet.picture.shape[0]
    top = round(sheet.grids[row.grid].box.y1 * sheet.scale) + round(0.01 * height)
    bottom = round((1 - FOOT) * height)
    if bottom - top < ENDING * height:
        return False
    strip = sheet.picture[top : top + round(ENDING * height)]
    return bool(np.mean(strip < DARK) <= BARE)


def _foreign_orders(placed: Placed) -> tuple[str, ...]:
    """The orders that pages with a text layer name, if none of them is the layout's."""
    read = frozenset(number for sheet in placed.sheets for number in orders_on(sheet))
    return () if read & orders_of(placed.layout) else tuple(sorted(read))


def as_parameters(found: Differences) -> Mapping[str, str]:
    """The differences as a message tells them; "–" where there are none of a kind."""
    kinds = {"missing": found.missing, "extra": found.extra, "moved": found.moved, "orders": found.orders}
    return {name: ", ".join(codes) or "–" for name, codes in kinds.items()}
