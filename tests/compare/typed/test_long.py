"""Tables with one figure a row: headings in any order and language, keys of forms, result tables of our own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from compare.typed.records import BadTable
from tests.compare.typed.tables import FILLED, LONG, long_rows, only, refused, typed, values, write_csv
from tests.factories import BIN


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("head", [
    LONG,
    ("Раздел", "Код строки", "Графа", "Значение, тыс. тенге"),
    ("РАЗДЕЛ", "строка ", "№ графы", "Сумма (тыс. тенге)"),
])  # fmt: skip
def test_a_long_table_is_read_whatever_its_delimiter_encoding_and_headings(tmp_path, delimiter, encoding, head):
    """Columns are known by their headings, in any order and with others between them."""
    rows = [(*row[::-1], "прочее") for row in long_rows(FILLED, head)]
    assert only(write_csv(tmp_path / "a.csv", rows, delimiter=delimiter, encoding=encoding)) == FILLED


@pytest.mark.parametrize(
    "head", [("бөлім", "жол коды", "баған", "мәні, мың теңге"), ("Бөлім", "Жол", "Баған нөмірі", "Сома")]
)
def test_kazakh_headings_are_known(tmp_path, head):
    assert only(write_csv(tmp_path / "a.csv", long_rows(FILLED, head))) == FILLED


def test_a_title_above_and_a_separator_line_do_no_harm(tmp_path):
    """`sep=` is Excel's own; rows keep the numbers that Excel shows."""
    path = tmp_path / "a.csv"
    path.write_text("sep=;\nОтчёт за 2025 год\n;;\nsection;line;column;value\n2;1.1;9;5\n", encoding="utf-8")
    assert refused(path) == [("typed-column", "5", "C")]


def test_an_own_table_is_exact_and_a_strangers_point_is_a_doubt(tmp_path):
    """12.345 in `cells` is twelve and a bit; in any other text it may be twelve thousand."""
    own = ("source", "file", "form", "section", "line", "column", "written", "value", "confidence")
    rows = [
        own,
        ("f" * 64, "a.pdf", 1, 2, "1.7", 1, "12,345", "12.345", "1"),
        ("f" * 64, "a.pdf", 2, 2, "1.7", 1, "9", "9", "1"),
    ]
    forms, _ = typed(write_csv(tmp_path / "cells.csv", rows))
    assert [(f.reading.source.sha256[0], f.reading.source.file, f.reading.form) for f in forms] == [
        ("f", "a.pdf", 1), ("f", "a.pdf", 2),
    ]  # fmt: skip
    figure = next(f for f in forms[0].figures if f.value)
    assert (figure.value, figure.reasons) == (Decimal("12.345"), ())
    (form,), _ = typed(write_csv(tmp_path / "other.csv", [LONG, (2, "1.7", 1, "12.345")]))
    assert next(f for f in form.figures if f.value).reasons == ("ambiguous-mark",)


def test_final_values_outrank_those_of_the_paper(tmp_path):
    head = ("file", "form", "section", "line", "column", "paper_value", "final_value")
    assert only(write_csv(tmp_path / "figures.csv", [head, ("a.pdf", 1, 2, "1.7", 1, "5", "7")])) == {"s2/1.7/1": "7"}


def test_fields_that_the_table_has_are_fields_of_the_form(tmp_path):
    """A BIN that lost its leading nought has it back, as its check digit says; two regions are asked about."""
    rows = [
        ("bin", "year", "region", *LONG),
        (BIN.lstrip("0"), "2025", "Абай", 2, "1.7", 1, "5"),
        (BIN.lstrip("0"), "", "", 2, "1.8", 1, "5"),
    ]
    (form,), _ = typed(write_csv(tmp_path / "a.csv", rows))
    assert (form.value("bin"), form.value("year")) == (BIN, "2025")
    rows[2] = (BIN.lstrip("0"), "2025", "Астана", *rows[2][3:])
    assert refused(write_csv(tmp_path / "b.csv", rows)) == [("typed-two-values", "3", "C")]


def test_figures_under_an_unknown_heading(tmp_path):
    """Where one column alone may hold them they are taken from it and told of; two are asked about, by name."""
    head = ("раздел", "строка", "графа", "ОКЭД", "Ввод №1", "Ввод №2", "кто")
    rows = [(2, "1", 1, "", "300", "", "Асель"), (2, "1.1", 1, "игры", "-", "", "Асель")]
    forms, notes = typed(write_csv(tmp_path / "a.csv", [head, *rows]))
    assert values(forms[0]) == {"s2/1/1": "300", "s2/1.1/1": "0"}
    assert [n.told["heading"] for n in notes if n.message_id == "told.typed-value-taken"] == ["Ввод №1"]
    rows[1] = (*rows[1][:5], "7", "Асель")
    with pytest.raises(BadTable) as caught:
        typed(write_csv(tmp_path / "b.csv", [head, *rows]))
    assert caught.value.problems[0].told["columns"] == "E «Ввод №1», F «Ввод №2»"
