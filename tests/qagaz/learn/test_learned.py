"""Versions of what was learnt: put in use, undone, and noticed where they were changed."""

from __future__ import annotations

import json

import pytest

from extract.readers.calibration import Calibration, calibration_of
from qagaz.equipment import Equipment
from qagaz.learn.gate import Verdict
from qagaz.learn.install import install
from qagaz.learn.study import Learnt, Material, Wish
from qagaz.learned import SHIPPED, LearnedError, history, in_use, next_name, undo
from qagaz.manifest import OtherVersionsError, settle_versions
from tests.qagaz.learn.makers import item


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def put(models, offset=-1.0, model=b""):
    found = Material((item(0), item(1)), (), {True: 5, False: 5})
    base = in_use(models) if models.exists() else None
    learnt = Learnt({"agreed": Calibration(offset, 0.9)}, model)
    return install(models, learnt, found, Verdict((), ()), Wish(), base)


def test_a_version_is_read_with_and_undone_step_by_step(models):
    first, second = put(models), put(models, -2.0)
    assert (first.folder.name, second.folder.name) == ("0001", "0002")
    assert in_use(models) == second
    assert json.loads((second.folder / "manifest.json").read_text())["base"] == first.name
    assert undo(models) == "0001"
    assert in_use(models) == first
    assert undo(models) == SHIPPED
    assert in_use(models) is None
    with pytest.raises(LearnedError, match="nothing-learned"):
        undo(models)
    assert next_name(models) == "0003"  # what was undone is kept, and its number not given again


def test_a_learned_calibration_is_never_bolder_than_the_one_that_ships(models):
    put(models, +9.0)
    together = in_use(models).readers().together
    told = [("7", -0.1), ("1", -3.0)]
    assert together["agreed"].apply(told) == calibration_of("agreed").apply(told)
    put(models, -3.0)
    careful = in_use(models).readers().together["agreed"].apply(told)
    assert careful[0][1] < calibration_of("agreed").apply(told)[0][1]


@pytest.mark.parametrize("name", ["calibration.json", "manifest.json", "figurenet.onnx"])
def test_files_that_were_changed_or_added_are_not_read_with(models, name):
    looked_up = put(models)
    path = looked_up.folder / name
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b" ")
    with pytest.raises(LearnedError, match="models-changed"):
        looked_up.readers()


def test_what_the_history_says_must_be_there(models):
    with pytest.raises(LearnedError, match="no-models"):
        in_use(models)
    put(models)
    (models / "current.json").write_text("{", encoding="utf-8")
    with pytest.raises(LearnedError, match="models-changed"):
        in_use(models)
    assert models.stat().st_mode & 0o077 == 0
    (models / "current.json").write_text('{"history": ["", "0009"]}', encoding="utf-8")
    with pytest.raises(LearnedError, match="models-changed"):
        in_use(models)
    assert history(models) == ["", "0009"]


def test_a_run_is_not_gone_on_with_under_another_model(models, tmp_path):
    first = Equipment(learned=put(models)).versions()
    assert first.learned.startswith("0001 ")
    assert "learned/0001/calibration.json" in dict(first.files)
    out = tmp_path / "out"
    out.mkdir()
    settle_versions(out, first, "en", again=False)
    for learned in (None, put(models, -2.0)):
        with pytest.raises(OtherVersionsError) as refused:
            settle_versions(out, Equipment(learned=learned).versions(), "en", again=False)
        assert "learned models" in refused.value.parameters["differ"]
        assert ";" not in refused.value.parameters["differ"]
    assert first.digest == Equipment(learned=_same(first, models)).versions().digest


def _same(versions, models):
    undo(models)
    assert in_use(models).name == versions.learned
    return in_use(models)


def test_readers_may_read_the_folder_of_models(models):
    learned = put(models)
    assert learned.folder in Equipment(learned=learned).needs
