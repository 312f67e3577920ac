import errno
import os
import resource

import numpy as np
import pytesseract
import pytest

from extract.readers import tesseract
from extract.readers.combine import folded
from extract.readers.tesseract import TesseractFigures, TesseractText
from layouts.errors import QagazError
from tests.extract.readers.drawn_crops import crop, paper, picture


@pytest.fixture(autouse=True)
def forget_what_is_installed():
    tesseract._model.cache_clear()
    yield
    tesseract._model.cache_clear()


@pytest.fixture(scope="module")
def reader():
    return TesseractText()


@pytest.mark.tesseract
def test_kazakh_and_russian_are_read_each_in_its_place(reader):
    texts = ["Барлығы", "Всего оказано услуг", "Үлестес қызметтер", "в том числе"]
    assert reader.read([picture(text) for text in texts]) == texts


@pytest.mark.tesseract
def test_pictures_without_text_keep_the_places_of_the_others(reader):
    bare = np.full((50, 200), 255, np.uint8)
    assert reader.read([bare, picture("Всего"), bare, picture("Коды"), bare]) == ["", "Всего", "", "Коды", ""]


@pytest.mark.tesseract
def test_lines_stay_parted(reader):
    first, second = picture("Компьютерлік"), picture("бағдарламалау")
    width = max(first.shape[1], second.shape[1])
    block = np.full((first.shape[0] + second.shape[0], width), 255, np.uint8)
    block[: first.shape[0], : first.shape[1]] = first
    block[first.shape[0] :, : second.shape[1]] = second
    assert reader.read([block]) == ["Компьютерлік\nбағдарламалау"]


@pytest.mark.tesseract
def test_lines_of_a_page_have_their_boxes(reader):
    page = np.full((600, 900), 255, np.uint8)
    words = picture("Код строки формы")
    page[100 : 100 + words.shape[0], 200 : 200 + words.shape[1]] = words
    ((line,),) = reader.read_lines([page])
    assert line.text == "Код строки формы"
    assert line.box.x0 == pytest.approx(206, abs=4)
    assert line.box.y0 == pytest.approx(106, abs=4)
    assert line.box.x1 == pytest.approx(200 + words.shape[1] - 6, abs=4)


@pytest.mark.tesseract
def test_colour_and_tiny_pictures_are_welcome(reader):
    grey = picture("Всего")
    colour = np.repeat(grey[:, :, None], 3, axis=2)
    assert reader.read([colour, np.full((2, 2), 255, np.uint8)]) == ["Всего", ""]


@pytest.mark.tesseract
def test_the_environment_is_left_as_it_was(reader, monkeypatch):
    monkeypatch.delenv("OMP_THREAD_LIMIT", raising=False)
    reader.read([picture("Всего")])
    assert "OMP_THREAD_LIMIT" not in os.environ


@pytest.mark.tesseract
def test_figures_are_read_each_in_its_place():
    found = TesseractFigures().read([crop("12345"), paper(), crop("907"), crop("1 024,5")])
    assert [folded(each[0].text) if each else "" for each in found] == ["12345", "", "907", "1024,5"]
    assert all(-7 < each[0].logp <= 0 for each in found if each)
    assert TesseractFigures().read([]) == []


def test_one_process_for_all_pictures(monkeypatch):
    """A process a picture costs more than the reading."""
    calls = []
    monkeypatch.setattr(tesseract, "_installed", lambda: {"Cyrillic"})
    monkeypatch.setattr(pytesseract, "image_to_string", lambda *a, **k: calls.append(a) or "a\f\fb\f")
    assert TesseractText().read([picture("1"), picture("2"), picture("3")]) == ["a", "", "b"]
    assert len(calls) == 1


def test_nothing_asked_starts_nothing(monkeypatch):
    monkeypatch.setattr(pytesseract, "image_to_string", None)
    assert TesseractText().read([]) == []


@pytest.mark.parametrize(
    ("installed", "model"), [(["rus", "Cyrillic"], "Cyrillic"), (["kaz", "rus", "Cyrillic"], "kaz+rus")]
)
def test_the_best_model_installed_is_taken(monkeypatch, installed, model):
    monkeypatch.setattr(tesseract, "_installed", lambda: set(installed))
    monkeypatch.setattr(pytesseract, "get_tesseract_version", lambda: "5.3.0")
    assert TesseractText().name == f"tesseract/5.3.0/{model}"


def test_without_kazakh_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(tesseract, "_installed", lambda: {"rus", "eng"})
    with pytest.raises(QagazError, match="make setup"):
        TesseractText().read([picture("1")])


def test_without_the_program_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-program")
    with pytest.raises(QagazError, match="make setup"):
        TesseractText().read([picture("1")])


@pytest.mark.tesseract
def test_models_with_capitals_in_their_names_are_seen():
    """pytesseract's own list leaves them out, and the best one with them."""
    assert "Cyrillic" in tesseract._installed()


@pytest.mark.parametrize("said", ["", "cut off", pytesseract.TesseractError(1, "Error in pixReadStream")])
def test_a_disk_that_takes_no_more_is_an_error_and_no_reading(monkeypatch, said):
    """Tesseract itself says nothing of it: words that are missing would stand as read."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def full(*_words, **_options):
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
        if isinstance(said, Exception):
            raise said
        return said

    monkeypatch.setattr(pytesseract, "image_to_string", full)
    try:
        with pytest.raises(OSError, match="too large") as caught:
            TesseractText().read([paper().clean])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.errno == errno.EFBIG
