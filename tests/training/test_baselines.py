"""The baselines do what a short script would, and what they hand in can be scored."""

import json
import sys

import cv2
import numpy as np
import pytest

from corpus.benchmark.frozen import make_part
from corpus.benchmark.plan import planned
from corpus.benchmark.score import score_folder
from extract.records import Crop
from training.baselines import __main__ as command
from training.baselines import scanned
from training.baselines.answers import Text, gather, lines_of, value_of
from training.baselines.grids import inside, straight, tables, written
from training.baselines.pages import pages
from training.peers.readers import Answer


def texts(*cells):
    return [Text(cell) for cell in cells]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,5", "1234.5"), ("12'345", "12345"), ("1.234.567", "1234567"), ("-5", "-5"), ("-", "0"), ("0,0", "0"),
        ("Х", ""), ("", ""), ("12 млн", "12000"), ("500 тг", "0.5"), ("3 тыс. тенге", "3"), ("7 мың теңге", "7"),
        ("l2", "l2"), ("1,2,3", "123"), ("3.072,78", "3072.78"), ("3,072.78", "3072.78"),
    ],
)  # fmt: skip
def test_values_are_plain_decimals_or_left_as_read(text, value):
    """What says no number is handed in as it is, and is wrong."""
    assert value_of(text) == value


def test_codes_are_filled_in_only_where_rows_and_lines_come_out_even():
    """One unread row between 1.1 and 1.3 is 1.2; one between 1.1 and 1.4 may be any of several."""
    assert lines_of(["Жол коды", "А", "1", "", "1,1", "l.Z", "1.3"]) == ["", "", "1", "", "1.1", "1.2", "1.3"]
    assert lines_of(["1.1", "?", "1.4"]) == ["1.1", "", "1.4"]
    assert lines_of(["110", "1 1 1"]) == ["1.10", "1.11"]


def test_a_form_begins_with_a_year_in_boxes():
    """Two of them in a file are two forms; four boxes without a year are none."""
    table = [texts("А", "Б", "В", *"123456"), texts("1", "", "", "5", "", "", "", "", "")]
    boxes = [texts(*"2025")], [texts(*"060761130424")], [texts(*([""] * 12))]
    first, second = gather([*boxes, table, [texts(*"abcd")], [texts(*"2024")], table])
    assert {name: field.text for name, field in first.fields.items()} == {
        "year": "2025",
        "bin": "060761130424",
        "iin": "",
    }
    assert first.cells["2", "1", "1"].text == "5"
    assert second.fields["year"].text == "2024"


def drawn(tilt=0.0):
    """A table of two rows and three columns with a word in each cell but one."""
    page = np.full((500, 800), 245, np.uint8)
    for y in (100, 200, 300):
        cv2.line(page, (100, y), (700, y), 0, 3)
    for x in (100, 300, 500, 700):
        cv2.line(page, (x, 100), (x, 300), 0, 3)
    for x, y in ((120, 160), (320, 160), (120, 260), (320, 260), (520, 260)):
        cv2.putText(page, "123", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 20, 2)
    turn = cv2.getRotationMatrix2D((400, 250), tilt, 1.0)
    return np.asarray(cv2.warpAffine(page, turn, (800, 500), borderValue=245), np.uint8)


@pytest.mark.parametrize("tilt", [0.0, 1.5, -1.5])
def test_rulings_make_a_grid(tilt):
    """Also on a page that lies a little askew; an empty cell has no line of text, and the line is cut close."""
    page = straight(drawn(tilt))
    (rows,) = tables(page)
    assert [len(row) for row in rows] == [3, 3]
    lines = [[written(inside(page, box)) for box in row] for row in rows]
    assert [[line is not None for line in row] for row in lines] == [[True, True, False], [True, True, True]]
    assert all(line.shape[0] < 45 for row in lines for line in row if line is not None)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two listed files with a text layer, and a scan that the digital baseline cannot read."""
    folder = tmp_path_factory.mktemp("benchmark")
    make_part(folder, [item for item in planned("small") if (item.kind, item.number) in {("digital", 1), ("docx", 0)}])
    return folder


def run(monkeypatch, *words):
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")
    monkeypatch.setattr(sys, "argv", ["baselines", *map(str, words)])
    command.main()


def test_the_digital_baseline_is_scored(made, tmp_path, monkeypatch):
    """Files of text layers are read; another kind of file is refused, not lost; answers are kept for the next time."""
    (made / "papers" / "other.tif").write_bytes(b"II*")
    run(monkeypatch, "pdfplumber", made / "papers", "--out", tmp_path)
    scored = score_folder(made, tmp_path)
    assert scored["kinds"]["digital"]["amounts"]["share"] == 1.0
    assert scored["forms_lost"] == 0
    assert "other.tif,,0" in (tmp_path / "forms.csv").read_text(encoding="utf-8")
    before = (tmp_path / "cells.csv").read_bytes()
    monkeypatch.setattr("training.baselines.digital.read", lambda _: pytest.fail("read again"))
    run(monkeypatch, "pdfplumber", made / "papers", "--out", tmp_path)
    assert (tmp_path / "cells.csv").read_bytes() == before


class Told:
    """A reader that says how broad what it is shown is."""

    def read(self, crops: list[Crop], setting: str) -> list[Answer]:
        assert setting == "any"
        return [Answer(str(crop.raw.shape[1]), 0.5) for crop in crops]


def test_the_scanned_baseline_reads_lines_of_cells(made):
    """Whatever the reader says lands in a cell of a line, with its confidence."""
    (form,) = scanned.read(made / "papers" / "digital-001.pdf", Told(), "any")
    entries = json.loads((made / "truth.json").read_text(encoding="utf-8"))
    truth = next(entry for entry in entries if entry["file"] == "digital-001.pdf")
    inked = {("2", line, c) for line, row in truth["section2"].items() for c, cell in row.items() if cell["written"]}
    # the reader says no code, so no line is known
    assert not {place for place, text in form.cells.items() if text.text} & inked
    assert sum(1 for _ in pages(made / "papers" / "digital-001.pdf")) == 5
