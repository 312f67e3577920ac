"""Made forms kept as read, and what the trial of decisions says of them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from corpus.make import make
from extract.readers.default import default_readers
from extract.records import Alternative, Ink
from postprocess.normalise import normalise
from training.decisions import ablations, accepted_table, forms_table, planted_table, times, try_form, try_ways
from training.forms import Kept, keep, kept
from training.verdicts import claims, verdicts_of
from validate.settings import Settings
from validate.trust import shipped_trust


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two text-layer forms, read once."""
    root = tmp_path_factory.mktemp("decisions")
    make(root / "forms", 43, 2, ["digital", "mistakes"])
    keep(root / "forms", root / "kept", default_readers())
    return root / "kept"


def misread(form: Kept, count: int) -> Kept:
    """The form as a scan of which so many figures in the middle of its sums were read wrongly."""
    cells = list(form.form.reading.cells)
    filled = [i for i, c in enumerate(cells) if c.alternatives and c.place.column == "2" and c.place.section == 2]
    for i in filled[:count]:
        right = cells[i].alternatives[0].text
        wrong = right[:-1] + ("1" if right[-1] != "1" else "7")
        said = (Alternative(wrong, math.log(0.6), "a"), Alternative(right, math.log(0.3), "a"))
        cells[i] = replace(cells[i], ink=Ink.HAND, unit="px", alternatives=said, witnesses=1, look=(1.0,))
    return Kept(normalise(replace(form.form.reading, cells=tuple(cells))), form.truth)


def test_what_is_kept_is_not_read_again(folder, tmp_path):
    """Stopped and called again, it goes on."""
    assert len(list(kept([folder]))) == 2
    before = {file: file.stat().st_mtime_ns for file in folder.iterdir()}
    make(tmp_path / "forms", 43, 2, ["digital", "mistakes"])
    keep(tmp_path / "forms", folder, default_readers())
    assert {file: file.stat().st_mtime_ns for file in folder.iterdir()} == before


def test_a_misread_figure_is_mended_and_counted(folder):
    """By the sums, where the right reading is among those the reader gave."""
    form = next(f for f in kept([folder]) if not f.truth["errors"])
    sound, spoilt = try_form(form), try_form(misread(form, 1))
    assert (sound.wrong_before, sound.wrong_after, sound.changed) == (0, 0, 0)
    assert (spoilt.wrong_before, spoilt.wrong_after, spoilt.mended, spoilt.harmed) == (1, 0, 1, 0)


def test_the_page_has_every_table(folder):
    """A row for each kind and for all."""
    forms = [try_form(form) for form in kept([folder])]
    assert "| digital | 1 |" in forms_table(forms)
    assert "| all |" in accepted_table(forms)
    assert "0 cells" in planted_table(forms)
    assert "at the median" in times(forms)
    assert "| as it ships |" in ablations([try_ways(folder)])


def test_cells_of_text_layers_claim_nothing(folder):
    """They are not read from pictures; their verdicts are there."""
    assert claims(kept([folder])).empty
    frame = verdicts_of([folder], shipped_trust(), Settings())
    assert len(frame) == 2 * 154
    assert frame["right"].all()
