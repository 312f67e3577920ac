"""`qagaz learn` from end to end on a few crops: installed, used, refused, undone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from qagaz.cli import main
from qagaz.learn.parts import parted
from qagaz.learn.records import Item, Use
from qagaz.learn.study import Material
from qagaz.learned import in_use
from review.store import Store
from tests.qagaz.learn.makers import crops, settled


@pytest.fixture(scope="module")
def items():
    """Audits of nine writers on a scanner that loses a figure's last digit now and then: both readers are too sure."""
    known = crops("typed")[::2][:90]
    values = [f"{k.value}5" if n % 15 == 0 else k.value for n, k in enumerate(known)]
    told = [settled(n, value, use=Use.AUDIT, accepted=n % 2 == 0) for n, value in enumerate(values)]
    return [Item(each, k.crop) for each, k in zip(told, known, strict=True)]


@pytest.fixture
def learn(tmp_path, monkeypatch):
    """Runs the command over cells put in the place of a store's."""
    Store.beside(tmp_path).database.close()
    monkeypatch.setattr("qagaz.learn.study.LEAST_AUDITS", 50)
    monkeypatch.setattr("qagaz.learn.frozen.frozen", lambda: crops("typed")[1::10])

    def run(cells, *options):
        kept, _ = parted(cells, "1")
        monkeypatch.setattr("qagaz.learn.study.material", lambda *_: Material(tuple(kept), (), {True: 90, False: 90}))
        return main(["learn", str(tmp_path), "--models", str(tmp_path / "models"), *options])

    return run


def test_what_makes_claims_truer_is_installed_and_undone(learn, items, tmp_path, capsys):
    models = tmp_path / "models"
    assert learn(items, "--json", "--data", str(tmp_path / "data")) == 0
    told = json.loads(capsys.readouterr().out)
    held = told["sets"]["held-out"]
    assert held["after"]["loss"] < held["before"]["loss"]
    manifest = json.loads((in_use(models).folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["data"]["cells"]["audit-teach"] >= 50
    assert manifest["sets"] == told["sets"]
    assert (tmp_path / "data" / "cells.parquet").stat().st_mode & 0o077 == 0
    assert in_use(models).folder.name == told["version"] == "0001"
    assert main(["learn", "--undo", "--models", str(models)]) == 0
    assert in_use(models) is None


def test_audits_that_are_wrong_are_refused_and_what_was_in_use_stays(learn, items, tmp_path, capsys):
    wrong = [replace(i, settled=replace(i.settled, value=i.settled.value + "1")) for i in items]
    assert learn(wrong, "--language", "ru") == 3
    said = capsys.readouterr().out
    assert "Не поставлено" in said
    assert "Хуже" in said
    assert in_use(tmp_path / "models") is None


def test_too_little_is_said_with_what_is_missing(learn, items, capsys):
    assert learn(items[:30]) == 2
    assert "keyed blind, 50 are needed" in capsys.readouterr().err


def test_without_torch_the_remedy_is_named(learn, items, monkeypatch, capsys):
    monkeypatch.setattr("qagaz.learn.study.TORCH", ("no_such_torch",))
    assert learn(items, "--fine-tune") == 2
    assert "pip install 'qagaz[training]'" in capsys.readouterr().err


def test_a_folder_or_undo_not_both_and_not_neither(tmp_path, capsys):
    models = ["--models", str(tmp_path / "models")]
    assert main(["learn", *models]) == 2
    assert main(["learn", str(tmp_path), "--undo", *models]) == 2
    assert main(["learn", "--undo", *models]) == 2
    assert "no such folder" in capsys.readouterr().err
    assert main(["read", str(tmp_path), "--out", str(tmp_path / "out"), *models]) == 2
