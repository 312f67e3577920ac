"""Cells cut out of forms as material to learn from."""

import random

import cv2
import numpy as np
import pandas as pd

from training.crops import load_crops, worn_again


def png(width=40):
    picture = np.full((20, width), 255, np.uint8)
    picture[5:15, 8:12] = 0
    return cv2.imencode(".png", picture)[1].tobytes()


def table(tmp_path, rows):
    columns = ("kind", "written", "marks", "clean")
    file = tmp_path / "cells.parquet"
    pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows]).to_parquet(file)
    return file


def test_only_cells_whose_text_is_certain_teach(tmp_path):
    """A cell of a doubtful row may hold another row's figure, a struck one more than its truth says."""
    file = table(
        tmp_path,
        [
            ("fax", "12\u00a0345,6", "", png()),
            ("fax", "–", "seal", png()),
            ("fax", "7", "row-doubtful", png()),
            ("fax", "8", "struck-out", png()),
            ("fax", "12 abc", "", png()),
            ("fax", "9", "", None),
        ],
    )
    assert [(sample.text, sample.kind) for sample in load_crops(file)] == [("12 345,6", "fax"), ("-", "fax")]


def test_a_blank_cell_that_looked_inked_teaches_nothing_to_be_there(tmp_path):
    """Its text is empty."""
    assert [sample.text for sample in load_crops(table(tmp_path, [("scan", "", "", png())]))] == [""]


def test_the_same_cell_never_looks_the_same(tmp_path):
    """And keeps its ink."""
    picture = next(iter(load_crops(table(tmp_path, [("scan", "1", "", png())])))).picture
    rng = random.Random(3)
    seen = [worn_again(picture, rng) for _ in range(6)]
    assert len({each.tobytes() for each in seen}) == 6
    assert all(each.min() < 120 for each in seen)
