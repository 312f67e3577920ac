"""Figures that run over a ruling into the cell beside are doubted; neighbours with margins are not."""

from __future__ import annotations

from pathlib import Path

from tests.extract.papers import FONT, HIGH, LEFT, TOP, WIDE, make_pdf, sheet_of, table

EMPTY = (("", "", "", ""), ("", "", "", ""))


def marks(path: Path, row: int, column: int) -> tuple[str, ...]:
    cell = sheet_of(path).grids[0].at(row, column)
    assert cell is not None
    return cell.marks


def test_a_number_that_runs_over_into_the_next_cell_is_doubted_on_both_sides(tmp_path):
    def draw(canvas):
        table(canvas, EMPTY)
        canvas.setFont(FONT, 9)
        canvas.drawRightString(LEFT + 3 * WIDE - 4, TOP - 14, "12 345 678 088 804,3")
        canvas.drawRightString(LEFT + 4 * WIDE - 4, TOP - HIGH - 14, "12 345,6")

    path = make_pdf(tmp_path / "over.pdf", draw)
    assert [marks(path, 0, c) for c in (1, 2)] == [("ink-over-edge",)] * 2
    assert [marks(path, 1, c) for c in range(4)] == [()] * 4


def test_figures_that_fill_their_cells_are_no_doubt(tmp_path):
    def draw(canvas):
        table(canvas, EMPTY)
        canvas.setFont(FONT, 9)
        for column in range(4):
            canvas.drawRightString(LEFT + (column + 1) * WIDE - 2, TOP - 14, "1 234 567,8")
            canvas.drawString(LEFT + column * WIDE + 2, TOP - HIGH - 14, "1 234 567,8")

    path = make_pdf(tmp_path / "full.pdf", draw)
    assert {marks(path, r, c) for r in range(2) for c in range(4)} == {()}
