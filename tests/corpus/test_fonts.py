"""Fonts that can print the form, some of them kept for the evaluation."""

import pytest

from corpus.fonts import KAZAKH, SHIPPED, hand_digit_faces, hand_faces, text_faces


@pytest.mark.parametrize("split", ["dev", "eval"])
def test_there_is_always_a_face_and_it_has_every_letter(split):
    """Also on a machine without fonts: each split has a family of the project's own."""
    for faces in (text_faces(split), hand_faces(split)):
        assert faces
        for face in faces:
            assert all(ord(letter) in face.letters for letter in KAZAKH)
    assert {"dev": "pt-serif", "eval": "pt-sans"}[split] in {face.family for face in text_faces(split)}


def test_the_splits_share_no_face():
    """What is measured with was never seen in development."""
    for finder in (text_faces, hand_digit_faces):
        assert not {face.family for face in finder("dev")} & {face.family for face in finder("eval")}


def test_every_shipped_font_has_its_licence_beside_it():
    """The fonts are OFL; the licence travels with them."""
    for font in SHIPPED.glob("*.ttf"):
        licence = SHIPPED / f"{font.stem.rsplit('-', 1)[0]}.LICENSE.txt"
        assert "SIL Open Font License" in licence.read_text(encoding="utf-8")
        assert font.stat().st_size < 300_000


def test_letters_a_face_lacks_are_replaced():
    """Never a missing-glyph box: the nearest letter it has."""
    face = next(face for face in text_faces("dev") if face.family == "pt-serif")
    assert face.fit("1\u202f234") == "1\u00a0234"
