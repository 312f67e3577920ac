"""Typed figures: every shape of table, every damage that spreadsheets do, and what cannot be told is refused."""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compare.typed.figures import typed_figures
from compare.typed.files import open_sheets
from compare.typed.read import read_typed
from compare.typed.records import BadTable
from extract.records import Source
from layouts.load import load_layout, shipped_layouts
from layouts.words import LANGUAGES, placeholders, say
from postprocess.amounts import plain_decimal
from qagaz.commands.typed import where
from tests.factories import BIN, layout, place

OTHER = load_layout(Path(__file__).parents[1] / "layouts" / "data" / "3-test.toml")
CODES = [line.code for line in layout().table(2).lines]
LONG = ("section", "line", "column", "value")
FILLED = {
    f"s2/{line}/{column}": text for line, text in (("1", "300"), ("1.1", "100"), ("1.10", "200")) for column in "12"
}


def write_csv(path, rows, *, delimiter=",", encoding="utf-8"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path, sheets, merge=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in merge:
            sheet.merge_cells(area)
    book.save(path)
    return path


def typed(path, layouts=None):
    """The forms of a file, and its notes."""
    table = read_typed(path.name, open_sheets(path), layouts or shipped_layouts())
    return list(typed_figures(table, Source("0" * 64, path.name, path))), table.notes


def values(form):
    """The figures in which something stands, by place."""
    return {str(f.reading.place): str(f.value) for f in form.figures if f.reading.alternatives}


def only(path, layouts=None):
    """The figures of the only form of a file."""
    forms, _ = typed(path, layouts)
    (form,) = forms
    return values(form)


def refused(path, layouts=None):
    """The problems a file is refused for, as (code, row, column)."""
    with pytest.raises(BadTable) as caught:
        typed(path, layouts)
    return [
        (p.message_id.removeprefix("error."), p.told.get("row"), p.told.get("column")) for p in caught.value.problems
    ]


def long_rows(cells, head=LONG):
    return [head, *((at[1], *at.split("/")[1:], text) for at, text in cells.items())]


def wide_rows(section=2, codes=CODES, cells=FILLED, kind=int):
    numbers = [column.number for column in layout().table(section).columns]
    rows = [["А", "Б", "В", *map(int, numbers)]]
    for code, line in zip(codes, layout().table(section).lines, strict=True):
        told = [cells.get(f"s{section}/{line.code}/{number}") for number in numbers]
        rows.append([code, line.label.ru, line.oked, *(kind(text) if text is not None else None for text in told)])
        if line.code == "1":
            rows.append([None, "оның ішінде / в том числе:"])
    return rows


def as_number(code):
    """What a spreadsheet makes of a code where a point parts decimals."""
    return float(code) if code.count(".") == 1 else code


def as_excel(code):
    """What Excel in a Russian locale makes of a code that is typed into a plain cell."""
    parts = [int(part) for part in code.split(".")]
    if len(parts) == 1:
        return parts[0]
    if parts[1] > 12:
        return code if len(parts) == 3 else float(code)
    return day(2000 + parts[2] if len(parts) == 3 else 2026, parts[1], parts[0])


def day(year, month, number):
    """As openpyxl gives it."""
    return datetime(year, month, number)  # noqa: DTZ001


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


@pytest.mark.parametrize(("text", "value"), [
    ("12 345,6", "12345.6"), ("12\u00a0345", "12345"), ("12\u202f345,50", "12345.50"),
    ("-", "0"), ("–", "0"), ("0", "0"),
    ("1,2 млн", "1200"), ("345 678 тг", "345.678"), ("(5)", "-5"),
])  # fmt: skip
def test_amounts_are_read_as_on_paper(tmp_path, text, value):
    """Spaces, decimal commas, dashes and units mean what they mean on a form."""
    (form,), _ = typed(write_csv(tmp_path / "a.csv", [LONG, (2, "1.7", 1, text)], delimiter=";"))
    assert Decimal(values(form)["s2/1.7/1"]) == Decimal(value)
    assert next(f for f in form.figures if f.value is not None).written == text


def test_blank_dash_and_nought_are_kept_apart(tmp_path):
    """A blank row of the table is a blank cell; a cell the table has no row for is blank too."""
    rows = [LONG, (2, "1.7", 1, ""), (2, "1.7", 2, "-"), (2, "1.7", 3, "0")]
    (form,), _ = typed(write_csv(tmp_path / "a.csv", rows))
    at = {f.reading.place: f for f in form.figures}
    told = [at[place(f"s2/1.7/{column}")] for column in "1234"]
    assert [(f.written, f.value) for f in told] == [("", None), ("-", 0), ("0", 0), ("", None)]


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
    """A BIN that lost its leading nought has it back, as its check digit says."""
    rows = [
        ("bin", "year", *LONG),
        (BIN.lstrip("0"), "2025", 2, "1.7", 1, "5"),
        (BIN.lstrip("0"), "", 2, "1.8", 1, "5"),
    ]
    (form,), _ = typed(write_csv(tmp_path / "a.csv", rows))
    assert (form.value("bin"), form.value("year")) == (BIN, "2025")
    rows[2] = ("871011480473", *rows[2][1:])
    assert refused(write_csv(tmp_path / "b.csv", rows)) == [("typed-two-values", "3", "A")]


@pytest.mark.parametrize("spoil", [
    str, as_number, as_excel,
    lambda c: c.replace(".", ","), lambda c: f"строка {c}",
])  # fmt: skip
def test_a_wide_table_is_read_whatever_excel_made_of_its_codes(tmp_path, spoil):
    """1.10 as the number 1.1, 1.2 as the 1st of February, 1.3.1 as the 1st of March 2001: the order of rows tells."""
    sheet = wide_rows(codes=[spoil(code) for code in CODES])
    assert only(write_xlsx(tmp_path / "a.xlsx", {"Лист1": sheet})) == FILLED


def test_a_total_at_the_foot_does_not_hide_the_order(tmp_path):
    """Line 1 below its parts: 1.1 and 1.10 are still told apart."""
    head, total, *parts = wide_rows(codes=[as_number(code) for code in CODES])
    assert only(write_xlsx(tmp_path / "a.xlsx", {"Лист1": [head, *parts, total]})) == FILLED


def test_rows_in_no_order_leave_a_lost_nought_open(tmp_path):
    """Sorted as numbers or as texts, nothing tells 1.1 from 1.10."""
    head, *rows = [row for row in wide_rows(codes=[as_number(code) for code in CODES]) if row[0]]
    rows.sort(key=lambda row: str(row[0]))
    assert {code for code, *_ in refused(write_xlsx(tmp_path / "a.xlsx", {"Лист1": [head, *rows]}))} == {
        "typed-line-open"
    }


def test_codes_that_a_csv_file_lost_to_excel_are_found_again(tmp_path):
    """Saved as CSV after Excel opened it: numbers lose noughts, days are texts."""
    spoilt = {"1.2": "01.фев", "1.10": "1,1", "1.1": "1,1", "1.3.1": "01.03.2001", "1.4": "Jan-04", "1.5": "01.05"}
    rows = [[spoilt.get(row[0], row[0]), *row[1:]] for row in wide_rows()]
    assert only(write_csv(tmp_path / "a.csv", rows, delimiter=";")) == FILLED


def test_sheets_are_sections_by_name_title_or_columns(tmp_path):
    """And the same in one sheet one after another, under merged headings."""
    third = {"s3/1/1": "7", "s3/1.5/1": "7"}
    two, three = wide_rows(), wide_rows(3, cells=third)
    both = FILLED | third
    assert only(write_xlsx(tmp_path / "a.xlsx", {"Раздел 2": two, "3-бөлім": three})) == both
    assert only(write_xlsx(tmp_path / "b.xlsx", {"x": two, "y": three})) == both
    assert only(write_xlsx(tmp_path / "e.xlsx", {"Лист3": two, "Лист2": three})) == both  # Excel's own names
    one = [["2. Резиденттерге …"], ["Код строки", "", "", "Всего", "В том числе"], *two, [], ["Раздел 3"], *three]
    assert only(write_xlsx(tmp_path / "c.xlsx", {"x": one}, merge=("A1:I1", "E2:I2"))) == both
    assert only(write_xlsx(tmp_path / "f.xlsx", {"x": [*two, *three]})) == both
    assert only(write_csv(tmp_path / "g.csv", [*two, *three])) == both
    lone = [["раздел 2"], *([*row[:1], row[3] if len(row) > 3 else None] for row in two)]
    assert only(write_xlsx(tmp_path / "d.xlsx", {"x": lone})) == {k: v for k, v in FILLED.items() if k.endswith("/1")}


def test_a_form_typed_whole_with_head_and_foot_is_read(tmp_path):
    """Bilingual headings over several merged rows; signatures and totals of the typist's own below are told of."""
    head = [
        ["«2-қызмет көрсету (IT)» / «2-услуги (IT)», 2025"], [],
        ["Жол коды / Код строки", "Атауы / Наименование", "ЭҚЖЖ / ОКЭД", "Барлығы / Всего", "Соның ішінде"],
        [None, None, None, None, "мемлекеттік", "жеке", "бірлескен", "шетелдік", "жеке тұлға"],
    ]  # fmt: skip
    foot = [
        ["Сумма по форме", None, None, 300, 300],
        ["Орындаушы: Иванова", None, None, 87172555555],
        [],
        ["2026", None, 5],
    ]
    book = write_xlsx(tmp_path / "a.xlsx", {"2 бөлім": [*head, *wide_rows(), *foot]}, merge=("A3:A4", "D3:D4", "E3:I3"))
    (form,), notes = typed(book)
    assert values(form) == FILLED
    assert [n.told.get("row") for n in notes if n.message_id == "told.typed-row-passed"] == ["29", "30"]


def test_identifier_and_year_above_a_table_are_the_forms(tmp_path):
    """Said once, beside their names; they are no keys of the rows below."""
    head = [["БСН / БИН", None, int(BIN)], ["Отчётный год", 2025, "Регион", "Абай"], ["Раздел 2"]]
    (form,), _ = typed(write_xlsx(tmp_path / "a.xlsx", {"Лист1": [*head, *wide_rows()]}))
    assert values(form) == FILLED
    assert {field.field: field.value for field in form.fields if not field.line} == {"bin": BIN, "year": "2025"}


def test_a_wide_table_may_hold_several_forms_by_columns_of_keys(tmp_path):
    rows = [("file", "form", "section", "line", 1, 2, 3), ("a", 1, 2, "1", 5, 5, None), ("a", 2, 2, "1", 6, None, 6)]
    forms, notes = typed(write_csv(tmp_path / "a.csv", rows))
    assert [values(form) for form in forms] == [{"s2/1/1": "5", "s2/1/2": "5"}, {"s2/1/1": "6", "s2/1/3": "6"}]
    assert {note.message_id for note in notes} == {"told.typed-section-absent", "told.typed-columns-absent"}


def test_merged_keys_hold_for_all_their_rows(tmp_path):
    """A section merged over its rows; a figure merged over two cells is nobody's."""
    rows = long_rows({"s2/1/1": "5", "s2/1.1/1": "5"})
    book = write_xlsx(tmp_path / "a.xlsx", {"x": rows}, merge=("A2:A3",))
    assert only(book) == {"s2/1/1": "5", "s2/1.1/1": "5"}
    assert refused(write_xlsx(tmp_path / "b.xlsx", {"x": rows}, merge=("D2:D3",))) == [("typed-merged", "3", "D")]


def test_numbers_of_a_workbook_are_exact(tmp_path):
    """0.1 + 0.2 is 0.3 as Excel shows it, 12.345 has one meaning, a percentage stays one."""
    book = write_xlsx(
        tmp_path / "a.xlsx", {"x": [LONG, (2, "1.7", 1, 0.1 + 0.2), (2, "1.7", 2, 12.345), (2, "1.7", 3, 0.65)]}
    )
    loaded = openpyxl.load_workbook(book)
    loaded["x"]["D4"].number_format = "0%"
    loaded.save(book)
    (form,), _ = typed(book)
    told = {
        f.reading.place.column: (f.written, str(f.value), f.reasons) for f in form.figures if f.reading.alternatives
    }
    assert told == {"1": ("0.3", "0.3", ()), "2": ("12.345", "12.345", ()), "3": ("65 %", "65", ("percent",))}


def test_a_number_that_may_be_two_lines_is_asked_about(tmp_path):
    """Where the rows around leave it open; a text counts as written and is told of, unless noughts were kept."""
    head = [LONG, (2, "1", 1, 5)]
    assert refused(write_xlsx(tmp_path / "a.xlsx", {"x": [*head, (2, 1.1, 1, 5)]})) == [("typed-line-open", "3", "B")]
    forms, notes = typed(write_csv(tmp_path / "b.csv", [*head, (2, "1.1", 1, 5)]))
    assert values(forms[0]) == {"s2/1/1": "5", "s2/1.1/1": "5"}
    assert [n.spot.row for n in notes if n.message_id == "told.typed-line-as-written"] == [2]
    _, notes = typed(write_csv(tmp_path / "c.csv", [*head, (2, "1.1", 1, 5), (2, "1.10", 2, 5)]))
    assert not [n for n in notes if n.message_id == "told.typed-line-as-written"]


@pytest.mark.parametrize(("rows", "problem"), [
    ([LONG, (2, "1.17", 1, 5)], ("typed-line", "2", "B")),
    ([LONG, (2, "1.14.1", 1, 5)], ("typed-line", "2", "B")),
    ([LONG, (2, "", 1, 5)], ("typed-line-missing", "2", "B")),
    ([LONG, (4, "1.1", 1, 5)], ("typed-section", "2", "A")),
    ([LONG, ("", "1.1", 1, 5)], ("typed-section-missing", "2", "A")),
    ([LONG, (2, "1.1", 7, 5)], ("typed-column", "2", "C")),
    ([LONG, (2, "1.1", "", 5)], ("typed-column-missing", "2", "C")),
    ([("form", *LONG), ("один", 2, "1.1", 1, 5)], ("typed-form", "2", "A")),
    ([LONG, (2, "1.2", 1, 5), (2, "1.2", 1, 6)], ("typed-twice", "3", "D")),
    ([LONG, (2, "1.2", 1, "#REF!")], ("typed-broken", "2", "D")),
    ([LONG, (2, "1.2", 1, "#####")], ("typed-broken", "2", "D")),
    ([LONG, (2, "1.2", 1, "1,23E+05")], ("typed-scientific", "2", "D")),
    ([LONG, (2, "1.2", 1, "01.май")], ("typed-date", "2", "D")),
    ([LONG, (2, "1.2", 1, "01.05.2026")], ("typed-date", "2", "D")),
    ([LONG, (2, "1.2", 1, day(2026, 5, 1))], ("typed-date", "2", "D")),
    ([LONG, (2, "1.2", 1, True)], ("typed-date", "2", "D")),
    ([LONG, (2, "1.2", 1, "=1+1")], ("typed-formula", "2", "D")),
    ([("a", "b"), (1, 2)], ("typed-no-table", None, None)),
    ([["1", "Всего", 9, 9], ["1.1", "x", 1, 2, 3], ["1.2", "x", 4, 5]], ("typed-no-table", None, None)),
    ([["А", "Б", 1, 2, 3], ["1", "Всего", 5, 5, None], ["1.17", "x", 5, 5, None]], ("typed-line", "3", "A")),
    ([["А", "Б", 1, 2, 3], ["1", "Всего", 5, 5, None], [None, "x", 5, 5, None]], ("typed-line-missing", "3", "A")),
    ([["А", "Б", 1, 2, 3], ["1", "Всего", 5, 5, None], ["итого", "x", 5, 5, None], [1.2]],
     ("typed-line", "3", "A")),
    ([("section", "line", "column", "Мәні, теңге"), (2, "1.2", 1, 5)], ("typed-unit", "1", "D")),
    ([("section", "line", "column", "Сумма (млн тенге)"), (2, "1.2", 1, 5)], ("typed-unit", "1", "D")),
])  # fmt: skip
def test_what_cannot_be_told_is_refused_with_its_place(tmp_path, rows, problem):
    """Row and column as a spreadsheet shows them."""
    assert refused(write_xlsx(tmp_path / "a.xlsx", {"Лист 9": rows})) == [problem]


@pytest.mark.parametrize(("name", "content", "code"), [
    ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "typed-old-workbook"),
    ("a.xlsx", b"PK\x03\x04" + bytes(600), "typed-no-table-file"),
    ("a.csv", b"", "empty-file"),
    ("a.csv", b"  \n", "empty-file"),
    ("a.csv", b"a\x00b", "typed-no-table-file"),
    ("a.csv", b"%PDF-1.7\n", "typed-no-table"),
])  # fmt: skip
def test_what_is_no_table_file_is_refused(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path) == [(code, None, None)]


def test_decimal_commas_that_nothing_sets_off_are_refused(tmp_path):
    """A comma that parts cells as well as decimals would move figures into other columns."""
    path = tmp_path / "a.csv"
    path.write_text("section,line,column,value,note\n2,1.1,1,12,5,\n2,1.2,1,12,\n", encoding="utf-8")
    assert refused(path) == [("typed-row-long", "2", "F")]
    path.write_text("А,Б,1,2,3\n1,Всего,5,5,\n1.1,Игры,2,5,2,5,\n", encoding="utf-8")
    assert refused(path) == [("typed-row-long", "3", "F")]


def test_a_table_in_another_unit_than_the_form_is_refused(tmp_path):
    """Its heading says so; the form's own heading says thousands."""
    rows = wide_rows()
    said = "Объем оказанных услуг – всего, {} тенге"
    assert only(write_xlsx(tmp_path / "a.xlsx", {"2": [[said.format("тысяч")], *rows]})) == FILLED
    path = write_xlsx(tmp_path / "b.xlsx", {"2": [[said.format("")], *rows]})
    assert refused(path) == [("typed-unit", "1", "A")]


def test_a_workbook_spoilt_at_any_byte_is_read_or_refused(tmp_path):
    """Whatever the library meets, the message is ours."""
    whole = write_xlsx(tmp_path / "a.xlsx", {"x": long_rows(FILLED)}).read_bytes()
    for at in range(0, len(whole), len(whole) // 40):
        path = tmp_path / "b.xlsx"
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with contextlib.suppress(BadTable):
            typed(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refused(tmp_path / "a.csv") == [("unreadable", None, None)]


def test_the_layout_is_the_one_that_fits(tmp_path):
    """Two that fit are asked about."""
    path = write_csv(tmp_path / "a.csv", [LONG, (5, "Б", 11, 5)])
    assert only(path, shipped_layouts() | {OTHER.id: OTHER}) == {"s5/Б/11": "5"}
    assert refused(path, {"one": OTHER, "two": OTHER}) == [("typed-several-layouts", None, None)]


def test_a_nought_at_the_head_of_a_code_is_found_again(tmp_path):
    """Line 030 of another form is the number 30 in Excel."""
    code = next(line.code for line in OTHER.table(8).lines if line.code.startswith("0"))
    column = OTHER.table(8).amount_columns[0].number
    path = write_xlsx(tmp_path / "a.xlsx", {"x": [LONG, (8, int(code), column, 5)]})
    assert only(path, {OTHER.id: OTHER}) == {f"s8/{code}/{column}": "5"}


cell_texts = st.one_of(
    st.none(), st.integers(-5, 10**9), st.floats(allow_nan=False, allow_infinity=False, width=32), st.booleans(),
    st.datetimes(), st.text(alphabet="0123456789.,-/ АБВsectionlinevaluежол", max_size=8),
    st.sampled_from([*LONG, "1", "2", "3", *CODES[:4]]),
)  # fmt: skip


@given(rows=st.lists(st.lists(cell_texts, max_size=7), max_size=12))
def test_no_table_breaks_it(rows, tmp_path_factory):
    """Whatever stands in a sheet, it is read or refused."""
    path = write_csv(tmp_path_factory.mktemp("rows") / "a.csv", rows)
    try:
        typed(path)
    except BadTable as error:
        for problem in error.problems:
            told = {"file": error.file, **where(problem, "en")}
            for language in LANGUAGES:
                assert not placeholders(say(problem.message_id, told, language))


amounts = st.decimals(min_value=0, max_value=10**7, places=1).map(lambda amount: f"{plain_decimal(amount):f}")
filled = st.dictionaries(st.sampled_from([str(at) for at in layout().places]), amounts, min_size=1, max_size=30)


@settings(max_examples=25, deadline=None)
@given(cells=filled, spoil=st.sampled_from([str, as_excel, as_number]), long=st.booleans())
def test_what_is_typed_is_what_is_read_whatever_the_shape(cells, spoil, long, tmp_path_factory):
    """Any figures at any places, in a complete table of either shape, with codes as Excel leaves them."""
    path = tmp_path_factory.mktemp("typed") / "a.xlsx"
    numbers = {at: float(text) for at, text in cells.items()}
    if long:
        rows = [(at.section, spoil(at.line), int(at.column), numbers.get(str(at))) for at in layout().places]
        write_xlsx(path, {"x": [LONG, *rows]})
    else:
        codes = [spoil(code) for code in CODES]
        write_xlsx(path, {f"Раздел {n}": wide_rows(n, codes, numbers, float) for n in (2, 3)})
    assert only(path) == cells
