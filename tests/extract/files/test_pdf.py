"""PDF pages: text or scan, in stored coordinates, with what a person sees and nothing else."""

from __future__ import annotations

import os
import tomllib
from functools import partial
from pathlib import Path

import numpy as np
import pdfplumber
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from extract.files.pdf_objects import FEWEST_DOTS, MOST_DOTTED, _rows
from extract.intake import find_sources, open_pages
from extract.text.sheet import text_sheet
from layouts.errors import Rejected
from tests.extract.papers import FONT, ROWS, make_pdf, noise, pages_of, table

MESSAGES = Path(__file__).parents[3] / "layouts" / "messages" / "extract-intake.toml"
KNOWN_ERRORS = {f"error.{name}" for name in tomllib.loads(MESSAGES.read_text())["error"]}
HOSTILE = os.environ.get("QAGAZ_HOSTILE", "")


def words(canvas, *lines, top=750.0, mode=0):
    """Lines of text in some render mode."""
    text = canvas.beginText(50, top)
    text.setFont(FONT, 10)
    text.setTextRenderMode(mode)
    for line in lines:
        text.textLine(line)
    canvas.drawText(text)


def only(path: Path):
    (page,) = pages_of(path)
    return page


def texts(page) -> list[str]:
    return [word.text for word in page.words]


def test_a_text_page_has_words_and_rulings_in_points_from_the_top_left(tmp_path):
    page = only(make_pdf(tmp_path / "a.pdf", table))
    assert (page.kind, page.unit) == ("text", "pt")
    assert (page.width, page.height) == pytest.approx(A4, abs=0.01)
    assert page.picture.shape == (round(page.height * page.scale), round(page.width * page.scale) + 1)
    assert page.picture.ndim == 2
    word = next(word for word in page.words if word.text == "Games")
    assert word.box.x0 == pytest.approx(114, abs=1)
    assert word.box.holds(115, A4[1] - 700 + 20 + 11)
    assert len(page.segments) == len(ROWS) + 1 + len(ROWS[0]) + 1


def test_pdfplumber_sees_the_same_words_in_the_same_places(tmp_path):
    """A second library, slower and independent, is the referee."""
    path = make_pdf(tmp_path / "a.pdf", lambda c: (table(c), words(c, "Two lines of text", "stand over the table")))
    page = only(path)
    with pdfplumber.open(path) as document:
        expected = document.pages[0].extract_words()
        rulings = len(document.pages[0].lines)
    ours = sorted((round(w.box.x0), w.text) for w in page.words)
    assert ours == sorted((round(w["x0"]), w["text"]) for w in expected)
    for theirs in expected:
        x, y = (theirs["x0"] + theirs["x1"]) / 2, (theirs["top"] + theirs["bottom"]) / 2
        assert any(word.text == theirs["text"] and word.box.holds(x, y) for word in page.words)
    assert len(page.segments) == rulings


def test_an_offset_page_box_does_not_move_the_coordinates(tmp_path):
    plain = make_pdf(tmp_path / "a.pdf", table).read_bytes()
    moved = plain.replace(b"/MediaBox [ 0 0 595.2756 841.8898 ]", b"/MediaBox [ 9 0 595.2756 841.8898 ]")
    (tmp_path / "b.pdf").write_bytes(moved)
    left, right = only(tmp_path / "a.pdf"), only(tmp_path / "b.pdf")
    assert right.width == pytest.approx(left.width - 9)
    assert right.words[0].box.x0 == pytest.approx(left.words[0].box.x0 - 9)
    assert right.segments[0].x0 == pytest.approx(left.segments[0].x0 - 9)


def test_page_rotation_leaves_stored_coordinates_alone(tmp_path):
    plain = make_pdf(tmp_path / "a.pdf", table).read_bytes()
    turned = plain.replace(b"/Rotate 0", b"/Rotate 90")
    assert turned != plain
    (tmp_path / "b.pdf").write_bytes(turned)
    left, right = only(tmp_path / "a.pdf"), only(tmp_path / "b.pdf")
    assert [w.box for w in left.words] == [w.box for w in right.words]
    assert left.picture.shape == right.picture.shape
    assert np.array_equal(left.picture, right.picture)


@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_a_page_that_is_one_picture_gives_its_pixels_as_stored(tmp_path, ending):
    picture = noise(tmp_path / f"scan.{ending}")
    page = only(make_pdf(tmp_path / "a.pdf", lambda c: c.drawImage(str(picture), 0, 0, *A4)))
    (stored,) = pages_of(picture)
    assert (page.kind, page.unit, page.scale) == ("scan", "px", 1.0)
    assert np.abs(page.picture.astype(int) - stored.picture.astype(int)).max() <= 2


def test_a_bilevel_scan_keeps_black_black(tmp_path):
    pixels = np.full((1170, 827), 255, np.uint8)
    pixels[:100, :100] = 0
    Image.fromarray(pixels).convert("1").save(tmp_path / "scan.tif", compression="group4")
    page = only(make_pdf(tmp_path / "a.pdf", lambda c: c.drawImage(str(tmp_path / "scan.tif"), 0, 0, *A4)))
    assert page.kind == "scan"
    grey = page.picture if page.picture.ndim == 2 else page.picture[:, :, 0]
    assert grey[20, 20] == 0
    assert grey[-20, -20] == 255


def test_invisible_text_over_a_scan_is_no_text_layer(tmp_path):
    picture = noise(tmp_path / "scan.jpg")

    def draw(canvas):
        canvas.drawImage(str(picture), 0, 0, *A4)
        words(canvas, *["what somebody's OCR made of it"] * 30, mode=3)

    page = only(make_pdf(tmp_path / "a.pdf", draw))
    assert (page.kind, page.unit, page.words) == ("scan", "px", ())


def test_text_under_a_scan_is_no_text_layer(tmp_path):
    picture = noise(tmp_path / "scan.jpg")

    def draw(canvas):
        words(canvas, *["what somebody's OCR made of it"] * 30)
        canvas.drawImage(str(picture), 0, 0, *A4)

    page = only(make_pdf(tmp_path / "a.pdf", draw))
    assert (page.kind, page.unit) == ("scan", "px")


def test_words_typed_over_a_scan_are_drawn_with_it(tmp_path):
    picture = noise(tmp_path / "scan.jpg")

    def draw(canvas):
        canvas.drawImage(str(picture), 0, 0, *A4)
        words(canvas, *["typed over the scan"] * 30)

    page = only(make_pdf(tmp_path / "a.pdf", draw))
    assert (page.kind, page.unit, page.picture.shape[0]) == ("scan", "pt", 3508)
    assert page.scale == pytest.approx(300 / 72)


def test_a_scan_in_strips_is_drawn_whole(tmp_path):
    picture = noise(tmp_path / "strip.jpg", 827, 200)

    def draw(canvas):
        for i in range(5):
            canvas.drawImage(str(picture), 0, i * 168, 595, 168)

    page = only(make_pdf(tmp_path / "a.pdf", draw))
    assert (page.kind, page.unit) == ("scan", "pt")


def test_a_mirrored_picture_is_drawn(tmp_path):
    picture = noise(tmp_path / "scan.jpg")

    def draw(canvas):
        canvas.translate(A4[0], 0)
        canvas.scale(-1, 1)
        canvas.drawImage(str(picture), 0, 0, *A4)

    page = only(make_pdf(tmp_path / "a.pdf", draw))
    assert page.unit == "pt"
    assert page.picture[100, -100].mean() < 50


def test_a_stamp_on_a_text_page_does_not_make_it_a_scan(tmp_path):
    picture = noise(tmp_path / "stamp.png", 200, 200)

    def draw(canvas):
        table(canvas)
        canvas.drawImage(str(picture), 300, 300, 100, 100)

    page = only(make_pdf(tmp_path / "a.pdf", draw))
    assert page.kind == "text"
    assert page.picture[int(490 * page.scale), int(310 * page.scale)] < 255


def test_a_page_without_any_text_is_a_scan_of_its_drawing(tmp_path):
    page = only(make_pdf(tmp_path / "a.pdf", partial(table, rows=[["", ""], ["", ""]])))
    assert (page.kind, page.unit) == ("scan", "pt")


def test_a_text_layer_without_unicode_is_read_from_its_drawing(tmp_path):
    font = next((Path(__file__).parents[3] / "corpus" / "fonts").glob("pt-s*.ttf"))
    pdfmetrics.registerFont(TTFont("Cyrillic", str(font)))

    def draw(canvas):
        canvas.setFont("Cyrillic", 10)
        for i in range(20):
            canvas.drawString(50, 700 - 20 * i, "Көрсетілген қызметтердің көлемі 1234")

    path = make_pdf(tmp_path / "a.pdf", draw)
    assert only(path).kind == "text"
    path.write_bytes(path.read_bytes().replace(b"/ToUnicode", b"/ToUnicodX"))
    assert only(path).kind == "scan"


def test_words_in_the_papers_colour_are_not_seen(tmp_path):
    def draw(canvas):
        table(canvas)
        canvas.setFillColorRGB(1, 1, 1)
        words(canvas, "hidden", top=600)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.rect(50, 500, 100, 30, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        words(canvas, "shown", top=510)

    page = only(make_pdf(tmp_path / "a.pdf", draw))
    assert "hidden" not in texts(page)
    assert "shown" in texts(page)


def test_words_beyond_the_page_are_not_seen(tmp_path):
    page = only(make_pdf(tmp_path / "a.pdf", lambda c: (table(c), words(c, "beyond", top=-20))))
    assert "beyond" not in texts(page)


@pytest.mark.parametrize("size", [5.0, 6.5, 7.5])
def test_the_raised_mark_of_a_note_is_no_figure_of_the_number(tmp_path, size):
    """However little smaller it is drawn, what stands higher is a word of its own; a unit on the line stays."""

    def draw(canvas):
        canvas.setFont(FONT, 9)
        canvas.drawString(100, 700, "762030,3")
        canvas.drawString(100, 600, "762030,3")
        canvas.setFont(FONT, size)
        canvas.drawString(100 + canvas.stringWidth("762030,3", FONT, 9), 703, "1")

    (page,) = pages_of(make_pdf(tmp_path / "note.pdf", draw))
    assert sorted(word.text for word in page.words) == ["1", "762030,3", "762030,3"]


def test_values_of_form_fields_are_words_at_their_boxes(tmp_path):
    def draw(canvas):
        table(canvas, [["A", "B", "1", "2"], ["1.1", "Games", "", ""]])
        canvas.acroForm.textfield(name="a", x=172, y=662, width=54, height=16, value="98 765,4", borderWidth=0)
        canvas.acroForm.textfield(name="b", x=232, y=662, width=54, height=16, value="", borderWidth=0)
        canvas.acroForm.textfield(
            name="c", x=50, y=600, width=216, height=18, value="020960639692", maxlen=12, fieldFlags="comb"
        )

    page = only(make_pdf(tmp_path / "a.pdf", draw))
    assert texts(page).count("98") == texts(page).count("765,4") == 1
    assert [w.box.x0 for w in page.words if w.box.y0 > 220] == pytest.approx([50 + 18 * i for i in range(12)])
    sheet = text_sheet(page)
    assert sheet.grids[0].at(1, 2).text == "98 765,4"
    assert sheet.grids[0].at(1, 3).ink == 0


def test_many_pages_are_opened_one_at_a_time(tmp_path):
    path = make_pdf(tmp_path / "a.pdf", *[table] * 40)
    (source,) = find_sources([path]).sources
    assert [page.number for page in open_pages(source)] == list(range(1, 41))


@pytest.mark.hostile
@pytest.mark.skipif(not HOSTILE, reason="QAGAZ_HOSTILE names no folder of hostile files")
def test_hostile_files_give_pages_or_are_rejected():
    """None crashes, none raises anything else; the slowest takes seconds."""
    found = find_sources([Path(HOSTILE)])
    assert len(found) > 100
    opened, refused = 0, []
    for source in found.sources:
        if source.file.endswith("69977b.fuzz"):
            continue  # seven seconds of a page tree without end: the limit of the child process is there for it
        try:
            for page in open_pages(source):
                if page.kind == "text":
                    text_sheet(page)
                opened += 1
        except Rejected as error:
            refused.append(error.message_id)
    assert opened > 300
    assert set(refused) <= KNOWN_ERRORS


def dotted(canvas, across, along, step=1.5, side=0.75, *, standing):
    """Squares in a row, as a browser prints a dotted border."""
    for n in range(int(along[0] / step), int(along[1] / step)):
        x, y = (across, n * step) if standing else (n * step, across)
        canvas.rect(x, y, side, side, stroke=0, fill=1)


def test_rows_of_dots_are_rulings(tmp_path):
    """Four lying and three standing ones; dots close together on all sides are a shaded area."""

    def draw(canvas):
        table(canvas)
        for y in (500, 540, 580, 620):
            dotted(canvas, y, (90, 390), standing=False)
        for x in (90, 240, 390):
            dotted(canvas, x, (500, 620), standing=True)
        for y in range(200, 260, 2):
            dotted(canvas, y, (100, 160), step=2, standing=False)

    segments = only(make_pdf(tmp_path / "a.pdf", draw)).segments
    plain = only(make_pdf(tmp_path / "b.pdf", table)).segments
    found = [segment for segment in segments if segment not in plain]
    lying = [s for s in found if s.x1 - s.x0 > 290]
    standing = [s for s in found if s.y1 - s.y0 > 110]
    assert (len(lying), len(standing), len(found)) == (4, 3, 7)


def test_a_drawing_of_dots_gives_no_rulings():
    """Rows beyond number are not held against each other: a page made so would take minutes."""
    rows = [(10.0 * row, 1.5 * dot) for row in range(MOST_DOTTED) for dot in range(FEWEST_DOTS)]
    assert len(_rows(rows)) == MOST_DOTTED
    assert _rows([*rows, *((-50.0, 1.5 * dot) for dot in range(FEWEST_DOTS))]) == []
