import math
import sys

import numpy as np
import pytest

from extract.readers import ppocr
from extract.readers.combine import code_reader, folded
from extract.readers.ppocr import PpOcr, is_dash
from extract.records import Crop
from layouts.errors import QagazError
from tests.extract.readers.drawn_crops import FACES, crop, paper, picture

FIGURES = ["12 345,6", "1234567", "0", "7", "10 000", "98 765", "(120)", "-345", "3 001,07"]


@pytest.fixture(scope="module")
def reader():
    return PpOcr()


def test_printed_figures_are_read_surely(reader):
    found = reader.read([crop(text) for text in FIGURES])
    assert [folded(each[0].text) for each in found] == [folded(text) for text in FIGURES]
    assert sum(math.exp(each[0].logp) for each in found) / len(found) > 0.8


@pytest.mark.parametrize("name", FACES)
def test_faces_make_no_difference(reader, name):
    assert folded(reader.read([crop("208 461", name=name)])[0][0].text) == "208461"


def test_each_crop_gets_its_own_reading_whatever_the_batch(reader):
    """Crops are sorted by width inside; the answers come back in the order of the question."""
    texts = ["1", "123456789", "22", "1 234 567,8", "3"] * 5
    alone = [reader.read([crop(text)])[0][0].text for text in texts[:5]]
    together = [each[0].text for each in reader.read([crop(text) for text in texts])]
    assert together == alone * 5


def test_a_dash_cut_tight_is_a_dash_and_no_one(reader):
    dash = picture("—")
    assert is_dash(dash)
    found = reader.read([Crop(dash, dash)])
    assert folded(found[0][0].text) == "-"


@pytest.mark.parametrize("text", ["1", "7", "10", "12 345", "0", "Х"])
def test_figures_are_no_dash(text):
    assert not is_dash(picture(text))


def test_is_dash_of_bare_paper_and_of_a_pixel():
    assert not is_dash(np.full((9, 9), 255, np.uint8))
    pixel = np.full((9, 9), 255, np.uint8)
    pixel[4, 4] = 0
    assert not is_dash(pixel)


def test_bare_paper_says_nothing(reader):
    assert reader.read([paper()]) == [()]


def test_alternatives_are_ranked_distinct_and_at_most_certain(reader):
    for each in reader.read([crop("17 471", size=11)]):
        assert [a.logp for a in each] == sorted((a.logp for a in each), reverse=True)
        assert len({a.text for a in each}) == len(each)
        assert sum(math.exp(a.logp) for a in each) <= 1 + 1e-6


def test_odd_shapes_do_not_break_it(reader):
    for shape in ((1, 1), (2, 400), (300, 2), (5, 3000)):
        bare = np.full(shape, 200, np.uint8)
        assert len(reader.read([Crop(bare, bare)])) == 1


def test_codes_are_read_with_their_points():
    codes = ["1", "1.1", "1.16.1", "62.01.2", "63.11.9", "1.10"]
    assert [each[0].text for each in code_reader().read([crop(code, 26) for code in codes])] == codes


def test_rapidocr_itself_is_not_imported(reader):
    reader.read([crop("5")])
    assert "rapidocr" not in sys.modules


def test_a_missing_model_names_the_remedy(monkeypatch):
    monkeypatch.setattr(ppocr, "find_spec", lambda _: None)
    with pytest.raises(QagazError, match="make setup"):
        PpOcr().read([crop("5")])


def test_the_name_tells_model_and_package(reader):
    assert reader.name.startswith("ppocr-v6-small/3.")
