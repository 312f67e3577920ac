"""What is different between two runs is found, named by its danger, and shown without running anything it says."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from corpus.make import make
from layouts.words import LANGUAGES
from qagaz import cli
from qagaz.diff.compare import Runs
from qagaz.diff.manifests import differing
from qagaz.diff.pairs import RunError, paired
from qagaz.diff.records import Kind
from qagaz.diff.shown import Gathered
from tests.qagaz.diff.runs import a_run, rows_of, source_of

CELL = "s2/1/1"


def changed(rows, place=CELL, **values):
    """The rows with one cell or field changed."""
    cells = tuple(row._replace(**values) if row.place == place else row for row in rows.cells)
    fields = tuple(row._replace(**values) if row.place == place else row for row in rows.fields)
    return replace(rows, cells=cells, fields=fields)


def found(tmp_path, before, after):
    """The differences of two runs of one form each."""
    one = a_run(tmp_path / "1", [("a.pdf", "a", [before])])
    other = a_run(tmp_path / "2", [("a.pdf", "a", [after])], versions="2")
    with paired(one, other) as pairs:
        return list(Runs(one, other, pairs).changes())


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (Kind.ACCEPTED_OTHER, {}, {"value": "13.5", "written": "13,5"}),
        (Kind.ACCEPTED_OTHER, {}, {"value": "", "written": ""}),
        (Kind.NOW_REVIEW, {}, {"status": "review", "reason": "unproven"}),
        (Kind.NOW_REVIEW, {}, {"status": "review", "value": "99"}),
        (Kind.NOW_ACCEPTED, {"status": "review"}, {"value": "99"}),
        (Kind.VALUE, {"status": "review"}, {"status": "review", "value": "99"}),
        (Kind.WRITTEN, {}, {"written": "12,50"}),
        (Kind.REASON, {"status": "review", "reason": "seal"}, {"status": "review", "reason": "seal;unproven"}),
        (Kind.CONFIDENCE, {"confidence": 0.99}, {"confidence": 0.97}),
        (Kind.MOVED, {"page": 1}, {"page": 2}),
        (Kind.READER, {}, {"reader": "another"}),
    ],
)
def test_each_difference_of_a_figure_has_the_first_kind_that_fits(tmp_path, kind, before, after):
    """One row, with both sides and where it stands."""
    rows = rows_of()
    (change,) = found(tmp_path, changed(rows, **before), changed(rows, **after))
    assert (change.kind, change.place, change.form, change.file) == (kind, CELL, 1, "a.pdf")
    assert change.source == source_of("a").sha256
    was = next(row for row in changed(rows, **before).cells if row.place == CELL)
    now = next(row for row in changed(rows, **after).cells if row.place == CELL)
    assert (change.before.value, change.before.status) == (was.value, was.status)
    assert (change.after.value, change.after.written) == (now.value, now.written)
    assert change.spot.page == now.page


@pytest.mark.parametrize(
    "values", [{"confidence": 0.995}, {"reason": "photo;seal"}, {"x0": 0.5}], ids=["threshold", "order", "half a pixel"]
)
def test_trifles_are_no_differences(tmp_path, values):
    """Less than a hundredth of confidence or a pixel, and the order of reasons."""
    rows = changed(rows_of(), confidence=1.0, reason="seal;photo", x0=0.0)
    assert found(tmp_path, rows, changed(rows, **values)) == []


def test_other_fields_and_findings(tmp_path):
    """Codes in review, rules that fail anew or no more, and causes that are others."""
    plain, mistaken = rows_of(), rows_of(mistake=True)
    review = changed(plain, "bin", status="review")
    (change,) = found(tmp_path / "field", review, changed(review, "bin", value="1"))
    assert (change.kind, change.place) == (Kind.FIELD, "bin")
    (change,) = found(tmp_path / "accepted", plain, changed(plain, "bin", value="1"))
    assert change.kind is Kind.ACCEPTED_OTHER
    kinds = [change.kind for change in found(tmp_path / "new", plain, mistaken)]
    assert Kind.FINDING_NEW in kinds
    assert Kind.FORM_STATUS in kinds
    kinds = [change.kind for change in found(tmp_path / "gone", mistaken, plain)]
    assert Kind.FINDING_GONE in kinds
    others = tuple(row._replace(cause="unknown") for row in mistaken.findings)
    (change,) = found(tmp_path / "cause", mistaken, replace(mistaken, findings=others))
    assert change.kind is Kind.FINDING_CAUSE


def test_places_of_another_layout_are_not_told_as_accepted(tmp_path):
    """A form read as another edition: said once for the form, and for each place that only one edition has."""
    rows = rows_of()
    renamed = tuple(row._replace(line="1.2") if row.line == "1.10" else row for row in rows.cells)
    after = replace(rows, form=rows.form._replace(layout="tiny.2027"), cells=renamed)
    kinds = {(change.kind, change.place) for change in found(tmp_path, rows, after)}
    places = {f"s2/{line}/{column}" for line in ("1.10", "1.2") for column in (1, 2)}
    assert kinds == {(Kind.LAYOUT, ""), *((Kind.LAYOUT, place) for place in places)}


def test_papers_are_matched_by_their_bytes_and_forms_by_number(tmp_path):
    """A new name is none; a paper or form that one run alone has is said."""
    many = [rows_of("b", number=1), rows_of("b", number=2)]
    before = a_run(
        tmp_path / "1", [("b.pdf", "b", many), ("old.pdf", "a", [rows_of()]), ("z.pdf", "z", [rows_of("z")])]
    )
    after = a_run(
        tmp_path / "2", [("a/new.pdf", "a", [rows_of()]), ("b.pdf", "b", many[:1]), ("n.pdf", "n", [rows_of("n")])]
    )
    with paired(before, after) as pairs:
        runs = Runs(before, after, pairs)
        told = {(change.kind, change.file, change.form) for change in runs.changes()}
    assert told == {(Kind.FORM_GONE, "b.pdf", 2), (Kind.PAPER_NEW, "n.pdf", 0), (Kind.PAPER_GONE, "z.pdf", 0)}
    assert (runs.papers, runs.renamed, runs.forms) == (2, 1, 2)


def test_what_they_were_made_with(tmp_path):
    """Versions and single settings, counts apart."""
    first = {
        "qagaz": "1",
        "settings": "Settings(a=0.1, rules=<RuleSet.TABLE: 'table'>, b=(1, 2))",
        "cells": {"accepted": 1},
    }
    second = {**first, "settings": first["settings"].replace("TABLE: 'table'", "PUBLISHED: 'published'"), "cells": {}}
    one, other = a_run(tmp_path / "1", [], made_with=first), a_run(tmp_path / "2", [], made_with=second)
    (setting,) = differing(one, other)
    assert (setting.name, setting.before, setting.after) == ("settings.rules", "table", "published")
    (tmp_path / "2" / "versions.json").write_text("{", encoding="utf-8")
    assert {setting.after for setting in differing(one, other)} == {""}


def test_identical_runs_end_with_0_and_others_with_3(tmp_path, capsys):
    """Made by other versions or not; `--json` has every kind."""
    one = a_run(tmp_path / "1", [("a.pdf", "a", [rows_of()])])
    same = a_run(tmp_path / "2", [("a.pdf", "a", [rows_of()])], versions="2")
    other = a_run(tmp_path / "3", [("a.pdf", "a", [changed(rows_of(), value="1")])])
    assert cli.main(["diff", str(one), str(same), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert not any(told["changes"].values())
    assert set(told["changes"]) == {kind.value for kind in Kind}
    assert told["made_with"] == [{"name": "qagaz", "before": "1", "after": "2"}]
    assert cli.main(["diff", str(one), str(other), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["changes"]["accepted-other"] == 1


def test_the_dangerous_kind_comes_first(tmp_path, capsys):
    """In the summary as on the page."""
    rows = rows_of()
    after = changed(changed(rows, status="review"), "s2/1.1/2", value="7")
    one = a_run(tmp_path / "1", [("a.pdf", "a", [rows])])
    other = a_run(tmp_path / "2", [("a.pdf", "a", [after])])
    cli.main(["diff", str(one), str(other), "--out", str(tmp_path / "out"), "--language", "en"])
    said = capsys.readouterr().out
    assert said.index("An accepted figure has another value") < said.index("Now awaits review")
    page = (tmp_path / "out" / "diff.html").read_text(encoding="utf-8")
    assert page.index('id="accepted-other"') < page.index('id="now-review"')


def test_only_so_many_of_a_kind_are_kept_for_the_page(tmp_path):
    """All are counted."""
    gathered = Gathered(most=2)
    rows = rows_of()
    after = replace(rows, cells=tuple(row._replace(value="5") for row in rows.cells))
    for change in found(tmp_path, rows, after):
        gathered.take(change)
    assert gathered.counts[Kind.ACCEPTED_OTHER] == 6
    assert [change.place for change in gathered.first[Kind.ACCEPTED_OTHER]] == ["s2/1/1", "s2/1/2"]


HOSTILE = "<script>alert(1)</script>{{ 7*7 }}.pdf"
MARKUP = "\"><img src=x onerror=alert(1)>'&amp;"


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_text(tmp_path, language, capsys):
    """Names and writing are shown letter by letter, the page may load and run nothing, and no cell is a formula."""
    rows = rows_of()
    after = changed(rows, written=f"=cmd|{MARKUP}", value=MARKUP, page=None)
    one = a_run(tmp_path / "1", [(HOSTILE, "a", [rows])], made_with={"qagaz": MARKUP})
    other = a_run(tmp_path / "2", [(HOSTILE, "a", [after])])
    assert cli.main(["diff", str(one), str(other), "--out", str(tmp_path / "out"), "--language", language]) == 3
    page = (tmp_path / "out" / "diff.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "49.pdf" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}.pdf" in page
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'" in page
    assert not re.search(r"https?://|url\(|@import", page)
    (row,) = csv.DictReader((tmp_path / "out" / "diff.csv").read_text(encoding="utf-8").splitlines())
    assert row["written_after"].startswith("'=cmd")
    assert pq.read_table(tmp_path / "out" / "diff.parquet").column("written_after")[0].as_py().startswith("=cmd")
    assert f'lang="{language}"' in page
    capsys.readouterr()


def test_the_paper_is_shown_where_it_can_be_found(tmp_path, capsys):
    """By its hash, whatever it is called; a paper that is nowhere is said, and nothing else lies in the folder."""
    picture = tmp_path / "scans" / "renamed.png"
    picture.parent.mkdir()
    Image.fromarray(np.full((400, 300), 255, np.uint8)).save(picture)
    sha256 = hashlib.sha256(picture.read_bytes()).hexdigest()
    boxed = changed(rows_of(), page=1, x0=50.0, y0=60.0, x1=150.0, y1=90.0, unit="px")
    after = changed(boxed, value="1")
    folders = []
    for name, rows in (("1", boxed), ("2", after)):
        folder = a_run(tmp_path / name, [("a.png", "a", [rows]), ("b.png", "b", [rows])])
        _give_hash(folder, source_of("a").sha256, sha256)
        folders.append(str(folder))
    out = tmp_path / "out"
    cli.main(["diff", *folders, "--out", str(out), "--inputs", str(picture), "--language", "en"])
    page = (out / "diff.html").read_text(encoding="utf-8")
    assert page.count("data:image/jpeg;base64,") == 1
    assert page.count("The paper is not at hand") == 1
    assert "b.png" in page[page.index("Papers that were not found: 1") :]
    assert sorted(file.name for file in out.iterdir()) == ["diff.csv", "diff.html", "diff.parquet"]
    assert all(file.stat().st_mode & 0o077 == 0 for file in out.iterdir())
    assert "1 papers were not found" in capsys.readouterr().err


def _give_hash(folder, before, after):
    """Make a paper of a run one of other bytes."""
    part = folder / "parts" / before[-2:] / f"{before}.jsonl.gz"
    target = folder / "parts" / after[-2:] / f"{after}.jsonl.gz"
    target.parent.mkdir(exist_ok=True)
    part.rename(target)
    table = pq.read_table(folder / "forms.parquet")
    sources = [after if source == before else source for source in table.column("source").to_pylist()]
    pq.write_table(table.set_column(0, "source", [sources]), folder / "forms.parquet")


def test_what_is_no_run_is_said(tmp_path, capsys):
    """A folder without tables ends with 2, as does a run whose parts are gone or damaged."""
    one = a_run(tmp_path / "1", [("a.pdf", "a", [rows_of()])])
    (tmp_path / "none").mkdir()
    assert cli.main(["diff", str(one), str(tmp_path / "none"), "--language", "en"]) == 2
    assert "is no result folder" in capsys.readouterr().err
    other = a_run(tmp_path / "2", [("a.pdf", "a", [changed(rows_of(), value="1")])])
    (part,) = (other / "parts").rglob("*.gz")
    part.write_bytes(part.read_bytes()[:60])
    with paired(one, other) as pairs, pytest.raises(RunError) as error:
        list(Runs(one, other, pairs).changes())
    assert error.value.parameters["file"] == "a.pdf"
    part.unlink()
    assert cli.main(["diff", str(one), str(other), "--language", "en"]) == 2
    capsys.readouterr()


def test_rule_sets_and_error_rates_of_real_runs(tmp_path, capsys):
    """Another rule set changes forms and no figure; a lower error rate asks more and changes no value."""
    make(tmp_path / "forms", 8, 2, ["mistakes", "fax"])
    (tmp_path / "forms" / "truth.json").unlink()
    read = ["read", str(tmp_path / "forms"), "--jobs", "1", "--out"]
    for name, *options in (("table",), ("published", "--rules", "published"), ("strict", "--max-error", "0.00002")):
        assert cli.main([*read, str(tmp_path / name), *options]) in (0, 3)
    told = {}
    for name in ("table", "published", "strict"):
        capsys.readouterr()
        status = cli.main(["diff", str(tmp_path / "table"), str(tmp_path / name), "--json"])
        told[name] = json.loads(capsys.readouterr().out)
        assert status == (0 if name == "table" else 3)
    (setting,) = told["published"]["made_with"]
    assert (setting["name"], setting["before"], setting["after"]) == ("settings.rules", "table", "published")
    kinds = {name: {kind for kind, count in told[name]["changes"].items() if count} for name in told}
    assert kinds["published"] <= {"form-status", "form-reason", "finding-new", "finding-gone", "finding-cause"}
    assert "now-review" in kinds["strict"]
    assert not kinds["strict"] & {"accepted-other", "now-accepted", "value", "written"}
