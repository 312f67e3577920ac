"""Causes told from a form as a whole: which slip accounts for all that fails, and how it is said."""

from __future__ import annotations

import math

import pytest

from extract.records import Alternative, Ink
from layouts.words import LANGUAGES, codes, placeholders, say
from tests.factories import TRUST, form_figures, place, reading
from validate.decide import decide
from validate.records import Cause, Finding
from validate.settings import Settings

SETTINGS = Settings(latest_year=2027)
# Four lines and an "of which" line, in four columns; every rule holds.
ROWS = {
    "1": (85_237, 45_631, 27_405, 9_001, 12_201),
    "1.3": (31_404, 19_822, 11_582, 8_113, 0),
    "1.3.1": (12_009, 7_004, 5_005, 0, 0),
    "1.7": (28_119, 15_903, 5_432, 888, 6_784),
    "1.9": (25_714, 9_906, 10_391, 0, 5_417),
}
COLUMNS = ("1", "2", "3", "4", "6")


def form(**changes: int | str) -> dict[str, str]:
    """The form's cells, some of them changed: {"s2/1.7/2": 5}; "" is blank."""
    cells = {
        f"s2/{line}/{c}": str(v) if v else "" for line, row in ROWS.items() for c, v in zip(COLUMNS, row, strict=True)
    }
    return cells | {key: str(value) for key, value in changes.items()}


def found(cells: dict[str, str], **more) -> list[Finding]:
    return [f for f in decide(form_figures(cells, **more), SETTINGS, TRUST).findings if f.set == "table"]


def only(cells: dict[str, str], **more) -> tuple[Cause | None, str, str]:
    """The one cause and kind that all findings agree on, and the first culprit."""
    findings = found(cells, **more)
    told = {(f.cause, dict(f.parameters)["why"]) for f in findings}
    assert len(told) == 1, told
    ((cause, why),) = told
    return cause, why.removeprefix("why."), str(findings[0].places[0])


def test_the_form_itself_is_sound():
    assert not found(form())


@pytest.mark.parametrize(
    ("changes", "cause", "kind", "culprit"),
    [
        ({"s2/1.7/2": 15_930}, Cause.ARITHMETIC, "transposed", "s2/1.7/2"),
        ({"s2/1.7/2": 1_593}, Cause.ARITHMETIC, "digit-lost", "s2/1.7/2"),
        ({"s2/1.7/1": 28_219}, Cause.ARITHMETIC, "wrong-sum", "s2/1.7/1"),
        ({"s2/1.7/2": 15_403}, Cause.ARITHMETIC, "wrong-figure", "s2/1.7/2"),
        ({"s2/1.3.1/1": 12_809}, Cause.ARITHMETIC, "wrong-sum", "s2/1.3.1/1"),
        ({"s2/1.7/2": 15_903_000}, Cause.UNIT, "in-tenge", "s2/1.7/2"),
        ({"s2/1.9/6": -5_417}, Cause.SIGN, "minus", "s2/1.9/6"),
        ({"s2/1/2": ""}, Cause.MISSING_TOTAL, "missing-total", "s2/1/2"),
        ({"s2/1.9/3": ""}, Cause.UNKNOWN, "left-out", "s2/1.9/3"),
        ({"s2/1.9/3": "", "s2/1.9/4": 10_391}, Cause.MISPLACED, "moved", "s2/1.9/4"),
        ({"s2/1.7/3": 15_903, "s2/1.7/2": 5_432}, Cause.MISPLACED, "swapped", "s2/1.7/2"),
    ],
)
def test_one_slip_in_one_cell(changes, cause, kind, culprit):
    """Every control through the cell names it, and what it is."""
    assert only(form(**changes)) == (cause, kind, culprit)


@pytest.mark.parametrize(("column", "kind"), [("2", "in-tenge-column"), ("3", "in-tenge-column")])
def test_a_column_in_tenge(column, kind):
    """Its own sum holds; each line is off by 999 times the cell."""
    at = COLUMNS.index(column)
    cells = form(**{f"s2/{line}/{column}": row[at] * 1000 for line, row in ROWS.items()})
    lines = [f for f in found(cells) if f.rule == "s2.columns"]
    assert len(lines) == len(ROWS)
    assert {(f.cause, dict(f.parameters)["why"]) for f in lines} == {(Cause.UNIT, f"why.{kind}")}
    assert all(f.places[0].column == column for f in lines)


def test_a_line_in_tenge():
    """Its own sum holds; each column is off."""
    cells = form(**{f"s2/1.7/{c}": v * 1000 for c, v in zip(COLUMNS, ROWS["1.7"], strict=True)})
    assert only(cells) == (Cause.UNIT, "in-tenge-line", "s2/1.7/1")


def test_a_line_written_one_too_low():
    """Line 1.3 stands on its "of which" line, and drops out of every column's sum."""
    cells = form(**{f"s2/1.3/{c}": "" for c in COLUMNS})
    cells |= {f"s2/1.3.1/{c}": str(v or "") for c, v in zip(COLUMNS, ROWS["1.3"], strict=True)}
    cause, kind, culprit = only(cells)
    assert (cause, kind) == (Cause.MISPLACED, "shifted-lines")
    assert culprit.startswith("s2/1.3.1/")


def test_the_figures_of_a_line_one_column_off():
    """Private, joint and individual where state, private and foreign belong."""
    cells = form(**{"s2/1.7/2": "", "s2/1.7/3": 15_903, "s2/1.7/4": 5_432, "s2/1.7/5": 888, "s2/1.7/6": 6_784})
    assert {f.cause for f in found(cells)} == {Cause.MISPLACED}


def test_all_totals_of_a_column_left_out():
    """One finding a line, one cause, one respondent to ask."""
    cells = form(**{f"s2/{line}/1": "" for line in ROWS})
    cause, kind, _ = only(cells)
    assert (cause, kind) == (Cause.MISSING_TOTAL, "missing-totals-column")


def test_parts_left_out_with_their_total_standing():
    """Nobody can tell what they were, but each column says how much it lacks."""
    cells = form(**{f"s2/1.7/{c}": "" for c in "236"}, **{"s2/1.7/4": ""})
    cause, kind, culprit = only(cells)
    assert (cause, kind, culprit) == (Cause.UNKNOWN, "parts-missing", "s2/1.7/1")


def test_a_wrong_sum_that_was_carried_on():
    """Two lines are off by the same, and their column holds."""
    cells = form(**{"s2/1.7/1": 28_619, "s2/1/1": 85_737})
    line, above = sorted(found(cells), key=lambda f: f.places[0].line, reverse=True)
    assert (str(line.places[0]), str(above.places[0])) == ("s2/1.7/1", "s2/1/1")
    assert {dict(f.parameters)["why"] for f in (line, above)} == {"why.carried"}


def test_a_line_in_percent_of_its_parent():
    """38, 35 and 43 percent are no sum, but the amounts they stand for are."""
    cells = form(**{"s2/1.3.1/1": 38, "s2/1.3.1/2": 35, "s2/1.3.1/3": 43})
    assert only(cells)[:2] == (Cause.PERCENT, "percent")


def test_a_difference_of_one_is_rounding_or_a_slip():
    """Where one cell alone is off by one and all the rest comes out, the paper does not tell; nothing is pretended."""
    findings = found(form(**{"s2/1.7/1": 28_120}))
    assert len(findings) == 2
    assert {f.cause for f in findings} <= {Cause.UNKNOWN, Cause.ARITHMETIC, Cause.ROUNDING}
    many = {"s2/1.7/1": 28_120, "s2/1.9/1": 25_713, "s2/1.3/1": 31_405, "s2/1/2": 45_632}
    assert {f.cause for f in found(form(**many))} == {Cause.ROUNDING}


def test_a_doubtful_reading_competes_with_the_respondent():
    """The other reading, if it fits; where none does and a digit would, nobody can tell who erred."""
    said = (Alternative("15403", math.log(0.9993), "a"), Alternative("15903", math.log(0.0005), "a"))
    cells = {"s2/1.7/2": reading(place("s2/1.7/2"), said, ink=Ink.HAND, witnesses=1)}
    assert only(form(), readings=cells) == (Cause.READING, "other-reading", "s2/1.7/2")
    said = (Alternative("15403", math.log(0.7), "a"), Alternative("15408", math.log(0.2), "a"))
    cells = {"s2/1.7/2": reading(place("s2/1.7/2"), said, ink=Ink.HAND, witnesses=1)}
    assert only(form(), readings=cells) == (Cause.UNKNOWN, "doubtful", "s2/1.7/2")


def test_two_slips_are_told_apart():
    """Each with its own cells, though they share a column's sum."""
    findings = found(form(**{"s2/1.7/2": 15_930, "s2/1.9/6": -5_417}))
    told = {(f.cause, str(f.places[0])) for f in findings}
    assert told == {(Cause.ARITHMETIC, "s2/1.7/2"), (Cause.SIGN, "s2/1.9/6")}


def test_no_figure_is_ever_changed():
    """What is written stays, whatever the sums ask for."""
    cells = form(**{"s2/1.7/2": 15_930, "s2/1.9/6": -5_417, "s2/1.3/1": 31_404_000})
    decided = decide(form_figures(cells), SETTINGS, TRUST)
    assert [c.figure.written for c in decided.cells] == [
        cells.get(str(c.figure.reading.place), "") for c in decided.cells
    ]


def test_a_section_in_tenge_beside_one_that_is_not():
    """All its figures end in three noughts, the others' do not."""
    cells = form() | {"s3/1/1": "4625000", "s3/1.7/1": "1325000", "s3/1.8/1": "3300000"}
    decided = decide(form_figures(cells), SETTINGS, TRUST)
    (section,) = [f for f in decided.findings if f.rule == "check.unit-section"]
    assert (section.cause, section.places[0].section) == (Cause.UNIT, 3)
    assert {c.figure.reading.place.section for c in decided.cells if "unit-part" in c.reasons} == {3}
    assert not any("unit-suspected" in c.reasons for c in decided.cells)  # that is said of a whole form
    assert "unit-part" in decided.reasons


def test_the_sentence_names_cells_and_amounts():
    """What fails, what seems to have happened, what to do."""
    first = found(form(**{"s2/1.7/2": 15_930}))[0]
    told = say(first.message_id, first.parameters, "ru")
    assert told == (
        "Раздел 2, строка 1.7: графа 1 (28119) не равна сумме граф 2+3+5+6 (28146), разница -27. "
        "Похоже, переставлены цифры: в строке 1.7, графе 2 стоит 15930, а должно быть 15903 "
        "(разница 27 делится на девять). Уточните у респондента"
    )
    assert first.clause


@pytest.mark.parametrize("kind", codes("why"))
def test_every_cause_is_said_with_the_same_parameters_in_every_language(kind):
    """No language leaves an amount out."""
    texts = [say(f"why.{kind}", {}, language) for language in LANGUAGES]
    assert len({placeholders(text) for text in texts}) == 1


def test_a_published_rule_that_fails_by_as_much_has_the_same_cause():
    """It sums fewer lines than the table, but the same figure is wrong."""
    findings = decide(form_figures(form(**{"s2/1/1": 85_247})), SETTINGS, TRUST).findings
    causes = {f.rule: (f.cause, str(f.places[0])) for f in findings if f.rule.endswith("s2.total")}
    assert causes == dict.fromkeys(("s2.total", "published.s2.total"), (Cause.ARITHMETIC, "s2/1/1"))
