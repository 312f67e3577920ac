"""Code boxes: which run is which field, wrapped runs, digits read as one line or box by box."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from extract.fields.boxed import read_boxes, read_digits
from extract.fields.joint import in_a_row
from extract.fields.runs import assign_runs, without_margins
from extract.readers.combine import FigureReading
from extract.records import Alternative, Box, BoxRun, Cell, Crop
from layouts.model import FieldKind, FieldLayout, Words
from tests.extract.paper import sheet

FIELDS = [
    FieldLayout("year", FieldKind.BOXES, (Words("", "отчетный период"),), 4),
    FieldLayout("bin", FieldKind.BOXES, (Words("", "код БИН"),), 12),
    FieldLayout("iin", FieldKind.BOXES, (Words("", "код ИИН"),), 12),
    FieldLayout("kato", FieldKind.BOXES, (Words("", "КАТО"),), 9),
]


def run(count, y, x=100.0):
    return BoxRun(tuple(Cell(Box(x + 12 * i, y, x + 12 * i + 10, y + 12), 0, i) for i in range(count)))


def assigned(runs, labels=None):
    found = assign_runs(runs, FIELDS, labels or {})
    return {field: [len(part.cells) for part in parts] for field, parts in found.items()}


def test_runs_go_by_length_and_order():
    assert assigned([run(4, 10), run(12, 30), run(12, 50), run(9, 70)]) == {
        "year": [4], "bin": [12], "iin": [12], "kato": [9],
    }  # fmt: skip


def test_a_code_wrapped_onto_the_next_line_is_one():
    assert assigned([run(4, 10), run(12, 30), run(12, 50), run(8, 70), run(1, 90)])["kato"] == [8, 1]


def test_labels_tell_fields_of_one_length_apart():
    labels = {"iin": Box(20, 30, 90, 42), "bin": Box(20, 50, 90, 62)}
    found = assign_runs([run(12, 30), run(12, 50)], FIELDS, labels)
    assert found["iin"][0].box.y0 == 30
    assert found["bin"][0].box.y0 == 50


def test_runs_of_no_known_length_are_nobody_s():
    assert assigned([run(7, 10), run(12, 30)]) == {"bin": [12]}


def inked(count, y, blank=()):
    cells = run(count, y).cells
    return BoxRun(tuple(c if i in blank else replace(c, crop=crop()) for i, c in enumerate(cells)))


def test_spaces_beside_a_code_in_a_tables_row_are_no_boxes():
    page = [inked(6, 10, blank=(0, 5)), inked(12, 30)]
    assert [len(r.cells) for r in without_margins(page, FIELDS, {})] == [4, 12]


def test_boxes_left_blank_are_not_taken_for_such_spaces():
    """Nothing tells which of them are the code's; nor is a code shortened that has its length."""
    page = [run(6, 10), inked(12, 30, blank=(0, 11)), inked(7, 50, blank=(0, 2))]
    assert [len(r.cells) for r in without_margins(page, FIELDS, {})] == [6, 12, 7]


def crop(width=10):
    picture = np.full((20, width), 255, np.uint8)
    picture[5:15, 3:7] = 0
    return Crop(picture, picture)


def test_signs_are_set_side_by_side_on_white():
    line = in_a_row([crop(), crop(14)])
    assert line.raw.shape[0] == 20
    assert line.raw.shape[1] > 24
    assert (line.raw[:, 0] == 255).all()


def readings(row, *boxes, witnesses=2):
    """What readers say of a row of boxes and of each box: readings with their probabilities."""
    said = [tuple(Alternative(text, float(np.log(p)), "r") for text, p in each) for each in (row, *boxes)]
    return lambda given: [FigureReading(each, witnesses, 2, each[:1]) for each in said[: len(given)]]


def test_row_and_boxes_that_agree_bear_witness():
    said = readings([("123", 0.98)], [("1", 0.99)], [("2", 0.98)], [("3", 0.99)])
    read = read_digits([crop()] * 3, said)
    alternatives, witnesses = read.alternatives, read.witnesses
    assert alternatives[0].text == "123"
    assert witnesses == 2


def test_a_box_that_says_otherwise_than_its_row_is_no_witness():
    """The code seen both ways comes first, and nobody vouches for it."""
    said = readings([("129", 0.7), ("123", 0.25)], [("1", 0.99)], [("2", 0.98)], [("3", 0.95), ("9", 0.04)])
    read = read_digits([crop()] * 3, said)
    alternatives, witnesses = read.alternatives, read.witnesses
    assert {a.text for a in alternatives[:2]} == {"123", "129"}
    assert witnesses == 1
    assert np.exp(alternatives[0].logp) < 0.9


def test_a_row_of_another_length_leaves_the_word_to_the_boxes():
    said = readings([("13", 0.9)], [("1", 0.9), ("7", 0.08)], [("2", 0.9)], [("3", 0.9)])
    read = read_digits([crop()] * 3, said)
    alternatives, witnesses = read.alternatives, read.witnesses
    assert [a.text for a in alternatives[:2]] == ["123", "723"]
    assert witnesses == 1


def test_a_box_without_a_digit_leaves_a_gap_that_is_seen():
    said = readings([("1", 0.9)], [("1", 0.9)], [], [("3", 0.9)])
    assert read_digits([crop()] * 3, said).alternatives[0].text == "1?3"


def test_what_each_reader_says_of_the_row_and_of_the_boxes_is_kept():
    """Two looks, each in the reader's own words; a box in which it sees nothing leaves a gap."""

    def read(crops):
        row = (Alternative("123", -0.1, "a"), Alternative("128", -2.0, "a"), Alternative("", 0.0, "b"))
        boxes = [
            (Alternative("1", -0.1, "a"), Alternative("7", -3.0, "a"), Alternative("1", -0.2, "b")),
            (Alternative("", 0.0, "a"), Alternative("2", -0.2, "b")),
            (Alternative("3", -0.1, "a"), Alternative("3", -0.2, "b")),
        ]
        return [FigureReading((said[0],), 1, 2, said) for said in (row, *boxes)][: len(crops)]

    said = read_digits([crop()] * 3, read).said
    assert [(a.reader, a.text, round(a.logp, 6)) for a in said] == [
        ("a", "123", -0.1), ("a", "128", -2.0), ("b", "", 0.0), ("a boxes", "1?3", -0.2), ("b boxes", "123", -0.6),
    ]  # fmt: skip


def test_a_digit_the_pixels_do_not_show_is_never_proposed():
    """However well it would suit a check digit."""
    said = readings([("12", 0.99)], [("1", 1.0)], [("2", 0.9), ("7", 0.1)])
    assert {a.text for a in read_digits([crop()] * 2, said).alternatives} == {"12", "17"}


def test_a_box_under_a_seal_or_struck_out_makes_its_code_doubtful():
    """What is left of a sign may look like another one; boxes without ink lend no doubt."""

    def read(crops):
        texts = ["2222", *"2" * (len(crops) - 1)]
        return [FigureReading((Alternative(text, -0.01, "r"),), 2, 2) for text in texts]

    scan = replace(sheet(1), kind="scan")
    cells = [replace(cell, crop=crop()) for cell in run(4, 10).cells]
    field = FIELDS[0]
    plain = read_boxes(scan, field, [BoxRun(tuple(cells))], read)
    sealed = [*cells[:2], replace(cells[2], marks=("seal", "several-lines")), *cells[3:]]
    assert plain.reasons == ()
    assert read_boxes(scan, field, [BoxRun(tuple(sealed))], read).reasons == ("seal",)


def walled(*, touching):
    """A sign in a box whose walls were erased, with or without the stroke that ran along one of them."""
    raw = np.full((30, 30), 255, np.uint8)
    raw[2:4] = raw[:, 2:4] = 0
    raw[8:24, 4 if touching else 12 : 16] = 0
    clean = np.full_like(raw, 255)
    clean[8:24, 4 if touching else 12 : 16] = 0
    return Crop(raw, clean)


def looks(clean, scanned, asked):
    """Readers that say one thing of signs without walls, another of signs with them."""

    def read(crops):
        asked.append(len(crops))
        texts = [text for code in (clean, scanned) for text in (code, *code)][: len(crops)]
        return [FigureReading((Alternative(text, float(np.log(0.999)), "r"),), 2, 2) for text in texts]

    return read


def test_signs_that_meet_their_walls_are_read_with_these_too():
    """Both looks at once; where they agree, both readers bear witness."""
    asked = []
    read = read_digits([walled(touching=True)] * 4, looks("2026", "2026", asked))
    assert asked == [10]
    assert (read.alternatives[0].text, read.witnesses) == ("2026", 2)


def test_signs_apart_from_their_walls_are_read_once():
    asked = []
    read_digits([walled(touching=False)] * 4, looks("2026", "2026", asked))
    assert asked == [5]


def test_looks_that_differ_are_nobody_s_word():
    """An erased wall makes a 5 of a 6, and every reader is sure of it."""
    read = read_digits([walled(touching=True)] * 4, looks("2025", "2026", []))
    assert {a.text for a in read.alternatives[:2]} == {"2025", "2026"}
    assert read.witnesses == 1
    assert np.exp(read.alternatives[0].logp) < 0.6


def test_ink_over_an_edge_is_no_doubt_where_all_looks_agree():
    scan = replace(sheet(1), kind="scan")
    cells = [replace(cell, crop=walled(touching=False), marks=("ink-over-edge",)) for cell in run(4, 10).cells]
    runs = [BoxRun(tuple(cells))]
    assert read_boxes(scan, FIELDS[0], runs, looks("2026", "2026", [])).reasons == ()
    assert read_boxes(scan, FIELDS[0], runs, looks("2026", "2025", [])).reasons == ("ink-over-edge",)
