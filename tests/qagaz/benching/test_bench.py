"""What `qagaz bench` measures, and how it tells it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from extract.intake import find_sources
from layouts.errors import OutputError
from layouts.words import LANGUAGES
from qagaz.benching import measure as measuring
from qagaz.benching.flow import flow_of
from qagaz.benching.peers import known_peers, set_beside
from qagaz.benching.picture import COLOURS, draw, save_picture
from qagaz.benching.records import FLOOR, PDFPLUMBER, REST, STAGES, Bench, Flow, Machine, Tally
from qagaz.benching.table import as_json, table_of
from qagaz.commands.bench import COMMAND
from tests.qagaz import fakes, foreign


@pytest.fixture
def bench():
    """Two kinds: one quick, one whose peer takes a hundred times as long."""
    quick = Tally(2, 2, 12, 0.5, dict.fromkeys(STAGES, 0.05), {FLOOR: 0.1, PDFPLUMBER: 0.4})
    slow = Tally(1, 1, 6, 4.0, dict.fromkeys(STAGES, 0.5), {FLOOR: 0.2, "tesseract": 8.0, "pp-ocr": 400.0})
    quick.flow, slow.flow = Flow(8, 8, 48, 2.0, 120.0, 500.0), Flow(8, 8, 48, 16.0, 120.0, 900.0)
    return Bench(Machine("a processor", 2, 0.5), 2, {"digital": quick, "scan": slow}, 1.5, "digital-1.pdf", 480.0)


def test_papers_flow_through_all_processes(papers):
    """Few files are read as often as it takes to keep them busy; rejected ones count as papers, not as forms."""
    sources = list(find_sources([papers(a="form", b="reject")]).sources)
    flow = flow_of(sources, fakes.equip, 2)
    assert (flow.papers, flow.forms) == (6, 3)
    assert flow.forms_a_second == pytest.approx(flow.forms / flow.seconds)
    assert 5 < flow.parent_megabytes < 4000
    assert 5 < flow.worker_megabytes < 4000


def test_the_floor_and_a_peer_are_timed_over_the_same_pages(tmp_path):
    """pdfplumber has a say where there is a text layer, and none on a picture."""
    form = foreign.own_form(tmp_path, "digital", "form")
    picture = tmp_path / "scan.png"
    Image.fromarray(np.full((60, 60), 255, np.uint8)).save(picture)
    peers = {PDFPLUMBER: known_peers()[PDFPLUMBER]}
    digital, scan = Tally(), Tally()
    set_beside(next(iter(find_sources([form]).sources)), digital, peers)
    set_beside(next(iter(find_sources([picture]).sources)), scan, peers)
    assert digital.pages >= 4
    assert set(digital.beside) == {FLOOR, PDFPLUMBER}
    assert digital.beside[PDFPLUMBER] > 0
    assert set(scan.beside) == {FLOOR}


def test_stages_and_the_rest_are_the_whole():
    """Of one form."""
    tally = Tally(papers=2, forms=2, total=4.0, stages=dict.fromkeys(STAGES, 0.5))
    assert sum(tally.shares.values()) == pytest.approx(tally.a_form(tally.total))
    assert tally.shares[REST] == pytest.approx(0.5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_has_a_line_a_kind_in_words_of_the_language(bench, language):
    """Columns stand below their heads; what was not measured is a dash."""
    lines = table_of(bench, language).splitlines()
    assert len({len(line) for line in lines[:3]}) == 1
    assert "bench." not in "\n".join(lines)
    assert lines[1].split()[:7] == ["digital", "2", "2", "12", "4.00", "24.0", "120+500"]
    assert lines[2].split()[-4:] == ["0.20", "8.00", "400.00", "–"]
    assert "480" in lines[-1]


def test_json_has_all_of_it(bench):
    """Sums, and seconds a form."""
    told = json.loads(json.dumps(as_json(bench)))
    assert told["kinds"]["digital"]["seconds_a_form"]["total"] == 0.25
    assert told["kinds"]["scan"]["flow"]["pages_a_second"] == 3.0
    assert told["machine"]["cores"] == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_has_every_bar_on_one_scale(bench, language):
    """Bars of stages in their colours; the floor as long as it is; a peer far beyond is cut off at the edge."""
    pixels = np.asarray(draw(bench, language))
    lengths = {name: _length(pixels, COLOURS[name]) for name in (FLOOR, "find_cells", "pp-ocr")}
    assert lengths["find_cells"] / lengths[FLOOR] == pytest.approx(0.5 / 0.2, rel=0.1)
    assert lengths["pp-ocr"] < 900


def _length(pixels, colour):
    """Of the longest run of a colour in any row below the legend."""
    rows = (pixels[130:] == colour).all(axis=2)
    return int(rows.sum(axis=1).max())


def test_a_picture_that_cannot_be_written_is_told(bench, tmp_path):
    """A name without a known ending, a folder that is not there."""
    for name in ("speed.nothing", "none/speed.png"):
        with pytest.raises(OutputError):
            save_picture(bench, tmp_path / name, "en")
    save_picture(replace(bench, kinds={}), tmp_path / "empty.png", "en")


def test_the_command_prints_and_draws(bench, tmp_path, monkeypatch, capsys):
    """A table or JSON, and a picture where one is wanted."""
    monkeypatch.setattr(measuring, "measure", lambda *_inputs, **_how: bench)
    parser = COMMAND.parser("en")
    assert COMMAND.run(parser.parse_args([str(tmp_path), "--json", "--picture", str(tmp_path / "x.png")]), "en") == 0
    assert json.loads(capsys.readouterr().out)["first"] == 1.5
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.size[0] == 1500


def test_nothing_to_measure_is_said(tmp_path, capsys):
    """A folder without papers."""
    assert COMMAND.run(COMMAND.parser("en").parse_args([str(tmp_path)]), "en") == 0
    assert "nothing to read" in capsys.readouterr().err
