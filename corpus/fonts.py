"""Finds the fonts pages are drawn with: TrueType files that have every letter of the form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont, TTFontFile

from corpus.records import Split

SHIPPED = Path(__file__).parent / "fonts"
SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"))

# A face without these cannot print the form; fonts-liberation 1.x is the one that usually lacks them.
KAZAKH = "ӘҒҚҢӨҰҮҺІәғқңөұүһі"
DIGITS = "0123456789,.-"

# Family, file of the regular cut, file of the bold cut. The evaluation's families are never drawn with before, nor
# taught to the figure net.
_TEXT: dict[Split, tuple[tuple[str, str, str], ...]] = {
    "dev": (
        ("pt-serif", "pt-serif-400.ttf", "pt-serif-700.ttf"),
        ("liberation-serif", "LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"),
        ("liberation-sans", "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
        ("dejavu-sans", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
        ("carlito", "Carlito-Regular.ttf", "Carlito-Bold.ttf"),
    ),
    "calibration": (
        ("roboto", "Roboto-Regular.ttf", "Roboto-Bold.ttf"),
        ("roboto-condensed", "RobotoCondensed-Regular.ttf", "RobotoCondensed-Bold.ttf"),
        ("noto-serif", "NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf"),
        ("free-serif", "FreeSerif.ttf", "FreeSerifBold.ttf"),
        ("free-mono", "FreeMono.ttf", "FreeMonoBold.ttf"),
    ),
    "eval": (
        ("pt-sans", "pt-sans-400.ttf", "pt-sans-700.ttf"),
        ("open-sans", "OpenSans-Regular.ttf", "OpenSans-Bold.ttf"),
        ("jetbrains-mono", "JetBrainsMono-Regular.ttf", "JetBrainsMono-Bold.ttf"),
        ("charis", "CharisSIL-Regular.ttf", "CharisSIL-Bold.ttf"),
    ),
    # Only what ships with the project: page breaks, and with them what a page shows, are the same everywhere.
    "frozen": (
        ("pt-sans", "pt-sans-400.ttf", "pt-sans-700.ttf"),
        ("open-sans", "open-sans-400.ttf", "open-sans-700.ttf"),
        ("charis-sil", "charis-sil-400.ttf", "charis-sil-700.ttf"),
    ),
}
_HAND: dict[Split, tuple[str, ...]] = {
    "dev": ("caveat-400.ttf", "bad-script-400.ttf"),
    "calibration": ("pangolin-400.ttf",),
    "eval": ("shantell-sans-400.ttf",),
    "frozen": ("shantell-sans-400.ttf",),
}
_HAND_LATIN: dict[Split, tuple[str, ...]] = {
    "dev": (),
    "calibration": (),
    "eval": ("marck-script-400.ttf",),
    "frozen": ("marck-script-400.ttf",),
}


@dataclass(frozen=True, slots=True)
class Face:
    """A registered font: names under which the drawing library knows its two weights."""

    family: str
    regular: str
    bold: str
    letters: frozenset[int]  # code points it can draw

    def fit(self, text: str) -> str:
        """The text with what the face cannot draw replaced by the nearest it can."""
        return "".join(c if ord(c) in self.letters else _NEAREST.get(c, "?") for c in text)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Points the text takes on one line."""
        return float(pdfmetrics.stringWidth(text, self.bold if bold else self.regular, size))


_NEAREST = {"\u202f": "\u00a0", "\u2009": "\u00a0", "\u00a0": " ", "№": "N", "–": "-", "Σ": "S", "∑": "S", "\n": " "}


@cache
def _files() -> dict[str, Path]:
    """Every TrueType file by name; the project's own win over the system's."""
    found: dict[str, Path] = {}
    for root in (*SYSTEM, SHIPPED):
        for path in sorted(root.rglob("*.ttf")) if root.is_dir() else ():
            found[path.name] = path
    return found


@cache
def _register(name: str) -> frozenset[int]:
    """Registers one font file under its own name; what it can draw, nothing if it cannot be used."""
    path = _files().get(name)
    if path is None:
        return frozenset()
    try:
        letters = frozenset(int(code) for code in TTFontFile(str(path)).charToGlyph)
        pdfmetrics.registerFont(TTFont(name, str(path)))
    except (TTFError, OSError):
        return frozenset()
    return letters


def _face(family: str, regular: str, bold: str, needed: str) -> Face | None:
    letters = _register(regular)
    if not all(ord(c) in letters for c in needed):
        return None
    return Face(family, regular, bold if _register(bold) else regular, letters)


@cache
def text_faces(split: Split) -> tuple[Face, ...]:
    """Faces for print, all with the Kazakh letters. ValueError where the machine has none of this split's."""
    faces = (_face(family, regular, bold, KAZAKH + DIGITS) for family, regular, bold in _TEXT[split])
    found = tuple(face for face in faces if face is not None)
    if not found:
        raise ValueError(f"no face of the world {split!r} is installed: call scripts/system.sh faces")
    return found


def text_files(split: Split) -> tuple[tuple[Path, Path], ...]:
    """The files of these faces, regular and bold, for programs that draw by themselves."""
    return tuple((_files()[face.regular], _files()[face.bold]) for face in text_faces(split))


def kept_apart() -> frozenset[str]:
    """Names of the font files that a figure reader must never learn from: what is measured with is drawn in them."""
    worlds: tuple[Split, ...] = ("calibration", "eval", "frozen")
    files = {name for world in worlds for _, regular, bold in _TEXT[world] for name in (regular, bold)}
    return frozenset(files.union(*(_HAND[world] + _HAND_LATIN[world] for world in worlds)))


@cache
def hand_faces(split: Split) -> tuple[Face, ...]:
    """Faces that look written by hand, all with the Kazakh letters."""
    faces = (_face(name.removesuffix("-400.ttf"), name, name, KAZAKH + DIGITS) for name in _HAND[split])
    return tuple(face for face in faces if face is not None)


@cache
def hand_digit_faces(split: Split) -> tuple[Face, ...]:
    """Faces for handwritten figures; some have no Kazakh letters."""
    more = (_face(name.removesuffix("-400.ttf"), name, name, DIGITS) for name in _HAND_LATIN[split])
    return hand_faces(split) + tuple(face for face in more if face is not None)
