import random
import shutil
from importlib import resources
from pathlib import Path

import cv2
import numpy as np
import pytest

from corpus.writers import face_hands
from training.amounts import FOLDER, load_amounts, varied


@pytest.fixture
def folder(tmp_path):
    """A folder with six amounts."""
    (tmp_path / FOLDER).mkdir()
    rows = ["file,digits"]
    for number in range(6):
        picture = np.full((50, 150), 210, np.uint8)
        cv2.putText(picture, f"{number}00", (10, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 30, 3)
        cv2.imwrite(str(tmp_path / FOLDER / f"{number}.png"), picture)
        rows.append(f"{number}.png,{number}00")
    (tmp_path / FOLDER / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def test_amounts_are_halved_in_their_order(folder):
    amounts = load_amounts(folder)
    assert [amount.digits for amount in amounts if not amount.held_out] == ["000", "100", "200"]
    assert [amount.digits for amount in amounts if amount.held_out] == ["300", "400", "500"]


def test_a_folder_without_amounts_has_none(tmp_path):
    assert load_amounts(tmp_path) == []


def test_a_varied_amount_still_shows_its_ink(folder):
    picture = load_amounts(folder)[0].picture
    for seed in range(40):
        seen = varied(picture, random.Random(seed))
        assert seen.dtype == np.uint8
        assert 0.6 < seen.shape[0] / picture.shape[0] < 1.4
        assert float(np.percentile(seen, 90)) - float(np.percentile(seen, 2)) > 40


def test_a_face_gives_the_digits_and_letters_it_has(tmp_path):
    """Digits stand on the line; the tail of a letter reaches below it."""
    (tmp_path / "faces").mkdir()
    face = Path(str(resources.files("corpus"))) / "fonts" / "caveat-400.ttf"
    for part in ("latin", "cyrillic"):
        shutil.copy(face, tmp_path / "faces" / f"caveat-{part}-400-normal.woff")
    (hand,) = face_hands(tmp_path)
    assert set("0123456789") <= set(hand.shapes)
    assert abs(hand.shapes["0"][0].low) < 0.1
    assert hand.shapes["ы"][0].high < 1.2


def test_a_folder_without_faces_has_no_such_hand(tmp_path):
    assert list(face_hands(tmp_path)) == []
