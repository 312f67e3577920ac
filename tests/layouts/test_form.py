"""The shipped form «2-услуги (IT)»: what follows from the form itself must follow from its file."""

import numpy as np
import pytest

from layouts.load import shipped_layouts
from layouts.model import ColumnKind, FieldKind, Place, Relation, RuleSet
from layouts.rules import controls, not_applicable

FORM = shipped_layouts()["2-uslugi-it.2026"]
PARTS = {"1.3.1": "1.3", "1.4.1": "1.4", "1.5.1": "1.5", "1.6.1": "1.6", "1.16.1": "1.16"}
TOP = [f"1.{i}" for i in range(1, 17)]


def equalities(section: int) -> np.ndarray:
    """One row an equality of the table, one column a figure cell of the section."""
    places = [place for place in FORM.places if place.section == section]
    rows = [
        [(place in control.left) - (place in control.right) for place in places]
        for control in controls(FORM, RuleSet.TABLE)
        if control.rule.relation is Relation.EQUAL and control.rule.section == section
    ]
    return np.array(rows, dtype=int)


def test_it_has_154_figure_cells_and_22_country_cells():
    by_section = [sum(place.section == section for place in FORM.places) for section in (2, 3)]
    assert by_section == [132, 22]
    assert len(set(FORM.places)) == 154
    assert len(FORM.country_places) == 22


def test_both_tables_have_the_22_lines_in_the_order_of_the_form():
    codes = [line.code for line in FORM.table(2).lines]
    assert [code for code in codes if code.count(".") < 2] == ["1", *TOP]
    assert codes.index("1.3.1") == codes.index("1.3") + 1
    assert codes[-2:] == ["1.16", "1.16.1"]
    assert FORM.table(3).lines == FORM.table(2).lines
    assert len(codes) == 22


def test_of_which_lines_share_a_label_and_have_no_activity_code():
    inner = [line for line in FORM.table(2).lines if line.parent]
    assert {line.code: line.parent for line in inner} == PARTS
    assert len({line.label for line in inner}) == 1
    assert {line.code for line in FORM.table(2).lines if not line.oked} == {"1", *PARTS}
    assert FORM.parents[3, "1.16.1"] == "1.16"


def test_activity_codes_are_real_and_each_stands_once():
    codes = [line.oked for line in FORM.table(2).lines if line.oked]
    assert len(set(codes)) == len(codes) == 16
    assert codes == sorted(codes)
    assert not {"62.09.1", "63.11.2"} & set(codes)
    assert (codes[0], codes[-1]) == ("58.21.0", "63.12.0")


def test_columns_are_numbered_and_headed_as_on_the_form():
    assert [column.number for column in FORM.table(2).columns] == ["1", "2", "3", "4", "5", "6"]
    assert all(column.kind is ColumnKind.AMOUNT for column in FORM.table(2).columns)
    fifth = FORM.table(2).columns[4].heading
    assert (fifth.kk, fifth.ru) == ("шетелдік қатысуымен бірлескен меншік", "иностранная собственность")
    assert FORM.table(2).label_columns == FORM.table(3).label_columns == ("А", "Б", "В")
    assert [column.kind for column in FORM.table(3).columns] == [ColumnKind.AMOUNT, ColumnKind.COUNTRY]


def test_crosses_stand_only_in_the_country_column_and_over_the_activity_code_of_line_1():
    crossed = {column.number: column.crossed for column in FORM.table(3).columns}
    assert not crossed["1"]
    assert {line.code for line in FORM.table(3).lines} - crossed["2"] == {
        "1.5",
        "1.5.1",
        "1.6",
        "1.6.1",
        "1.14",
        "1.15",
    }
    assert not any(column.crossed for column in FORM.table(2).columns)
    assert FORM.table(2).oked_crossed == FORM.table(3).oked_crossed == {"1"}


def test_fields_are_all_there():
    boxes = {field.id: (field.length, field.check) for field in FORM.fields if field.kind is FieldKind.BOXES}
    assert boxes == {"year": (4, "year"), "bin": (12, "bin"), "iin": (12, "iin"), "kato": (9, "kato")}
    assert FORM.field("hours").options == ("<1", "1-2", "2-4", "4-8", "8-40", ">40")
    assert len(FORM.field("hours").option_labels) == 6
    signatures = {field.id for field in FORM.fields if field.kind is FieldKind.SIGNATURE}
    assert signatures == {"executor_signature", "accountant_signature", "head_signature"}
    texts = {field.id for field in FORM.fields if field.kind is FieldKind.TEXT}
    assert texts == {
        "region", "name", "address", "phone", "mobile", "email", "executor", "executor_phone", "accountant", "head",
    }  # fmt: skip


def test_section_2_is_28_equalities_of_rank_27_over_132_cells():
    matrix = equalities(2)
    assert matrix.shape == (28, 132)
    assert np.linalg.matrix_rank(matrix) == 27


def test_five_cells_of_section_2_are_in_no_equality():
    places = [place for place in FORM.places if place.section == 2]
    free = [place for place, column in zip(places, equalities(2).T, strict=True) if not column.any()]
    assert free == [Place(2, line, "4") for line in PARTS]


def test_one_wrong_cell_can_be_located_in_85_and_detected_in_42_cells():
    """A cell is located if no other cell stands in the same equalities with the same weights, up to a factor."""
    columns = [tuple(column) for column in equalities(2).T if column.any()]

    def direction(column):
        first = next(value for value in column if value)
        return tuple(value * first for value in column)

    directions = [direction(column) for column in columns]
    located = sum(directions.count(d) == 1 for d in directions)
    assert (located, len(columns) - located) == (85, 42)


def test_section_3_is_one_equality_over_its_amounts():
    assert equalities(3).shape == (1, 22)
    assert np.abs(equalities(3)).sum() == 17


@pytest.mark.parametrize("section", [2, 3])
def test_the_table_holds_every_part_against_its_parent(section):
    held = {
        (control.right[0].line, control.left[0].line)
        for control in controls(FORM, RuleSet.TABLE)
        if control.rule.relation is Relation.AT_LEAST
        and control.rule.section == section
        and control.left[0].column == control.right[0].column
    }
    assert held == set(PARTS.items())


@pytest.mark.parametrize("section", [2, 3])
def test_the_published_total_ends_at_1_14(section):
    total = next(rule for rule in FORM.rules if rule.id == f"published.s{section}.total")
    assert total.right == tuple(TOP[:14])
    own = next(rule for rule in FORM.rules if rule.id == f"s{section}.total")
    assert own.right == tuple(TOP)


def test_published_rules_on_line_1_14_1_are_not_applicable_and_make_no_control():
    told = not_applicable(FORM)
    assert [(n.rule.section, n.absent) for n in told] == [(2, ("1.14.1",)), (3, ("1.14.1",))]
    assert not {n.rule.id for n in told} & {control.rule.id for control in controls(FORM, RuleSet.PUBLISHED)}


def test_there_are_as_many_controls_as_the_rules_say():
    table, published = controls(FORM, RuleSet.TABLE), controls(FORM, RuleSet.PUBLISHED)
    assert len(table) == 22 + 22 + 6 + 5 * 6 + 1 + 5 * 1
    assert len(published) == 22 + 22 + 6 + 2 * 6 + 1 + 2 * 1
    every = set(FORM.places)
    assert all(place in every for control in table + published for place in control.places)


def test_every_rule_has_a_clause_and_says_itself_in_three_languages():
    for rule in FORM.rules:
        assert rule.clause
        assert len(set(rule.sentence.all())) == 3, rule.id


def test_words_are_whole():
    """No label is left letter-spaced, broken or with a double space by the way it was copied."""
    words = [line.label for line in FORM.table(2).lines] + [field.labels[0] for field in FORM.fields]
    words += [column.heading for table in FORM.tables for column in table.columns] + list(FORM.printed)
    for text in (text for each in words for text in (each.kk, each.ru)):
        assert text == " ".join(text.split())
        single = [word for word in text.split() if len(word) == 1 and word.isalpha()]
        assert set(single) <= {"и", "а", "в", "о", "к", "с"}, text
        assert "- " not in text.replace(" - ", " "), text
