"""Rules are spread over exactly the cells they speak of, on any form."""

from dataclasses import replace
from pathlib import Path

from layouts.load import load_layout
from layouts.model import Place, RuleSet
from layouts.relations import parse_relation, write_relation
from layouts.rules import controls, not_applicable

OTHER = load_layout(Path(__file__).parent / "data" / "3-test.toml")


def of(rule_id: str, rule_set: RuleSet = RuleSet.TABLE):
    return [control for control in controls(OTHER, rule_set) if control.rule.id == rule_id]


def test_a_rule_on_lines_holds_once_on_each_line():
    whole = of("whole")
    assert [control.at for control in whole] == ["А", "Б", "Б1", "В", "Г"]
    assert whole[1].left == (Place(5, "Б", "10"),)
    assert whole[1].right == (Place(5, "Б", "11"), Place(5, "Б", "12"))
    assert whole[1].places == whole[1].left + whole[1].right


def test_a_rule_in_columns_leaves_out_columns_without_figures():
    assert [control.at for control in of("park")] == ["10", "11", "12"]


def test_a_crossed_cell_adds_nothing():
    eleventh = next(control for control in of("park") if control.at == "11")
    assert eleventh.right == (Place(5, "Б", "11"), Place(5, "В", "11"))
    tram = next(control for control in of("whole") if control.at == "Г")
    assert tram.right == (Place(5, "Г", "12"),)


def test_a_side_that_is_all_crossed_makes_no_control():
    crossed = frozenset(line.code for line in OTHER.table(5).lines)
    table = OTHER.table(5)
    columns = tuple(replace(c, crossed=crossed) if c.number == "10" else c for c in table.columns)
    layout = replace(OTHER, tables=(replace(table, columns=columns), OTHER.table(8)))
    assert not [control for control in controls(layout, RuleSet.TABLE) if control.rule.id == "whole"]


def test_only_limits_a_rule():
    assert [control.at for control in of("electric")] == ["10", "12"]
    assert [control.at for control in of("published.fact", RuleSet.PUBLISHED)] == ["2"]


def test_sets_are_never_mixed():
    for rule_set in RuleSet:
        assert {control.rule.set for control in controls(OTHER, rule_set)} == {rule_set}


def test_a_rule_on_absent_columns_and_lines_is_told_once_with_their_names():
    (told,) = not_applicable(OTHER)
    assert told.rule.id == "published.gone"
    assert told.absent == ("13", "Д")


def test_a_relation_is_written_as_it_was_read():
    for rule in OTHER.rules:
        text = write_relation(rule.left, rule.relation, rule.right)
        assert parse_relation(text) == (rule.left, rule.relation, rule.right)
