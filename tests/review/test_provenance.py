"""Every figure that leaves leads back: to its paper, page and box, the readers, the rules, and whose word it is."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from extract.records import Box, Source
from layouts.model import Place
from qagaz import cli
from qagaz.deliver import deliver
from qagaz.parts import Parts
from qagaz.tables import FIGURES, LEAVING_FORMS
from review.answers import Origin
from review.flatten import flatten
from review.keep import Filed
from review.leaving import Leaving
from review.rows import Step
from review.store import Store
from review.work.saying import Given
from tests.qagaz import fakes
from validate.records import Cause, Finding, Outcome, Status

FILE, VERSIONS = "a.pdf", "versions 1"
SOURCE = Source("ab" * 32, FILE, Path(FILE))
UNIT = "check.unit@s2/1/1"
BOX = ("page", "x0", "y0", "x1", "y1", "unit")


@pytest.fixture
def folder(tmp_path, url):
    """A run of one form about which people were asked: a figure, what the respondent says, and the unit of all."""
    form = fakes.make_form(SOURCE, doubt=True, chosen=False)
    unit = Finding(
        "check.unit", "check", "", Outcome.UNDECIDED, (Place(2, "1", "1"),), None, None, Cause.UNIT, "finding.unit"
    )
    cells = tuple(
        replace(cell, figure=replace(cell.figure, reading=replace(cell.figure.reading, box=Box(n, 2, n + 3, 4))))
        for n, cell in enumerate(form.cells)
    )
    rows = flatten(replace(form, cells=cells, findings=(unit,), status=Status.REVIEW))
    with Parts(tmp_path / "parts").writer(SOURCE, VERSIONS) as part:
        part.add(rows)
        part.commit()
    with Store(url) as store:
        store.put(Filed(SOURCE.sha256, FILE, VERSIONS), [rows])
        store.settle([Given(FILE, 1, "s2/1/1", "13.5", who="Асель", note="blot")])
        store.settle([Given(FILE, 1, "s2/1.1/2", "7", origin=Origin.RESPONDENT, who="Ерлан")])
        store.settle([Given(FILE, 1, UNIT, "tenge", who="Дина")])
    return tmp_path


def expected(place):
    """Whose word a figure is, by what was said above."""
    return {"s2/1/1": ("operator", "Асель"), "s2/1.1/2": ("respondent", "Ерлан")}.get(place)


def explained(folder, url, place, capsys):
    capsys.readouterr()
    assert cli.main(["explain", str(folder), FILE, "1", place, "--db", url, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def exports(folder, url):
    """The figures and forms of every way out, as rows of text by column."""
    for ending in ("csv", "parquet", "xlsx"):
        target = folder / f"figures.{ending}"
        assert cli.main(["export", str(folder), "--db", url, "--to", str(target)]) == 0
        yield ending, read(target), None
    for ending in ("csv.zip", "parquet.zip", "xlsx"):
        target = folder / f"station.{ending}"
        with Store(url) as store, store.database.reading() as session:
            assert deliver(target, Leaving(session)) == 1
        yield f"station {ending}", read(target), read(target, "forms")


def read(target, table="figures"):
    if target.suffix == ".zip":
        with zipfile.ZipFile(target) as archive:
            (name,) = [name for name in archive.namelist() if name.startswith(f"{table}.")]
            content = archive.read(name)
        frame = (
            pd.read_csv(StringIO(content.decode()), dtype=str)
            if name.endswith("csv")
            else pq.read_table(BytesIO(content)).to_pandas()
        )
    elif target.suffix == ".xlsx":
        frame = pd.read_excel(target, sheet_name=table, dtype=str)
    else:
        frame = pd.read_csv(target, dtype=str) if target.suffix == ".csv" else pq.read_table(target).to_pandas()
    return [{k: "" if v is None or v != v else str(v) for k, v in row.items()} for row in frame.to_dict("records")]  # noqa: PLR0124


def test_every_figure_in_every_output_leads_to_its_ink(folder, url, capsys):
    """The same six figures in all, each with its paper, page and box, and what `explain` tells of it."""
    (rows,) = Parts(folder / "parts").forms(SOURCE)
    cells = {row.place: row for row in rows.cells}
    histories = {place: explained(folder, url, place, capsys) for place in cells}
    for name, figures, forms in exports(folder, url):
        assert len(figures) == len(cells), name
        for figure in figures:
            place = f"s{figure['section']}/{figure['line']}/{figure['column']}"
            cell, told = cells[place], histories[place]
            assert (figure["source"], figure["file"], figure["form"]) == (SOURCE.sha256, FILE, "1"), name
            assert [float(figure[key]) for key in BOX[:-1]] == [float(getattr(cell, key)) for key in BOX[:-1]], name
            assert figure["unit"] == cell.unit
            assert [told["paper"]["page"], *told["paper"]["box"]] == [getattr(cell, key) for key in BOX[:-1]]
            assert told["source"] == SOURCE.sha256
            assert told["result"]["origin"] == figure["origin"]
            for value in ("paper_value", "final_value"):
                assert told["result"][value] == "" == figure[value] or float(told["result"][value]) == float(
                    figure[value]
                )
            assert figure["who"] in {"", *(event["who"] for event in told["events"])}
        if forms is not None:
            assert [form["versions"] for form in forms] == [VERSIONS], name
    capsys.readouterr()


def test_what_is_behind_a_figure_is_kept(folder, url, capsys):
    """Each reader's own words, what they say together, the verdict, and the versions behind it."""
    (rows,) = Parts(folder / "parts").forms(SOURCE)
    for cell in rows.cells:
        told = explained(folder, url, cell.place, capsys)
        assert told["versions"] == VERSIONS
        assert told["verdict"]["value"] == cell.value
        if cell.written:
            assert {word["reader"] for word in told["said"]} == {"fake 1", "fake 2", "fake 3"}
            assert next(word["text"] for word in told["merged"]) == cell.written
            steps = {row.step for row in rows.trail if row.place == cell.place}
            assert {Step.SAID, Step.MERGED, Step.JUDGED} <= steps


def test_whose_word_a_figure_is(folder, url, capsys):
    """A person's answer, the respondent's, and the answer about the unit that converts all others: each is named."""
    (rows,) = Parts(folder / "parts").forms(SOURCE)
    for cell in rows.cells:
        told = explained(folder, url, cell.place, capsys)
        events = [event for event in told["events"] if event["act"] != "read"]
        own = expected(cell.place)
        if own is not None:
            assert told["result"]["origin"] == own[0]
            assert own[1] in {event["who"] for event in events}
        elif cell.value:
            assert (told["result"]["origin"], told["result"]["paper_value"]) == ("operator", cell.value)
            assert float(told["result"]["final_value"]) == float(cell.value) / 1000
            assert [(event["place"], event["value"], event["who"]) for event in events] == [(UNIT, "tenge", "Дина")]
            assert "check.unit" in {finding["rule"] for finding in told["findings"]}
    assert "check.unit" not in {finding["rule"] for finding in explained(folder, url, "bin", capsys)["findings"]}


def test_every_table_that_leaves_names_paper_and_form():
    """And figures their place on it."""
    for table in (FIGURES, LEAVING_FORMS):
        assert [column.name for column in table.columns][:3] == ["source", "file", "form"]
    assert {column.name for column in FIGURES.columns} >= {*BOX, "origin", "who", "when", "note"}
