"""The benchmark's scorer against numbers computed by hand, and against tables as they come."""

import csv
import json

import pytest
from scipy import stats

from corpus.__main__ import main
from corpus.benchmark.answers import Answers, FormatError, add_cell, load_answers
from corpus.benchmark.measures import difference, error, ratio, share
from corpus.benchmark.page import BEGIN, END, page, renewed
from corpus.benchmark.policy import half_of, policy_of, threshold
from corpus.benchmark.score import score, score_folder, table

HEAD = ("file", "form", "section", "line", "column", "value")
CELLS = (("1", "12,5"), ("1.1", "-"), ("1.10", "0"), ("1.2", ""), ("1.3", "1 000"), ("1.4", "Х"))
WANT = {"12,5": "12.5", "1 000": "1000"}
GOOD = {"12,5": "12.5", "-": "0", "0": "0", "": "", "1 000": "1000", "Х": ""}


def entry(file="a.pdf", form=1, kind="digital", **more):
    """A form of six cells: two amounts, a dash, a nought, a blank and a cross."""
    cells = {line: {"1": {"written": w, "thousand_tenge": WANT.get(w, "0")}} for line, w in CELLS}
    base = {"file": file, "form": form, "kind": kind, "bin": "123", "iin": "", "year": 2025, "kato": "711010000"}
    texts = {"name": "ТОО «А»", "hours": "1-2", "signatures": {"head_signature": "scrawl"}, "missing_pages": []}
    return {**base, **texts, "section2": cells, **more}


def rows(file="a.pdf", form="1", **changed):
    """What a faultless system says, with changes by line: a value, or several columns."""
    told = []
    for line, written in CELLS:
        row = {**dict(zip(HEAD, (file, form, "2", line, "1", GOOD[written]), strict=True))}
        change = changed.get(line.replace(".", "_"), {})
        told.append({**row, **(change if isinstance(change, dict) else {"value": change})})
    return told


def said(told):
    answers = Answers()
    for row in told:
        add_cell(answers, row)
    return answers


def counted(scored, name):
    value = scored["all"][name]
    return value["hits"], value["total"]


def line(changes):
    return {f"{code}".replace(".", "_"): change for code, change in changes.items()}


def test_a_faultless_system_is_right_everywhere():
    """Values alone: two amounts of two, nothing wrong, everything accepted, and the form whole."""
    scored = score([entry()], said(rows()))
    assert counted(scored, "amounts") == (2, 2)
    assert counted(scored, "coverage") == (5, 5)  # the blank has no ink
    assert counted(scored, "risk") == (0, 5)
    assert counted(scored, "risk_filled") == (0, 1)
    assert counted(scored, "whole_forms") == (1, 1)
    assert counted(scored, "told_apart") == (4, 4)
    assert counted(scored, "cer_amounts") == (0, 8)  # «12.5» and «1000»
    assert scored["accepted_by"] == "all"
    assert scored["problems"] == {}


def test_each_fault_counts_where_it_belongs():
    """A wrong value, a figure lost, one made up: 1 of 2 amounts, 2 of 5 inked cells wrong, 1 filled of 1 blank."""
    scored = score([entry()], said(rows(**line({"1": "125", "1.1": "", "1.2": "7"}))))
    assert counted(scored, "amounts") == (1, 2)
    assert counted(scored, "risk") == (2, 5)
    assert counted(scored, "risk_value") == (1, 5)
    assert counted(scored, "risk_blank") == (1, 5)
    assert counted(scored, "risk_filled") == (1, 1)
    assert counted(scored, "cer_amounts") == (1, 8)
    assert counted(scored, "dashes") == (0, 1)
    assert counted(scored, "zeros") == (1, 1)
    assert counted(scored, "whole_forms") == (0, 1)
    assert scored["taken_for"] == {
        "amount>amount": 2,
        "blank>amount": 1,
        "blank>blank": 1,
        "zero>blank": 1,
        "zero>zero": 1,
    }


def test_what_is_shown_is_not_held_against_a_system():
    """Wrong but not accepted: no risk, less coverage, the form does not go through."""
    wrong = {"value": "99", "accepted": "0"}
    scored = score([entry()], said([{"accepted": "1", **row} for row in rows(**line({"1": wrong}))]))
    assert counted(scored, "amounts") == (1, 2)
    assert counted(scored, "coverage") == (4, 5)
    assert counted(scored, "risk") == (0, 4)
    assert counted(scored, "through") == (0, 1)
    assert scored["accepted_by"] == "said"


def test_dash_nought_and_cross_are_told_apart_only_by_what_is_written():
    """A system with a column `written` is held to it; by values alone a dash and a nought are one."""
    written = [{**row, "written": w} for row, (_, w) in zip(rows(), CELLS, strict=True)]
    scored = score([entry()], said(written))
    assert scored["told_by"] == "written"
    assert counted(scored, "told_apart") == (4, 4)
    written[1]["written"] = "0"
    assert score([entry()], said(written))["taken_for"]["dash>zero"] == 1
    assert score([entry()], said(rows()))["told_by"] == "value"


def test_a_row_that_is_not_there_is_an_accepted_blank():
    """Silence about an amount is wrong, about a blank right."""
    told = [row for row in rows() if row["line"] not in {"1", "1.2"}]
    scored = score([entry()], said(told))
    assert counted(scored, "risk_blank") == (1, 5)
    assert counted(scored, "blanks") == (1, 1)
    assert scored["cells_without_row"] == 2


def test_a_form_that_vanishes_is_lost_and_one_that_is_refused_is_not_accepted():
    """Lost: all its ink is wrongly blank. Refused in forms.csv: a person has it. Neither has a blank right."""
    both = [entry(), entry("b.pdf")]
    lost = score(both, said(rows()))
    assert (lost["forms_lost"], lost["forms_refused"]) == (1, 0)
    assert counted(lost, "risk_blank") == (4, 10)  # a cross is right when nothing is said of it
    assert counted(lost, "blanks") == (1, 2)
    answers = said(rows())
    answers.forms["b.pdf", 0] = False
    refused = score(both, answers)
    assert (refused["forms_lost"], refused["forms_refused"]) == (0, 1)
    assert counted(refused, "risk") == (0, 5)
    assert counted(refused, "coverage") == (5, 10)
    assert counted(refused, "blanks") == (1, 2)
    assert counted(refused, "told_apart") == (4, 8)


def test_the_same_row_twice_counts_once_and_two_different_ones_not_at_all():
    """Nobody gains by saying two things."""
    again = score([entry()], said([*rows(), rows()[0]]))
    assert again["problems"] == {"repeated": 1}
    assert counted(again, "amounts") == (2, 2)
    both = score([entry()], said([*rows(), {**rows()[0], "value": "13"}]))
    assert both["problems"] == {"contradicting": 1}
    assert counted(both, "amounts") == (1, 2)
    assert counted(both, "risk") == (1, 5)


def test_rows_of_nowhere_are_told_and_take_no_part():
    """A code that Excel cut to 1.1 contradicts line 1.1; 9.9 and a second form are not there."""
    cut = score([entry()], said([{**row, "line": "1.1"} if row["line"] == "1.10" else row for row in rows()]))
    assert counted(cut, "zeros") == (0, 1)
    stray = [{**rows()[0], "line": "9.9"}, {**rows()[0], "form": "2"}, {**rows()[0], "form": "two"}]
    scored = score([entry()], said([*rows(), *stray]))
    assert scored["problems"] == {"bad-form": 1, "no-such-cell": 1, "no-such-form": 1}
    assert scored["forms_invented"] == 1
    assert counted(scored, "amounts") == (2, 2)


@pytest.mark.parametrize("text", ["12,5", "1 2.5", "NaN", "Infinity", "1.25e1", "?", "=12.5", "１２.5"])
def test_text_that_is_no_plain_number_is_wrong_and_breaks_nothing(text):
    """Values are plain decimals; what is something else is reported."""
    scored = score([entry()], said(rows(**line({"1": text}))))
    assert counted(scored, "amounts") == (1, 2)
    assert scored["problems"] == {"no-number": 1}
    assert "value" not in scored["problems"]


def test_1_50_is_1_5_and_a_flag_that_is_unclear_counts_as_accepted():
    """Equal as decimals; what is unclear is not to a system's good."""
    scored = score([entry()], said(rows(**line({"1": {"value": "12.500", "accepted": "maybe"}}))))
    assert counted(scored, "amounts") == (2, 2)
    assert scored["problems"] == {"bad-flag": 1}
    assert counted(scored, "coverage") == (5, 5)


def test_confidence_is_turned_into_acceptance_on_other_forms():
    """Each half of the files is judged by the threshold of the other, here 0.9 and 0.5."""
    names = [f"{i}.pdf" for i in range(40)]
    one = next(name for name in names if half_of(name) == 0)
    two = next(name for name in names if half_of(name) == 1)
    sure = [{**row, "confidence": "0.9"} for row in rows(one)] + [{**row, "confidence": "0.5"} for row in rows(two)]
    scored = score([entry(one), entry(two)], said(sure))
    assert scored["accepted_by"] == "confidence"
    assert counted(scored, "coverage") == (
        6,
        10,
    )  # the first half asks for 0.5, the second for 0.9; the cross is a blank
    assert threshold([(0.9, True)] * 999 + [(0.8, False)]) == 0.8
    assert threshold([(0.9, True)] * 998 + [(0.8, False)]) == 0.9
    assert threshold([(0.9, True), (0.9, False)]) == float("inf")
    assert policy_of([], []).how == "all"


def test_a_confidence_that_is_no_number_is_none_at_all():
    """It never passes a threshold."""
    told = [{**row, "confidence": text} for row, text in zip(rows(), ("high", "nan", "1", "1", "1", "1"), strict=True)]
    assert [each.confidence for each in list(said(told).cells.values())[:3]] == [float("-inf"), float("-inf"), 1.0]


def write(folder, name, told):
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(told[0]))
        writer.writeheader()
        writer.writerows(told)


def test_a_run_of_qagaz_is_scored_as_it_is(tmp_path):
    """`status` says what is accepted, a rejected file has the form 0, fields lie beside cells."""
    status = [{"source": "x", **row, "written": "", "status": "accepted", "reason": ""} for row in rows()]
    status[0]["status"] = "review"
    write(tmp_path, "cells.csv", status)
    base = {"file": "a.pdf", "form": "1", "line": "", "status": "accepted"}
    said_fields = {"bin": "123", "iin": "", "year": "2024", "kato": "", "name": "тоо а", "head_signature": "present"}
    write(tmp_path, "fields.csv", [{**base, "field": name, "value": value} for name, value in said_fields.items()])
    forms = [("a.pdf", "1", "review"), ("b.pdf", "0", "rejected")]
    write(tmp_path, "forms.csv", [dict(zip(("file", "form", "status"), row, strict=True)) for row in forms])
    (tmp_path / "truth.json").write_text(json.dumps([entry(), entry("b.pdf")]), encoding="utf-8")
    scored = score_folder(tmp_path / "truth.json", tmp_path)
    assert counted(scored, "coverage") == (4, 10)
    assert scored["forms_refused"] == 1
    assert counted(scored, "bin") == (1, 2)
    assert counted(scored, "year") == (0, 2)
    assert counted(scored, "texts") == (1, 2)
    assert counted(scored, "choices") == (1, 2)
    assert counted(scored, "through") == (0, 2)
    # accepted and wrong of a.pdf: year, KATO, hours; b.pdf says nothing of four fields that are filled
    assert counted(scored, "risk_identifiers") == (7, 10)


def test_fields_on_a_page_that_is_missing_are_not_asked_for(tmp_path):
    """Nobody can read them."""
    write(tmp_path, "cells.csv", rows())
    write(tmp_path, "fields.csv", [{"file": "a.pdf", "field": "bin", "value": "1"}])
    (tmp_path / "truth.json").write_text(json.dumps([entry(missing_pages=[2])]), encoding="utf-8")
    scored = score_folder(tmp_path, tmp_path)
    assert counted(scored, "identifiers") == (0, 0)
    assert scored["all"]["identifiers"]["share"] is None
    assert "–" in table(scored)


def test_tables_that_cannot_be_scored_say_why(tmp_path, capsys):
    """No table, or no column: usage, in one line."""
    with pytest.raises(FormatError, match="no cells"):
        load_answers(tmp_path)
    write(tmp_path, "cells.csv", [{"file": "a.pdf", "line": "1", "value": "2"}])
    (tmp_path / "truth.json").write_text(json.dumps([entry()]), encoding="utf-8")
    assert main(["benchmark", "score", str(tmp_path), str(tmp_path)]) == 2
    assert "no column column, section" in capsys.readouterr().err


def test_intervals_are_those_of_files():
    """One bad file of ten is wider than the same errors spread; single forms are Clopper and Pearson's."""
    together, spread = error([(10, 50)] + [(0, 50)] * 9), error([(1, 50)] * 10)
    assert together.high - together.low > spread.high - spread.low
    exact = stats.binomtest(9, 10).proportion_ci(0.95, "exact")
    value = share([(1, 1)] * 9 + [(0, 1)])
    assert (round(value.low, 9), round(value.high, 9)) == (round(exact.low, 9), round(exact.high, 9))
    assert ratio([(2, 10)]).high == float("inf")
    assert ratio([(2, 10), (2, 10)]).low == pytest.approx(0.2)


def test_two_systems_are_compared_on_the_same_files():
    """Ahead by 0.1 in each file: no spread, no interval."""
    assert difference({"a": (9, 10), "b": (8, 10)}, {"a": (8, 10), "b": (7, 10)}) == pytest.approx((0.1, 0.1, 0.1))
    assert difference({"a": (9, 10)}, {"a": (8, 10)}) == (0.0, -1.0, 1.0)


def test_scores_stand_side_by_side_and_only_on_the_same_forms(tmp_path, capsys):
    """JSON out, Markdown in; what stands around the tables stays."""
    both = [entry(), entry("b.pdf", kind="fax")]
    (tmp_path / "truth.json").write_text(json.dumps(both), encoding="utf-8")
    write(tmp_path / "good", "cells.csv", rows() + rows("b.pdf"))
    write(tmp_path / "poor", "cells.csv", rows() + rows("b.pdf", **line({"1": "1"})))
    for name in ("good", "poor"):
        assert (
            main(["benchmark", "score", str(tmp_path), str(tmp_path / name), "--out", str(tmp_path / f"{name}.json")])
            == 0
        )
    assert "good on benchmark" in capsys.readouterr().out
    out = tmp_path / "page.md"
    out.write_text(f"before\n{BEGIN}what was\n{END}after\n", encoding="utf-8")
    assert main(["benchmark", "page", *(str(tmp_path / f"{n}.json") for n in ("good", "poor")), "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "what was" not in text
    assert "25.0 percentage points" in text
    assert "| fax | 1 | 2 | 100.0" in text
    assert renewed(tmp_path / "none.md", "x").startswith(BEGIN)
    other = score([entry()], said(rows()))
    with pytest.raises(ValueError, match="other forms"):
        page([other, json.loads((tmp_path / "good.json").read_text(encoding="utf-8"))])
