"""Real digits in made-up forms: writers of the two worlds are apart, figures land where the truth says."""

import random

import numpy as np
import pytest

from corpus.fill import CROSS, fill
from corpus.make import make
from corpus.paste import Writers, paste_digits
from corpus.records import Spot
from corpus.score import is_right
from corpus.writers import load_hands
from layouts.load import shipped_layouts
from layouts.model import Place

LAYOUT = next(iter(shipped_layouts().values()))
PLACE = Place(2, "1", "1")


@pytest.fixture
def digits(tmp_path):
    """A folder with the digits of ten writers, each digit a bar of its own height."""
    images, labels, writers = [], [], []
    for writer in range(10):
        for digit in range(10):
            for _ in range(2):
                image = np.zeros((48, 48), np.uint8)
                image[6 : 40 - digit, 18 : 28 + writer] = 255
                images.append(image)
                labels.append(digit)
                writers.append(writer)
    np.savez(tmp_path / "continental_writers.npz", images=np.array(images), labels=labels, writers=writers)
    return tmp_path


def names(writers):
    return {hand.writer for people in writers.sets.values() for hand in people}


def test_writers_of_the_evaluation_are_those_never_learnt_from(digits):
    """One split for forms and for training, or a net is measured on hands it knows."""
    held = {each.writer for each in load_hands(digits) if each.held_out}
    fitted, measured = (names(Writers.load(digits, world)) for world in ("calibration", "eval"))
    assert fitted
    assert measured
    assert not fitted & measured
    assert fitted | measured == held
    assert not names(Writers.load(digits, "dev")) & held


def test_a_folder_without_digits_is_an_error(tmp_path):
    """Named, so that one knows what to give."""
    with pytest.raises(ValueError, match="digit"):
        Writers.load(tmp_path, "dev")


@pytest.mark.parametrize("text", ["12 345,6", "-", CROSS, "(70)", "1'000.5"])
def test_figures_are_written_where_the_spot_is(digits, text):
    """Ink inside the spot, give or take a digit's height, and nowhere else."""
    page = np.full((600, 800), 255, np.uint8)
    spot = Spot(0, 30.0, 40.0, 90.0, 52.0, text, PLACE, "")
    paste_digits([page], [spot], 300, Writers.load(digits, "dev"), np.random.default_rng(1))
    rows, columns = np.nonzero(page < 128)
    scale = 300 / 72
    assert len(rows) > 20
    assert columns.min() >= 24 * scale
    assert columns.max() <= 100 * scale
    assert rows.min() >= 20 * scale
    assert rows.max() <= 70 * scale


def test_forms_in_real_hands_are_made(digits, tmp_path):
    """End to end, in black and white and on photographs too."""
    make(tmp_path / "made", 3, 2, ["handreal200", "handphoto"], digits=digits)
    assert (tmp_path / "made" / "handreal200-000.pdf").is_file()
    assert (tmp_path / "made" / "handphoto-000").is_dir()


def test_dense_forms_use_every_line_and_every_mark():
    """For measuring readers: few forms, many cells, and all that people write for nothing."""
    filled = fill(random.Random(5), LAYOUT, "dev", dense=True)
    written = [entry.written for entry in filled.entries.values()]
    assert sum(bool(text) for text in written) > 0.6 * len(written)
    assert {"", "-", "0", CROSS} <= set(written)
    lines = {place.line for place, entry in filled.entries.items() if entry.amount}
    assert {line.code for line in LAYOUT.tables[0].lines} >= lines
    assert len(lines) > 15


def test_a_cross_in_a_figure_cell_means_nothing():
    """Neither zero nor an amount."""
    assert is_right("", CROSS, "0")
    assert not is_right("0", CROSS, "0")
