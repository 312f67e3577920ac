"""`qagaz check`: the same verdicts as on a digital paper, its exit statuses and what it prints."""

from __future__ import annotations

import csv
import json

import pytest

from layouts.words import LANGUAGES
from qagaz import cli
from qagaz.tables import CELLS, FINDINGS
from review.flatten import flatten
from tests.factories import TRUST, form_figures, form_of, truths
from validate.decide import decide
from validate.settings import Settings

SOUND = {f"s2/{line}/{column}": "100" for line in ("1", "1.1") for column in "12"}
WRONG = SOUND | {"s2/1.1/1": "90"}
LATE_LINES = {f"s2/{line}/{column}": "100" for line in ("1", "1.16") for column in "12"}


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("QAGAZ_LANGUAGE", "en")


@pytest.fixture
def cells_table(tmp_path):
    """Writes forms as `qagaz read` writes its table `cells`."""

    def write(*forms):
        path = tmp_path / "cells.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow([column.name for column in CELLS.columns])
            for number, form in enumerate(forms, start=1):
                told = flatten(decide(form, Settings(), TRUST)).cells
                rows.writerows(("0" * 64, "form.pdf", number, *row[1:]) for row in told)
        return path

    return write


def rule_findings(rows):
    """What is said of rules: everything but the words."""
    return [tuple(row[name] for name in ("rule", "set", "outcome", "places", "left", "right", "cause")) for row in rows]


def of_paper(form):
    found = flatten(decide(form, Settings(), TRUST)).findings
    return rule_findings([row._asdict() for row in found if row.set != "check" or row.cause])


@pytest.mark.parametrize(("cells", "status"), [(SOUND, 0), (WRONG, 3), (LATE_LINES, 0)])
def test_it_says_of_typed_figures_what_read_says_of_a_paper(cells_table, capsys, cells, status):
    """The findings of every rule, with places, sides and cause, are those of the same figures on a digital form."""
    assert cli.main(["check", str(cells_table(form_figures(cells))), "--json"]) == status
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert rule_findings(told["findings"]) == of_paper(form_figures(cells))
    assert (told["source"], told["file"], told["form"], told["holds"]) == ("0" * 64, "form.pdf", 1, status == 0)


@pytest.mark.samples
def test_the_sample_forms_are_judged_alike_typed_and_on_paper(cells_table, capsys):
    """Every sample form, with its planted mistakes."""
    forms = [form_of(truth) for truth in truths()]
    cli.main(["check", str(cells_table(*forms)), "--json"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(forms)
    for line, form in zip(lines, forms, strict=True):
        typed = [row for row in json.loads(line)["findings"] if row["set"] != "check" or row["cause"]]
        assert rule_findings(typed) == of_paper(form)


def test_the_set_that_decides_changes_the_verdict_and_not_what_is_found(cells_table, capsys):
    """A form that fills 1.16 keeps the table's rules and fails the published total."""
    path = str(cells_table(form_figures(LATE_LINES)))
    told = []
    for rules, status in (("table", 0), ("published", 3)):
        assert cli.main(["check", path, "--rules", rules, "--json"]) == status
        told.append(json.loads(capsys.readouterr().out))
    assert told[0]["findings"] == told[1]["findings"]
    assert told[0]["rules"] == told[1]["rules"]
    assert (told[0]["rules"]["table"]["fails"], told[0]["rules"]["published"]["fails"]) == (0, 2)
    assert (told[0]["reasons"], told[1]["reasons"]) == ([], ["published-rule-fails"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_see_both_sets_side_by_side_and_every_finding_with_its_clause(cells_table, capsys, language):
    """One block a form; what both sets say of the same figures is said once."""
    path = str(cells_table(form_figures(WRONG), form_figures(SOUND)))
    assert cli.main(["check", path, "--language", language]) == 3
    text = capsys.readouterr().out
    assert "{" not in text
    assert "check." not in text
    assert text.count("s2.columns") == 2  # s2.columns and published.s2.columns, under one place
    assert "annex 10, item 9" in text or "10-қосымша" in text or "приложение 10" in text
    assert max(map(len, text.splitlines())) <= 120
    assert text.count("form.pdf") == 2


def test_the_closing_lines_count_forms_and_those_that_fail_each_set(cells_table, capsys):
    cli.main(["check", str(cells_table(*map(form_figures, (WRONG, SOUND, LATE_LINES))))])
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Forms: 3; to be looked at: 1.",
        "Forms that fail a rule: of the form's own table 1, of the published ones 2",
    ]


def test_findings_are_written_with_the_columns_of_the_table(cells_table, tmp_path, capsys):
    """As other programs know them from `qagaz read`."""
    out = tmp_path / "findings.csv"
    assert cli.main(["check", str(cells_table(form_figures(SOUND), form_figures(WRONG))), "--out", str(out)]) == 3
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [column.name for column in FINDINGS.columns]
    assert rule_findings(rows) == of_paper(form_figures(WRONG))
    assert {row["form"] for row in rows} == {"2"}
    assert all(row["message"] for row in rows)


def test_what_is_no_certain_figure_is_found(tmp_path, capsys):
    """A word, a percentage, a mark with two meanings and an «Х» each make a finding at their place."""
    path = tmp_path / "a.csv"
    texts = {"1": "нет", "2": "65 %", "3": "12.345", "4": "Х"}
    rows = "\n".join(f'2;1.7;{column};"{text}"' for column, text in texts.items())
    path.write_text(f"раздел;строка;графа;значение\n{rows}\n", encoding="utf-8")
    assert cli.main(["check", str(path), "--json"]) == 3
    told = [row for row in json.loads(capsys.readouterr().out)["findings"] if row["set"] == "check"]
    assert {(row["rule"], row["places"]) for row in told} == {
        ("check.not-a-figure", "s2/1.7/1"), ("check.percent", "s2/1.7/2"),
        ("check.ambiguous-mark", "s2/1.7/3"), ("check.crossed", "s2/1.7/4"),
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unreadable_table_ends_with_4_and_says_where_and_what_to_do(tmp_path, capsys, language):
    """File, row, column, and the remedy; every problem on a line of its own."""
    path = tmp_path / "typed.csv"
    path.write_text("section,line,column,value\n2,1.17,1,5\n2,1.1,9,5\n", encoding="utf-8")
    assert cli.main(["check", str(path), "--language", language]) == 4
    first, second = capsys.readouterr().err.splitlines()
    assert all(word in first for word in ("typed.csv", "1.17", "2", "B", "1 … 1.16.1"))
    assert all(word in second for word in ("typed.csv", "«9»" if language != "en" else "“9”", "3", "C"))
    assert cli.main(["check", str(path), "--json"]) == 4
    told = json.loads(capsys.readouterr().out)
    assert [(each["error"], each["row"]) for each in told["errors"]] == [("typed-line", "2"), ("typed-column", "3")]


def test_many_problems_are_counted_beyond_the_first_twenty(tmp_path, capsys):
    path = tmp_path / "typed.csv"
    path.write_text("section,line,column,value\n" + "2,9.9,1,5\n" * 25, encoding="utf-8")
    assert cli.main(["check", str(path)]) == 4
    assert capsys.readouterr().err.splitlines()[20:] == ["And 5 more."]


@pytest.mark.parametrize("more", [["--layout", "no-such"], ["--out", "findings.xlsx"], ["--rules", "both"], ["--what"]])
def test_what_cannot_be_meant_ends_with_2(cells_table, capsys, more):
    try:
        status = cli.main(["check", str(cells_table(form_figures(SOUND))), *more])
    except SystemExit as stopped:
        status = stopped.code
    assert status == 2
    assert capsys.readouterr().err


def test_findings_that_cannot_be_written_end_with_5(cells_table, tmp_path, capsys):
    path = str(cells_table(form_figures(SOUND)))
    assert cli.main(["check", path, "--out", str(tmp_path / "none" / "findings.csv")]) == 5
