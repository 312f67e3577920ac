"""Fields outside the tables: whose signature stands where, and below what contacts are read."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from extract.fields.options import Region
from extract.fields.outside import _signature, _values
from extract.records import Box, TextLine
from layouts.load import shipped_layouts
from tests.extract.paper import sheet

LAYOUT = next(iter(shipped_layouts().values()))
PEOPLE = (("executor", "Исполнитель"), ("accountant", "Главный бухгалтер"), ("head", "Руководитель"))
LABELS = {"executor": "подпись", "accountant": "подпись (главного бухгалтера)", "head": "подпись"}


def page(*lines, top=40.0):
    """Printed lines one below the other, 12 points high."""
    return [
        TextLine(text, Box(40, top + 24 * i, 40 + 5.0 * len(text), top + 12 + 24 * i)) for i, text in enumerate(lines)
    ]


def signed_by(*names):
    """A page with the three labels, names and signature lines, signed beside the labels of some."""
    lines = page(*(text for name, label in PEOPLE for text in (label, "Ахметов А. С.", LABELS[name])))
    picture = np.full((500, 600), 255, np.uint8)
    rng = np.random.default_rng(3)
    for line in lines:
        for x in range(int(line.box.x0), int(line.box.x1), 6):  # print: what heights are measured by
            cv2.rectangle(picture, (x, int(line.box.y0) + 2), (x + 3, int(line.box.y1) - 2), 40, 1)
    for i, (name, _) in enumerate(PEOPLE):
        if name in names:
            box = lines[3 * i + 2].box
            points = np.column_stack(
                [np.linspace(box.x1 + 10, box.x1 + 90, 12), rng.uniform(box.y0 - 8, box.y1 + 3, 12)]
            )
            cv2.polylines(picture, [points.astype(np.int32)], False, 60, 1, cv2.LINE_AA)
    return Region(_with(picture), tuple(lines))


def _with(picture):
    return replace(sheet(1), picture=picture, width=600.0, height=500.0)


@pytest.mark.parametrize("names", [(), ("executor",), ("accountant",), ("head",), ("executor", "head")])
def test_a_signature_stands_beside_its_own_label(names):
    """The label on the line below a name belongs to that name, also where several say just «подпись»."""
    region = signed_by(*names)
    for name, _ in PEOPLE:
        reading = _signature([region], LAYOUT, LAYOUT.field(f"{name}_signature"))
        assert reading.alternatives[0].text == ("present" if name in names else "absent"), name
        assert reading.reasons == ()


def test_without_its_label_nobody_is_certain_that_nobody_signed():
    region = Region(_with(np.full((500, 600), 255, np.uint8)), tuple(page("Руководитель", "Ахметов А. С.")))
    assert _signature([region], LAYOUT, LAYOUT.field("head_signature")).reasons == ("signature-doubtful",)


def test_a_heading_in_a_table_is_no_label_of_a_contact():
    """«Наименование» above the options is a column's; the respondent's name is asked for below them."""
    lines = page(
        "Наименование видов услуги",
        "Код ОКЭД",
        "Укажите время, затраченное на заполнение статистической формы, в часах",
        "Наименование",
        "ИП Ермекова",
    )
    found = {name: value.text for _, name, value in _values([Region(sheet(1), tuple(lines))], LAYOUT)}
    assert found["name"] == "ИП Ермекова"
