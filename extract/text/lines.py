"""Words of a text layer → lines in reading order, and the text they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extract.files.pdf_words import along
from extract.records import Box, Word

SAME_LINE = 0.35  # of the smaller height: words whose middles lie nearer than this stand on one line
TOUCHING = 0.06  # of the height: words with a smaller gap are pieces of one
LIKE_HEIGHT = 0.72  # words whose heights differ by more are not of one font size
COLUMN_GAP = 1.2  # of the height: a wider gap parts a line into pieces that have nothing to do with each other
OFF_BASELINE = 0.15  # of the height: words whose feet stand farther apart are not of one line of print
FEWEST_SPACED = 3  # letters that make a letter-spaced word beyond doubt
WIDE_GAP = 1.6  # of the usual gap between spaced letters: a wider one parts words


@dataclass(frozen=True, slots=True)
class LineOfWords:
    """Words that stand on one line, in reading order."""

    words: tuple[Word, ...]

    @property
    def box(self) -> Box:
        """Around all of them."""
        return Box.around(word.box for word in self.words)

    @property
    def text(self) -> str:
        """What the line says; letter-spaced words are joined where that is certain."""
        return joined(self.words)


def lines_of(words: Iterable[Word]) -> list[LineOfWords]:
    """The lines that words make, from top to bottom; words that stand upright come before turned ones."""
    by_turn: dict[int, list[Word]] = {}
    for word in words:
        by_turn.setdefault(word.turn, []).append(word)
    return [line for turn in sorted(by_turn) for line in _lines_of_turn(by_turn[turn], turn)]


def text_of(words: Iterable[Word]) -> str:
    """The text of a cell: its lines parted by newlines."""
    return "\n".join(line.text for line in lines_of(words))


def parted_at_gaps(line: LineOfWords) -> list[LineOfWords]:
    """The pieces of a line between gaps so wide that they belong to other columns."""
    pieces: list[list[Word]] = []
    for word in line.words:
        if pieces and _gap(pieces[-1][-1], word) <= COLUMN_GAP * _height(word):
            pieces[-1].append(word)
        else:
            pieces.append([word])
    return [LineOfWords(tuple(piece)) for piece in pieces]


def joined(words: Sequence[Word]) -> str:
    """The words of one line as text; a run of single letters with even gaps is one letter-spaced word.

    Figures keep their spaces: «1 234» may be one number or two.
    """
    parts: list[str] = []
    at = 0
    while at < len(words):
        end = _spaced_until(words, at)
        if end - at >= FEWEST_SPACED:
            piece, last = _unspaced(words[at:end]), end - 1
        else:
            piece, last = words[at].text, at
        glued = at > 0 and _touch(words[at - 1], words[at])
        parts.append(piece if glued or not parts else " " + piece)
        at = last + 1
    return "".join(parts)


def _lines_of_turn(words: Sequence[Word], turn: int) -> list[LineOfWords]:
    """Lines of words that stand in one direction."""
    spread = sorted(((along(word.box, turn), word) for word in words), key=lambda pair: pair[0][2] + pair[0][3])
    lines: list[tuple[float, float, list[tuple[float, Word]]]] = []  # middle, height, (start, word)
    for (start, _, low, high), word in spread:
        middle, height = (low + high) / 2, high - low
        if lines and abs(lines[-1][0] - middle) <= SAME_LINE * min(height, lines[-1][1]):
            lines[-1][2].append((start, word))
        else:
            lines.append((middle, height, [(start, word)]))
    return [LineOfWords(tuple(word for _, word in sorted(line, key=lambda pair: pair[0]))) for _, _, line in lines]


def _spaced_until(words: Sequence[Word], at: int) -> int:
    """Where a run of single letters that begins here ends."""
    end = at
    while end < len(words) and len(words[end].text) == 1 and words[end].text.isalpha():
        end += 1
    return end


def _unspaced(letters: Sequence[Word]) -> str:
    """Single letters as words: parted where the gap is clearly wider than usual."""
    gaps = [_gap(left, right) for left, right in pairwise(letters)]
    usual = median(gaps)
    text = letters[0].text
    for gap, letter in zip(gaps, letters[1:], strict=True):
        text += (" " if gap > WIDE_GAP * max(usual, 0.1) else "") + letter.text
    return text


def _touch(left: Word, right: Word) -> bool:
    """Whether two words are pieces of one; the raised mark of a footnote is no piece of a number."""
    alike = LIKE_HEIGHT < _height(left) / max(_height(right), 0.1) < 1 / LIKE_HEIGHT
    level = abs(_foot(left) - _foot(right)) <= OFF_BASELINE * max(_height(left), _height(right))
    return alike and level and _gap(left, right) < TOUCHING * _height(right)


def _gap(left: Word, right: Word) -> float:
    return along(right.box, right.turn)[0] - along(left.box, left.turn)[1]


def _foot(word: Word) -> float:
    return along(word.box, word.turn)[3]


def _height(word: Word) -> float:
    _, _, low, high = along(word.box, word.turn)
    return high - low
