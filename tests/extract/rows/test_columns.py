"""Columns by their number row, by what came before, by headings; position alone is a doubt."""

from __future__ import annotations

from extract.rows.columns import Witness, headings_conflict, map_columns
from tests.extract.paper import BODY, HEADINGS, NUMBER_ROW, grid, small_layout

TABLE = small_layout().table(1)


def test_the_number_row_decides_also_where_columns_are_exchanged():
    columns = map_columns(grid([["А", "Б", "В", "2", "1", "3"], *BODY]), TABLE)
    assert columns is not None
    assert columns.witness is Witness.NUMBERS
    assert dict(columns.columns) == {3: "2", 4: "1", 5: "3"}


def test_a_number_that_was_not_legible_is_filled_in_where_only_one_place_is_left():
    columns = map_columns(grid([["А", "5", "8", "1", "", "3"], *BODY]), TABLE)
    assert columns is not None
    assert dict(columns.columns) == {3: "1", 4: "2", 5: "3"}


def test_a_page_without_headings_goes_on_with_the_columns_of_the_page_before():
    first = map_columns(grid([["А", "Б", "В", "2", "1", "3"], *BODY]), TABLE)
    later = map_columns(grid(BODY), TABLE, first)
    assert later is not None
    assert later.witness is Witness.CONTINUED
    assert dict(later.columns) == {3: "2", 4: "1", 5: "3"}


def test_headings_stand_in_for_a_lost_number_row():
    order = [0, 1, 2, 4, 3, 5]
    columns = map_columns(grid([[HEADINGS[i] for i in order], *BODY]), TABLE)
    assert columns is not None
    assert columns.witness is Witness.HEADINGS
    assert dict(columns.columns) == {3: "2", 4: "1", 5: "3"}


def test_position_alone_is_said():
    columns = map_columns(grid(BODY), TABLE)
    assert columns is not None
    assert columns.witness is Witness.POSITION
    assert columns.doubts == ("columns-by-position",)


def test_a_grid_of_another_width_is_no_part_of_the_table():
    assert map_columns(grid([["a", "b"], ["c", "d"]]), TABLE) is None


def test_headings_that_contradict_the_number_row_are_noticed():
    agreeing = grid([HEADINGS, NUMBER_ROW, *BODY])
    exchanged = grid([[*HEADINGS[:4], HEADINGS[5], HEADINGS[4]], NUMBER_ROW, *BODY])
    for table, conflict in ((agreeing, False), (exchanged, True)):
        columns = map_columns(table, TABLE)
        assert columns is not None
        assert headings_conflict(table, TABLE, columns) is conflict
