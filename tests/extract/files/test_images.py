"""Pictures come as they are stored: not turned, not cut, on white, one at a time."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from extract.files.images import decode, natural_key
from extract.intake import find_sources, open_pages
from layouts.errors import Rejected
from tests.extract.papers import noise, pages_of

ORIENTATION = 0x0112


def oriented(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif


def black_corner(picture: np.ndarray) -> str:
    """Which corner of a picture of `noise` is black."""
    grey = picture if picture.ndim == 2 else picture.mean(axis=2)
    corners = {
        "top left": grey[3, 3],
        "top right": grey[3, -3],
        "bottom left": grey[-3, 3],
        "bottom right": grey[-3, -3],
    }
    return min(corners, key=lambda corner: corners[corner])


def test_natural_order_is_total():
    names = ["p2", "P10", "p1", "", "10", "9", "p", "p1a"]
    shuffled = [*names[3:], *names[:3]]
    assert sorted(names, key=natural_key) == sorted(shuffled, key=natural_key)
    assert sorted(names, key=natural_key).index("p2") < sorted(names, key=natural_key).index("P10")


@pytest.mark.parametrize("name", ["a.jpg", "a.tif", "a.png"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_no_picture_is_turned_by_its_orientation_tag(tmp_path, name, orientation):
    (page,) = pages_of(noise(tmp_path / name, 80, 120, exif=oriented(orientation)))
    assert (page.width, page.height, page.unit, page.scale) == (80, 120, "px", 1.0)
    assert black_corner(page.picture) == "top left"


@pytest.mark.parametrize("name", ["a.jpg", "a.tif"])
def test_mirror_writing_is_made_readable(tmp_path, name):
    (page,) = pages_of(noise(tmp_path / name, 80, 120, exif=oriented(2)))
    assert black_corner(page.picture) == "top right"


def test_transparent_paper_is_white(tmp_path):
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(tmp_path / "a.png")
    Image.new("LA", (20, 10), (0, 0)).save(tmp_path / "b.png")
    for page in (*pages_of(tmp_path / "a.png"), *pages_of(tmp_path / "b.png")):
        assert page.picture.min() == 255


def test_colours_come_as_bgr(tmp_path):
    for name in ("a.png", "a.tif", "a.bmp"):
        Image.new("RGB", (20, 10), (10, 20, 200)).save(tmp_path / name)
        (page,) = pages_of(tmp_path / name)
        assert page.picture[0, 0].tolist() == [200, 20, 10]


@pytest.mark.parametrize(("mode", "name"), [("1", "a.tif"), ("L", "a.jpg"), ("1", "a.png"), ("I;16", "a.png")])
def test_pictures_without_colour_come_grey(tmp_path, mode, name):
    white = 65535 if mode == "I;16" else 255
    Image.new(mode, (20, 10), white).save(tmp_path / name)
    (page,) = pages_of(tmp_path / name)
    assert page.picture.shape == (10, 20)
    assert page.picture.dtype == np.uint8
    assert page.picture.min() > 250


def test_a_standard_fax_is_stretched_to_the_papers_shape(tmp_path):
    (page,) = pages_of(noise(tmp_path / "fax.tif", 172, 107, dpi=(204, 98)))
    assert (page.width, page.height) == (172, 107)
    assert page.stretch == pytest.approx(204 / 98)
    assert page.picture.shape == (round(107 * 204 / 98), 172)


def test_a_fine_fax_is_left_as_it_is(tmp_path):
    (page,) = pages_of(noise(tmp_path / "fax.tif", 172, 214, dpi=(204, 196)))
    assert page.picture.shape == (214, 172)


def test_a_jpeg_without_end_mark_is_read_if_all_rows_are_there(tmp_path):
    whole = noise(tmp_path / "a.jpg", 200, 300).read_bytes()
    assert whole.endswith(b"\xff\xd9")
    assert decode(whole) is not None
    assert decode(whole + b"trailer of a telephone") is not None
    assert decode(whole[: len(whole) // 2]) is None


def test_a_broken_frame_of_a_tiff_is_named(tmp_path):
    first, second = Image.new("L", (200, 200), 255), Image.effect_noise((200, 200), 50)
    first.save(tmp_path / "a.tif", save_all=True, append_images=[second])
    data = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "a.tif").write_bytes(data[: len(data) - 20_000])
    with pytest.raises(Rejected, match=r"error\.broken-page"):
        pages_of(tmp_path / "a.tif")


def test_pages_are_given_one_at_a_time(tmp_path):
    noise(tmp_path / "p1.png", 30, 40)
    (tmp_path / "p2.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    (source,) = find_sources([tmp_path]).sources
    pages = open_pages(source)
    assert next(pages).width == 30
    with pytest.raises(Rejected):
        next(pages)
