"""A stored page to an upright sheet with its cells, whichever way it came."""

from __future__ import annotations

from extract.readers.combine import orient_score
from extract.records import Columns, Readers, Sheet, StoredPage
from extract.scan.sheet import scan_sheet
from extract.text.sheet import text_sheet


def find_cells(page: StoredPage, readers: Readers, before: Columns | None = None) -> Sheet:
    """The page upright and flat, with its grids, code boxes and text lines.

    `before` are the columns on the page before, which go on here where no ruling and no number row shows them.
    """
    if page.kind == "text":
        return text_sheet(page, before)
    return scan_sheet(page, lambda crops: orient_score(readers, crops), before)
