"""The command line: languages, exit statuses, what goes where."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from layouts.model import RuleSet
from qagaz import cli
from qagaz.assemble import Counts
from qagaz.commands import read as read_command
from qagaz.run import read
from qagaz.speech import choose_language, reason_in_words
from review.store import Store
from tests.qagaz import fakes


@pytest.fixture
def faked(monkeypatch):
    """`qagaz read` with the fake pipeline."""

    def go(_equipment, request, watch, _crowd=None) -> Counts:
        return read(request, fakes.equip, fakes.VERSIONS, watch)

    monkeypatch.setattr(read_command, "read_with", go)
    monkeypatch.setenv("QAGAZ_LANGUAGE", "en")


@pytest.mark.parametrize(("words", "status"), [("form", 0), ("doubt", 3), ("reject", 4), ("doubt reject", 4)])
def test_read_ends_with_the_status_of_its_worst_form(faked, papers, tmp_path, capsys, words, status):
    """0 all accepted, 3 something awaits review, 4 something was rejected."""
    given = ["read", str(papers(a=words)), "--out", str(tmp_path / "out"), "--jobs", "1", "--json"]
    assert cli.main(given) == status
    told = capsys.readouterr()
    counts = json.loads(told.out)
    assert counts["files"] == 1
    assert ("Rejected: a.pdf: " in told.err) == ("reject" in words)


def test_read_counts_the_forms_that_fail_each_set_of_rules(faked, papers, tmp_path, capsys):
    """For people in the summary, for machines in the JSON; forms that keep all rules add no line."""
    given = ["read", str(papers(a="mistake form", b="mistake")), "--out", str(tmp_path / "out"), "--jobs", "1"]
    cli.main(given)
    assert "Forms that fail a rule: of the form's own table 2, of the published ones 0" in capsys.readouterr().out
    cli.main([*given, "--json"])
    assert json.loads(capsys.readouterr().out)["failing"] == {"table": 2, "published": 0}
    cli.main(["read", str(papers(a="form", b="form")), "--out", str(tmp_path / "sound"), "--jobs", "1"])
    assert "fail a rule" not in capsys.readouterr().out


def test_the_set_that_decides_reaches_the_settings(faked, papers, tmp_path, monkeypatch):
    """`--rules published` is a setting of the run, and so part of its versions."""
    seen = []

    def note(equipment, request, watch, _crowd=None) -> Counts:
        seen.append(equipment)
        return read(request, fakes.equip, fakes.VERSIONS, watch)

    monkeypatch.setattr(read_command, "read_with", note)
    for more in ([], ["--rules", "published"]):
        cli.main(["read", str(papers(a="form")), "--out", str(tmp_path / "out"), "--jobs", "1", *more])
    assert [each.settings.rules for each in seen] == [RuleSet.TABLE, RuleSet.PUBLISHED]
    assert seen[0].versions().digest != seen[1].versions().digest


def test_questions_are_listed_settled_and_exported(faked, papers, tmp_path, capsys):
    """The whole way of a doubtful figure through the commands."""
    out = str(tmp_path / "out")
    cli.main(["read", str(papers(a="doubt")), "--out", out, "--jobs", "1"])
    capsys.readouterr()
    assert cli.main(["queue", out, "--json"]) == 0
    question = json.loads(capsys.readouterr().out)
    assert (question["file"], question["place"], question["alternatives"]) == ("a.pdf", "s2/1/1", ["99"])
    assert question["why"][0] == reason_in_words("low-confidence", "en")
    assert cli.main(["queue", out, "--language", "ru"]) == 0
    assert "какое число стоит на бумаге" in capsys.readouterr().out
    answers = tmp_path / "answers.csv"
    answers.write_text("file,form,place,value,who\na.pdf,1,s2/1/1,99,Асель\n", encoding="utf-8")
    assert cli.main(["settle", out, "--from", str(answers)]) == 0
    target = tmp_path / "figures.csv"
    assert cli.main(["export", out, "--to", str(target)]) == 0
    rows = target.read_text(encoding="utf-8").splitlines()
    assert (
        rows[0]
        == "source,file,form,section,line,column,paper_value,final_value,origin,note,who,when,page,x0,y0,x1,y1,unit"
    )
    assert ",a.pdf,1,2,1,1,99,99,operator,,Асель," in rows[1]
    with Store.beside(Path(out)) as store:
        assert store.counts() == {"review": 1}


def test_a_workbook_holds_numbers_and_no_formula(faked, papers, tmp_path):
    """What people typed is text in the spreadsheet, whatever it begins with."""
    out, target = str(tmp_path / "out"), tmp_path / "figures.xlsx"
    cli.main(["read", str(papers(a="doubt")), "--out", out, "--jobs", "1"])
    cli.main(["settle", out, "a.pdf", "1", "s2/1/1", "99", "--note", "=1+1", "--who", "@Асель"])
    assert cli.main(["export", out, "--to", str(target)]) == 0
    sheet = openpyxl.load_workbook(target).active
    heads = [cell.value for cell in sheet[1]]
    first = dict(zip(heads, sheet[2], strict=True))
    assert first["final_value"].value == 99
    assert (first["note"].value, first["note"].data_type) == ("=1+1", "s")
    assert first["who"].data_type == "s"
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["nonsense"],
        ["settle", "{out}", "a.pdf"],
        ["queue", "{out}"],
        ["export", "{out}", "--to", "figures.xls"],
        ["layouts", "show", "no-such-form"],
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(given, tmp_path, capsys):
    """Exit status 2; stdout stays empty, the remedy is on stderr."""
    assert cli.main([word.format(out=tmp_path / "none") for word in given]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err


def test_arguments_that_are_missing_are_a_usage_error(capsys):
    """The parser's own errors end with 2 too."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["read"])
    assert caught.value.code == 2


def test_a_database_out_of_reach_ends_with_5(faked, papers, tmp_path, capsys):
    """Before anything is read."""
    given = ["read", str(papers(a="form")), "--out", str(tmp_path / "out"), "--db", "sqlite:////no/such/folder/db"]
    assert cli.main(given) == 5
    assert "database" in capsys.readouterr().err


def test_ctrl_c_ends_with_130(monkeypatch, capsys):
    """And says that the work goes on with the same command."""

    def stopped(_given, _language):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run", stopped)
    assert cli.main(["read", "--language", "kk"]) == 130
    assert "Тоқтатылды" in capsys.readouterr().err


def test_the_option_is_heard_before_the_environment():
    """--language, then QAGAZ_LANGUAGE, then the locale, then English."""
    assert choose_language("kk", {"QAGAZ_LANGUAGE": "ru"}) == "kk"
    assert choose_language(None, {"QAGAZ_LANGUAGE": "ru", "LANG": "kk_KZ.UTF-8"}) == "ru"
    assert choose_language(None, {"LANG": "de_DE"}) == "en"


def test_version_and_help_are_results(capsys):
    """They go to stdout and end with 0."""
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("qagaz ")
    assert cli.main(["--help"]) == 0
    assert "qagaz read scans --out results" in capsys.readouterr().out
