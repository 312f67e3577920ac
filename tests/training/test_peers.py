"""Readers side by side: the same crops for all, settings in their favour, thresholds chosen for all alike."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from extract.records import Crop
from tests.extract.readers.drawn_crops import picture
from training.peers import __main__ as command
from training.peers.ask import ask, best_setting
from training.peers.engines import NotInstalled, Tesseract
from training.peers.judge import Judged, judge, least_shown, lowest_threshold, verdict_on
from training.peers.readers import Answer, own_peers
from training.peers.samples import Sample, digest, load_cells

PAPER = np.full((20, 40), 255, np.uint8)


def sample(written: str, form: str = "a", *, digits_only: bool = False) -> Sample:
    return Sample("scan300", form, f"s2/{written}", written, Crop(PAPER, PAPER), digits_only)


class Scripted:
    """A reader that says what it is told to, one answer a setting for every crop."""

    name = "scripted"

    def __init__(self, **answers: Answer) -> None:
        self.answers = answers
        self.settings = tuple(answers)
        self.identity = "1"
        self.asked: list[tuple[str, int]] = []

    def read(self, crops, setting):
        self.asked.append((setting, len(crops)))
        return [self.answers[setting]] * len(crops)


def png(ink: np.ndarray) -> bytes:
    return cv2.imencode(".png", ink)[1].tobytes()


@pytest.fixture
def cells(tmp_path) -> Path:
    """A file of crops: typed figures in two forms, a blank cell, one that was not cut out, one with a unit."""
    rows = [
        {"kind": "scan300", "form": f"f{i % 2}", "place": f"s2/1/{i}", "written": text, "clean": png(picture(text))}
        for i, text in enumerate(["10", "2 345", "67,8", "901"])
    ]
    rows += [{**rows[0], "place": "s2/2/1", "written": "", "clean": b""}]
    rows += [{**rows[0], "place": "s2/2/2", "written": "33", "clean": b""}]
    rows += [{**rows[0], "place": "s2/2/3", "written": "1,2 млн"}]
    rows += [{**rows[0], "place": "s2/2/4", "marks": "row-doubtful"}]
    file = tmp_path / "cells.parquet"
    pd.DataFrame([{**row, "raw": row["clean"], "marks": row.get("marks", "")} for row in rows]).to_parquet(file)
    return file


def test_cells_that_are_no_test_of_a_figure_reader_are_counted_and_left_out(cells):
    """Blanks, unit words and what the ink stage did not cut."""
    samples, left = load_cells(cells)
    assert [each.written for each in samples] == ["10", "2 345", "67,8", "901"]
    assert (left[0].blank, left[0].not_cut, left[0].worded, left[0].untold) == (1, 1, 1, 1)
    assert [each.written for each in load_cells(cells, most=2)[0]] == [e.written for e in load_cells(cells, most=2)[0]]
    assert len(load_cells(cells, most=2)[0]) == 2


def test_a_reading_is_right_if_it_means_the_same_signs():
    """Spaces and the kind of a dash do not count; of amounts of which only digits are known, only digits do."""
    said = [Answer("12345.6", 1.0), Answer("—", 1.0), Answer("12", 1.0)]
    judged = judge([sample("12 345,6"), sample("-"), sample("13")], said)
    assert [each.right for each in judged] == [True, True, False]
    assert [each.edits for each in judged] == [0, 0, 1]
    assert judge([sample("1234", digits_only=True)], [Answer("*12.34-", 1.0)])[0].right


def test_halves_are_whole_forms_and_nearly_equal():
    """A form's cells fail together, so none may choose the threshold it is measured with."""
    samples = [sample(str(i), form=f"form-{i // 10}") for i in range(100)]
    judged = judge(samples, [Answer("", 0.0)] * 100)
    halves = {each.form: {e.half for e in judged if e.form == each.form} for each in judged}
    assert all(len(half) == 1 for half in halves.values())
    assert sum(each.half for each in judged) == 50


def claims(*claims: tuple[float, bool], half: int = 0) -> list[Judged]:
    return [Judged(f"f{half}", half, sure, right, int(not right), 1) for sure, right in claims]


def test_the_threshold_is_the_lowest_that_keeps_the_target():
    """Equal confidences are accepted together; a wrong answer among the surest makes every threshold fail."""

    def rate(wrong, count):
        return wrong / count

    assert lowest_threshold(claims((0.9, True), (0.8, True), (0.7, False)), 0.1, rate) == 0.8
    assert lowest_threshold(claims((0.9, True), (0.8, True), (0.8, False)), 0.1, rate) == 0.9
    assert lowest_threshold(claims((0.9, False), (0.8, True)), 0.1, rate) is None
    many = claims((0.99, False), *[(0.9, True)] * 1000, (0.5, False))
    assert lowest_threshold(many, 0.001, rate) == 0.9
    assert lowest_threshold(claims((0.0, False)), 1.0, rate) is None


def test_one_half_chooses_and_the_other_is_measured():
    """The verdict tells of the half that had no say in the threshold."""
    judged = claims(*[(0.9, True)] * 10, (0.5, False)) + claims((0.95, True), (0.91, False), (0.4, True), half=1)
    verdict = verdict_on(judged, 0.05)
    assert verdict.exact.hits == 12
    assert verdict.exact.total == 14
    assert (verdict.estimated.threshold, verdict.estimated.accepted, verdict.estimated.wrong) == (0.9, 2, 1)
    assert verdict.estimated.share == pytest.approx(2 / 3)
    assert verdict.shown is None


def test_a_bound_needs_as_many_cells_as_it_says():
    """One cell fewer, and a rate of 1 in 1000 cannot be shown."""
    least = least_shown(0.001)
    enough = claims(*[(0.9, True)] * least) + claims((0.9, True), half=1)
    assert verdict_on(enough).shown is not None
    assert verdict_on(enough[1:]).shown is None


def test_every_reader_gets_the_setting_that_suits_it():
    """The one with most crops right, tried on some of them."""
    peer = Scripted(bad=Answer("8", 0.9), good=Answer("7", 0.8))
    samples = [sample("7")] * 3 + [sample("8")]
    assert best_setting(peer, samples) == "good"
    assert ask(peer, samples).answers == (Answer("7", 0.8),) * 4


def test_answers_are_kept_for_the_same_crops_only(tmp_path):
    """A second run asks nothing; other crops, and another version of the reader, are asked about."""
    peer = Scripted(only=Answer("7", 0.8))
    first = ask(peer, [sample("7")], tmp_path)
    asked = len(peer.asked)
    assert ask(peer, [sample("7")], tmp_path) == first
    assert len(peer.asked) == asked
    ask(peer, [sample("8")], tmp_path)
    assert len(peer.asked) > asked
    asked = len(peer.asked)
    peer.identity = "2"
    ask(peer, [sample("7")], tmp_path)
    assert len(peer.asked) > asked
    assert digest([sample("7")]) != digest([sample("7", form="b")])


def test_the_document_names_readers_settings_and_what_is_not_there(cells, tmp_path, monkeypatch):
    """Run as a command over a file of crops."""

    def absent():
        raise NotInstalled("nosuchreader")

    monkeypatch.setattr(command, "own_peers", lambda: [lambda: Scripted(only=Answer("901", 0.9))])
    monkeypatch.setattr(command, "engine_peers", lambda: [absent])
    monkeypatch.setattr(command, "one_core", lambda: None)
    out = tmp_path / "docs" / "peers.md"
    command.main(["--crops", str(cells), "--out", str(out)])
    text = out.read_text(encoding="utf-8")
    assert "| scripted | 25.0 |" in text
    assert "scan300, scripted: only" in text
    assert "Not installed: nosuchreader" in text
    assert "cannot be shown" in text
    assert "together" not in text.partition("## Settings")[0].partition("## scan300")[2]  # one kind alone is no pool
    assert "scan300: 1 blank; 1 with words beside the figure; 1 struck out" in text


def test_kinds_are_pooled_so_that_more_can_be_shown():
    """Printed ones together, and those written by hand."""
    kinds = {kind: [Sample(kind, f"{kind}-1", "", "7", Crop(PAPER, PAPER))] for kind in ("scan300", "fax", "handfax")}
    peer = Scripted(only=Answer("7", 0.9))
    told = {kind: [(peer.name, ask(peer, each))] for kind, each in kinds.items()}
    pools = command.pooled(kinds, told)
    assert {title: [row.verdict.exact.total for row in rows] for title, rows in pools.items()} == {
        "All typed kinds together": [2]
    }


def test_our_own_readers_answer_with_text_and_confidence(cells):
    """Both together and each alone read plain print."""
    samples, _ = load_cells(cells)
    for make in own_peers():
        peer = make()
        answers = peer.read([each.crop for each in samples], peer.settings[0])
        assert [each.right for each in judge(samples, answers)] == [True] * 4, peer.name
        assert all(0.5 < answer.confidence <= 1 for answer in answers)


@pytest.mark.tesseract
def test_tesseract_reads_a_batch(cells):
    """Every setting gives one answer a crop, in their order."""
    try:
        peer = Tesseract()
    except NotInstalled as why:
        pytest.skip(str(why))
    samples, _ = load_cells(cells)
    crops = [each.crop for each in samples]
    assert len(peer.read(crops, peer.settings[-1])) == 4
    assert sum(each.right for each in judge(samples, peer.read(crops, best_setting(peer, samples)))) >= 3
