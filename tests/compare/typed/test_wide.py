"""Tables laid out like the form: blocks, sheets, headings merged, heads and feet."""

from __future__ import annotations

from tests.compare.typed.tables import FILLED, long_rows, only, refused, typed, values, wide_rows, write_csv, write_xlsx
from tests.factories import BIN


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
