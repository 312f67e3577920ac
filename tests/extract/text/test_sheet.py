"""Text pages: what stands in which cell, however the rulings are drawn and the text is set."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from reportlab.lib.pagesizes import A4

from extract.intake import find_sources, open_pages
from extract.records import Box, Word
from extract.text.lines import joined
from extract.text.sheet import text_sheet
from tests.extract.papers import FONT, HIGH, LEFT, ROWS, TOP, WIDE, make_pdf, noise, pages_of, sheet_of, table, texts_of

SAMPLES = os.environ.get("QAGAZ_SAMPLES", "")
WANTED = [list(row) for row in ROWS]


def stroked(canvas, x0, y0, x1, y1):
    canvas.line(x0, y0, x1, y1)


def bars(canvas, x0, y0, x1, y1):
    canvas.rect(x0 - 0.25, y1 - 0.25, x1 - x0 + 0.5, y0 - y1 + 0.5, stroke=0, fill=1)


def dashed(canvas, x0, y0, x1, y1):
    canvas.setDash([2, 2], 0)
    canvas.line(x0, y0, x1, y1)


def pieces(canvas, x0, y0, x1, y1):
    """Each cell's side for itself, as Word draws them."""
    steps = round(max((x1 - x0) / WIDE, (y0 - y1) / HIGH))
    for i in range(steps):
        a, b = i / steps, (i + 1) / steps
        bars(canvas, x0 + a * (x1 - x0), y0 + a * (y1 - y0), x0 + b * (x1 - x0), y0 + b * (y1 - y0))


def short_dashes(canvas, x0, y0, x1, y1):
    """Dashes drawn one by one."""
    length = max(x1 - x0, y0 - y1)
    for i in range(0, int(length), 6):
        a, b = i / length, min(i + 4, length) / length
        canvas.line(x0 + a * (x1 - x0), y0 + a * (y1 - y0), x0 + b * (x1 - x0), y0 + b * (y1 - y0))


@pytest.mark.parametrize("rule", [stroked, bars, dashed, pieces, short_dashes])
def test_a_table_is_read_however_its_rulings_are_drawn(tmp_path, rule):
    sheet = sheet_of(make_pdf(tmp_path / "a.pdf", lambda c: table(c, rule=rule)))
    assert texts_of(sheet) == WANTED
    assert sheet.lines == ()
    assert all(cell.ink == 1.0 for cell in sheet.grids[0].cells)


def test_cells_drawn_as_rectangles_side_by_side(tmp_path):
    def draw(canvas):
        table(canvas, rule=lambda *_: None)
        for i in range(3):
            for j in range(4):
                canvas.rect(LEFT + WIDE * j, TOP - HIGH * (i + 1), WIDE, HIGH)

    assert texts_of(sheet_of(make_pdf(tmp_path / "a.pdf", draw))) == WANTED


def test_boxes_with_rounded_corners_are_boxes(tmp_path):
    def draw(canvas):
        canvas.setFont(FONT, 9)
        for i, digit in enumerate("0209"):
            canvas.roundRect(50 + 18 * i, 600, 16, 16, 3)
            canvas.drawString(55 + 18 * i, 604, digit)

    (run,) = sheet_of(make_pdf(tmp_path / "a.pdf", draw)).boxes
    assert [cell.text for cell in run.cells] == list("0209")


def test_an_oval_around_an_option_is_no_box(tmp_path):
    def draw(canvas):
        canvas.setFont(FONT, 9)
        canvas.drawString(55, 604, "2")
        canvas.ellipse(45, 598, 70, 616)

    sheet = sheet_of(make_pdf(tmp_path / "a.pdf", draw))
    assert (sheet.grids, sheet.boxes) == ((), ())
    assert [line.text for line in sheet.lines] == ["2"]


@pytest.mark.parametrize(("turn", "move", "degrees"), [(90, (A4[0], 0), 90), (180, A4, 180), (270, (0, A4[1]), -90)])
def test_a_page_turned_in_its_content_is_set_upright(tmp_path, turn, move, degrees):
    def draw(canvas):
        canvas.translate(*move)
        canvas.rotate(degrees)
        table(canvas, top=500)

    path = make_pdf(tmp_path / "a.pdf", draw)
    sheet = sheet_of(path)
    (page,) = pages_of(path)
    assert sheet.turned == turn
    assert texts_of(sheet) == WANTED
    assert sheet.picture.shape == (page.picture.shape if turn == 180 else page.picture.shape[::-1])
    cell = sheet.grids[0].at(1, 1)
    x, y = cell.box.centre
    stored = sheet.to_stored @ (x, y, 1)
    word = next(word for word in page.words if word.text == "Games")
    assert abs(stored[0] - word.box.centre[0]) < 40
    assert abs(stored[1] - word.box.centre[1]) < 40
    dark = sheet.picture[: int(sheet.height * sheet.scale / 2)].min()
    assert dark < 100


def test_a_turned_heading_is_read_within_its_cell(tmp_path):
    def draw(canvas):
        table(canvas, [["A", "", "1", "2"], *ROWS[1:]])
        canvas.setFont(FONT, 3)
        canvas.translate(LEFT + WIDE * 1.5, TOP - HIGH + 2)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Kind of")
        canvas.drawString(0, -6, "service")

    assert texts_of(sheet_of(make_pdf(tmp_path / "a.pdf", draw)))[0][1] == "Kind of\nservice"


def test_rows_cut_by_the_page_break_are_open(tmp_path):
    def draw(canvas):
        table(canvas)
        for j in range(5):
            canvas.line(LEFT + WIDE * j, TOP - 3 * HIGH, LEFT + WIDE * j, TOP - 4 * HIGH)
        canvas.drawString(LEFT + WIDE + 4, TOP - 3 * HIGH - 14, "cut")

    grid = sheet_of(make_pdf(tmp_path / "a.pdf", draw)).grids[0]
    assert [grid.at(row, 1).text for row in range(4)] == ["B", "Games", "Total", "cut"]
    assert [grid.at(row, 1).open_bottom for row in range(4)] == [False, False, False, True]


def test_figures_in_neighbouring_cells_stay_apart_however_near(tmp_path):
    def draw(canvas):
        table(canvas, [["1", "2", "3"], ["", "", ""]])
        canvas.setFont(FONT, 9)
        canvas.drawRightString(LEFT + WIDE - 0.6, TOP - HIGH - 14, "12345,6")
        canvas.drawString(LEFT + WIDE + 0.6, TOP - HIGH - 14, "789,0")

    assert texts_of(sheet_of(make_pdf(tmp_path / "a.pdf", draw)))[1] == ["12345,6", "789,0", ""]


def code(canvas, text, *, step=18.0, left=50.0, y=600.0, width=16.0):
    canvas.setFont(FONT, 10)
    for i, digit in enumerate(text):
        canvas.rect(left + step * i, y, width, 18)
        canvas.drawString(left + step * i + 5, y + 5, digit.strip())


@pytest.mark.parametrize("step", [16.0, 18.0, 24.0])
def test_a_code_in_boxes_with_and_without_gaps(tmp_path, step):
    sheet = sheet_of(make_pdf(tmp_path / "a.pdf", lambda c: (table(c), code(c, "02096 639692", step=step))))
    (run,) = sheet.boxes
    assert [cell.text for cell in run.cells] == [*"02096", "", *"639692"]
    assert run.cells[5].ink == 0.0
    assert texts_of(sheet) == WANTED


def test_a_wrapped_code_is_two_runs_in_reading_order(tmp_path):
    def draw(canvas):
        code(canvas, "55221000", left=300)
        code(canvas, "0", y=575)

    runs = sheet_of(make_pdf(tmp_path / "a.pdf", draw)).boxes
    assert ["".join(cell.text for cell in run.cells) for run in runs] == ["55221000", "0"]


def test_a_code_typed_over_its_boxes_is_shared_out(tmp_path):
    def draw(canvas):
        code(canvas, " " * 9)
        canvas.drawString(56, 605, "151010000")

    (run,) = sheet_of(make_pdf(tmp_path / "a.pdf", draw)).boxes
    assert "".join(cell.text for cell in run.cells) == "151010000"


def test_boxes_inside_a_table_cell(tmp_path):
    def draw(canvas):
        table(canvas, [["Year", "", "", "end"]])
        for i, digit in enumerate("2026"):
            canvas.rect(LEFT + WIDE + 4 + 13 * i, TOP - 17, 11, 14)
            canvas.drawString(LEFT + WIDE + 7 + 13 * i, TOP - 14, digit)

    sheet = sheet_of(make_pdf(tmp_path / "a.pdf", draw))
    (run,) = sheet.boxes
    assert [cell.text for cell in run.cells] == list("2026")
    assert texts_of(sheet) == [["Year", "", "", "end"]]
    assert [line.text for line in sheet.lines] == ["Year", "end"]


def test_the_texts_of_a_frame_that_sets_out_the_page_are_lines_too(tmp_path):
    def draw(canvas):
        canvas.setFont(FONT, 9)
        canvas.drawString(50, 790, "Above")
        canvas.rect(40, 400, 500, 360)
        canvas.line(40, 720, 540, 720)
        canvas.drawString(60, 740, "code of the place: 551010000")
        canvas.drawString(60, 430, "Executor: A. Nobody")
        table(canvas)

    sheet = sheet_of(make_pdf(tmp_path / "a.pdf", draw))
    assert [line.text for line in sheet.lines] == ["Above", "code of the place: 551010000", "Executor: A. Nobody"]
    assert [grid.columns for grid in sheet.grids] == [1, 4]


def test_a_code_that_is_a_row_of_a_table(tmp_path):
    def draw(canvas):
        canvas.setFont(FONT, 10)
        canvas.rect(50, 600, 100, 18)
        canvas.drawString(54, 605, "BIN")
        for i, digit in enumerate("020960639692"):
            canvas.rect(150 + 16 * i, 600, 16, 18)
            canvas.drawString(155 + 16 * i, 605, digit)

    (run,) = sheet_of(make_pdf(tmp_path / "a.pdf", draw)).boxes
    assert "".join(cell.text for cell in run.cells) == "020960639692"


def test_columns_of_dashes_are_no_codes(tmp_path):
    rows = [["-"] * 5 for _ in range(6)]

    def draw(canvas):
        canvas.setFont(FONT, 8)
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                canvas.rect(50 + 25 * j, 700 - 15 * i, 25, 15)
                canvas.drawString(55 + 25 * j, 704 - 15 * i, text)

    sheet = sheet_of(make_pdf(tmp_path / "a.pdf", draw))
    assert sheet.boxes == ()
    assert texts_of(sheet) == rows


def test_lines_outside_tables_are_parted_where_columns_stand_apart(tmp_path):
    def draw(canvas):
        table(canvas)
        canvas.setFont(FONT, 10)
        canvas.drawString(50, 780, "code of the territory: 551010000")
        canvas.drawString(320, 778, "another column")

    assert [line.text for line in sheet_of(make_pdf(tmp_path / "a.pdf", draw)).lines] == [
        "code of the territory: 551010000",
        "another column",
    ]


@pytest.mark.parametrize("drawn", ["stamp", "stroke", "outline"])
def test_ink_that_is_no_text_is_seen_and_left_to_a_reader(tmp_path, drawn):
    picture = noise(tmp_path / "stamp.png", 100, 60)

    def draw(canvas):
        table(canvas, [["1", "2"], ["", ""]])
        x, y = LEFT + 10, TOP - 2 * HIGH + 4
        if drawn == "stamp":
            canvas.drawImage(str(picture), x, y, 30, 12)
        elif drawn == "stroke":
            canvas.line(x, y, x + 30, y + 12)
        else:
            canvas.bezier(x, y, x + 5, y + 20, x + 20, y - 5, x + 25, y + 12)

    grid = sheet_of(make_pdf(tmp_path / "a.pdf", draw)).grids[0]
    inked, bare = grid.at(1, 0), grid.at(1, 1)
    assert (inked.text, inked.marks) == (None, ("ink-without-text",))
    assert inked.ink > 0.5
    assert inked.crop.raw.shape == inked.crop.clean.shape
    assert (bare.text, bare.ink, bare.crop) == ("", 0.0, None)


def test_shaded_cells_are_bare(tmp_path):
    def draw(canvas):
        canvas.setFillGray(0.8)
        canvas.rect(LEFT, TOP - 2 * HIGH, 2 * WIDE, 2 * HIGH, stroke=0, fill=1)
        canvas.setFillGray(0)
        table(canvas, [["1", "2"], ["", ""]])

    grid = sheet_of(make_pdf(tmp_path / "a.pdf", draw)).grids[0]
    assert [grid.at(1, column).ink for column in (0, 1)] == [0.0, 0.0]


def test_strokes_to_write_on_are_no_text(tmp_path):
    grid = sheet_of(make_pdf(tmp_path / "a.pdf", lambda c: table(c, [["1", "2"], ["____", "__ __"]]))).grids[0]
    assert [grid.at(1, column).text for column in (0, 1)] == ["", ""]


def test_a_watermark_across_the_page_is_in_no_cell(tmp_path):
    def draw(canvas):
        table(canvas)
        canvas.setFillGray(0.85)
        canvas.translate(60, 600)
        canvas.rotate(40)
        canvas.setFont(FONT, 40)
        canvas.drawString(0, 0, "SAMPLE SAMPLE")

    assert texts_of(sheet_of(make_pdf(tmp_path / "a.pdf", draw))) == WANTED


def spread(*parts: tuple[str, float]) -> list[Word]:
    """Words ten points high, each with the gap before it."""
    words, x = [], 0.0
    for text, gap in parts:
        x += gap
        words.append(Word(text, Box(x, 0, x + 5 * len(text), 10)))
        x += 5 * len(text)
    return words


def test_letter_spaced_words_are_joined_and_figures_are_not():
    letters = [("К", 0), ("о", 4), ("д", 4), ("с", 10), ("т", 4), ("р", 4), ("о", 4), ("к", 4), ("и", 4)]
    assert joined(spread(*letters)) == "Код строки"
    assert joined(spread(("1", 0), ("2", 4), ("3", 4))) == "1 2 3"
    assert joined(spread(("1", 0), ("234,5", 3))) == "1 234,5"
    assert joined(spread(("А", 0), ("и", 4))) == "А и"
    assert joined(spread(("Қаз", 0), ("ақстан", 0.1))) == "Қазақстан"


@pytest.mark.samples
@pytest.mark.skipif(not SAMPLES, reason="QAGAZ_SAMPLES names no folder of sample forms")
@pytest.mark.parametrize("kind", ["digital", "docx", "labels", "units", "tenge"])
def test_every_figure_of_the_samples_stands_in_a_cell_in_order(kind):
    """What is written in section 2 is what stands in the figure columns of its table, in the order of the form."""
    for truth in json.loads((Path(SAMPLES) / "truth.json").read_text()):
        if truth["kind"] != kind:
            continue
        (source,) = find_sources([Path(SAMPLES) / truth["file"]]).sources
        read: list[str] = []
        below_numbers = False
        for sheet in map(text_sheet, open_pages(source)):
            for grid in (grid for grid in sheet.grids if grid.columns == 9):
                for row in range(grid.rows):
                    texts = [cell.text if (cell := grid.at(row, j)) and cell.row == row else "" for j in range(9)]
                    if below_numbers:
                        read += [" ".join(text.split()) for text in texts[3:] if text]
                    below_numbers = below_numbers or texts[:3] == ["А", "Б", "В"]
                assert not any(cell.marks for cell in grid.cells)
        rows = truth["section2"].values()
        wanted = [" ".join(cell["written"].split()) for row in rows for cell in row.values() if cell["written"]]
        assert read == wanted, truth["file"]


def test_a_sheet_knows_its_page(tmp_path):
    path = make_pdf(tmp_path / "a.pdf", table)
    sheet = sheet_of(path)
    assert (sheet.source.file, sheet.number, sheet.kind, sheet.unit, sheet.resolution) == ("a.pdf", 1, "text", "pt", 72)
    assert np.array_equal(sheet.to_stored, np.eye(3))
