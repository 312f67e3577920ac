import math

import numpy as np
import pytest

from extract.readers.combine import folded, orient_score
from extract.readers.default import default_readers
from extract.readers.figurenet import HEIGHT, WIDTHS, FigureNet, model_file, prepared
from extract.records import Crop
from tests.extract.readers.drawn_crops import FACES, crop, paper, picture, turned_over

FIGURES = ["12 345,6", "1234567", "0", "7", "10 000", "98 765", "(120)", "-345", "3 001,07", "-", "Х"]
MODEL_LIMIT = 5_000_000  # bytes


@pytest.fixture(scope="module")
def reader():
    return FigureNet()


def test_printed_figures_are_read(reader):
    found = reader.read([crop(text) for text in FIGURES])
    assert [folded(each[0].text) if each else "" for each in found] == [folded(text) for text in FIGURES]


@pytest.mark.parametrize("name", FACES)
def test_faces_make_no_difference(reader, name):
    assert folded(reader.read([crop("208 461", name=name)])[0][0].text) == "208461"


def test_unit_words_are_read(reader):
    assert folded(reader.read([crop("1 250 тыс. тг")])[0][0].text) == folded("1 250 тыс. тг")


def test_codes_are_read_with_their_points(reader):
    codes = ["1.1", "1.16.1", "62.01.2", "1.10"]
    assert [each[0].text for each in reader.read([crop(code, 26) for code in codes])] == codes


def test_bare_paper_says_nothing(reader):
    assert reader.read([paper()]) == [()]


def test_each_crop_gets_its_own_reading_whatever_the_batch(reader):
    texts = ["1", "123456789", "22", "1 234 567,8", "3"] * 9
    alone = [reader.read([crop(text)])[0][0].text for text in texts[:5]]
    assert [each[0].text for each in reader.read([crop(text) for text in texts])] == alone * 9


def test_readings_are_ranked_and_at_most_certain(reader):
    for each in reader.read([crop("17 471", size=11)]):
        assert [a.logp for a in each] == sorted((a.logp for a in each), reverse=True)
        assert sum(math.exp(a.logp) for a in each) <= 1 + 1e-6


@pytest.mark.parametrize("shape", [(1, 1), (2, 400), (300, 2), (40, 3000)])
def test_any_shape_is_prepared_to_a_width_the_net_knows(shape):
    made = prepared(np.full(shape, 200, np.uint8))
    assert made.shape[0] == HEIGHT
    assert made.shape[1] in WIDTHS


def test_contrast_is_stretched_and_paper_is_nothing():
    pale = (255 - (255 - picture("57")) * 0.3).astype(np.uint8)
    made = prepared(pale)
    assert made.max() > 250
    assert np.median(made) < 10


def test_upright_scores_higher_than_upside_down():
    upright = [crop(text) for text in ("1.4", "247", "62.01.2", "1 345", "73")]
    readers = default_readers()
    assert orient_score(readers, upright) > orient_score(readers, [turned_over(each) for each in upright]) + 0.1


def test_the_model_is_small_and_named_by_its_content(reader):
    assert model_file().stat().st_size <= MODEL_LIMIT
    name, digest = reader.name.split("/")
    assert name == "figurenet"
    assert len(digest) == 12


def test_the_default_readers_are_two_and_made_once():
    assert default_readers() is default_readers()
    assert len(default_readers().figures) == 2
    assert isinstance(default_readers().figures[0], FigureNet)


def test_the_same_crop_reads_the_same_twice(reader):
    once, twice = reader.read([crop("4 711")] * 2)
    assert once == twice
    assert isinstance(crop("1"), Crop)
