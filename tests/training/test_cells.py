import os
import random
from pathlib import Path

import numpy as np
import pytest

from corpus.fonts import kept_apart
from corpus.writers import HELD_OUT, Hand, Shape, load_hands
from training.cells import Maker, Material, make_cells
from training.fitting import Judged, calibration_error, fit
from training.strings import draw_text
from training.wear import dirt, scanned, struck, worn
from training.write import PLAIN_SIZES, faces, typed


def hand(held_out=False):
    """A hand that writes every digit as a slanted stroke."""
    shape = Shape(strokes=[[(0, 0), (30, 100)]])
    return Hand("continental", "one", {digit: [shape] for digit in "0123456789"}, held_out)


@pytest.fixture(scope="module")
def files():
    try:
        return faces(held_out=False)
    except ValueError as cause:
        pytest.skip(str(cause))


def test_no_face_is_on_both_sides(files):
    assert not set(files) & set(faces(held_out=True))


def test_worn_cells_still_show_ink_on_pale_paper(files):
    for seed in range(40):
        rng = random.Random(seed)
        picture = worn(typed("12 345", files, rng), rng)
        assert picture.dtype == np.uint8
        assert picture.min() < 200
        assert np.percentile(picture, 90) > picture.min() + 30


def test_a_clean_scan_is_dark_on_white(files):
    for seed in range(20):
        rng = random.Random(seed)
        picture = scanned(typed("12 345", files, rng, sizes=PLAIN_SIZES, dotted=0.0), rng)
        assert picture.min() < 150
        assert np.percentile(picture, 90) > 240


def test_struck_out_figures_are_covered_by_more_ink():
    ink = np.zeros((60, 200), np.uint8)
    ink[20:40, 20:180:20] = 255
    for seed in range(10):
        assert struck(ink, random.Random(seed)).sum() > 1.2 * ink.sum()


def test_dirt_is_a_picture_of_some_size():
    assert all(min(dirt(random.Random(seed)).shape) >= 12 for seed in range(20))


def test_the_same_seed_makes_the_same_cells(files):
    maker = Maker([hand()], held_out=False)
    first, second = (maker.make(random.Random(5)) for _ in range(2))
    assert first.text == second.text
    assert np.array_equal(first.picture, second.picture)


def test_a_maker_takes_only_the_hands_of_its_side(files):
    assert Maker([hand(held_out=True)], held_out=False).sets == {}
    assert set(Maker([hand(held_out=True)], held_out=True).sets) == {"continental"}


def test_every_text_can_be_made(files):
    maker = Maker([hand()], held_out=False)
    for seed in range(60):
        sample = maker.make(random.Random(seed))
        assert sample.text == draw_text(random.Random(seed)) or sample.kind == "struck"
        assert min(sample.picture.shape) > 2


def test_plain_print_is_never_blank(files):
    maker = Maker([hand()], held_out=False)
    cells = [maker.plain(random.Random(seed)) for seed in range(30)]
    assert all(cell.text and cell.kind == "plain" for cell in cells)


def test_a_folder_without_digits_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no digit set"):
        load_hands(tmp_path)


@pytest.mark.skipif("QAGAZ_DIGITS" not in os.environ, reason="QAGAZ_DIGITS names no folder of digit sets")
def test_real_hands_are_split_by_writer():
    hands = load_hands(Path(os.environ["QAGAZ_DIGITS"]))
    held = {(h.set, h.writer) for h in hands if h.held_out}
    kept = {(h.set, h.writer) for h in hands if not h.held_out}
    assert not held & kept
    assert 0.5 / HELD_OUT < len(held) / len(hands) < 0.4
    assert {s.kind for s in make_cells(Material(Path(os.environ["QAGAZ_DIGITS"])), 1, 60)} >= {
        "typed",
        "unipen",
        "continental",
    }


def test_the_fit_makes_an_overconfident_reader_honest():
    rng = random.Random(4)
    claims = [rng.uniform(0.5, 0.999) for _ in range(4000)]
    judged = [Judged("typed", claim, rng.random() < 0.5 + (claim - 0.5) / 2) for claim in claims]
    fitted = fit(judged)
    assert calibration_error(judged, fitted) < 0.03
    assert fitted.probability(0.9) == pytest.approx(0.7, abs=0.06)


def test_a_reader_without_mistakes_gets_finite_numbers():
    fitted = fit([Judged("typed", 0.99, right=True)] * 50)
    assert 0.9 < fitted.probability(0.99) < 1


def test_the_fit_settles_where_nearly_all_claims_are_certain():
    judged = [Judged("typed", 1 - 1e-9, i % 20 > 0) for i in range(400)]
    assert fit(judged).probability(1 - 1e-9) == pytest.approx(0.95, abs=0.02)


def test_faces_of_the_evaluation_are_never_learnt_from():
    """What a net is measured on it must not have seen."""
    learnt = {file.name for file in faces(held_out=False)}
    assert learnt
    assert not learnt & kept_apart()
