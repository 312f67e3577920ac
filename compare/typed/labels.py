"""Headings that name one cell of a form: «стр. 1.10 гр. 3», `l1_10_c3`, «1.10-жол 3-баған», a code over a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import permutations

from compare.typed.codes import is_date, meant, same_number
from compare.typed.records import Entry
from layouts.model import Layout


class Part(StrEnum):
    """What a number in a heading counts."""

    SECTION = "section"
    LINE = "line"
    COLUMN = "column"


_WORDS = {
    Part.SECTION: ("раздел", "разд", "р", "section", "sec", "s", "бөлім"),
    Part.LINE: ("строка", "строки", "стр", "с", "line", "row", "l", "r", "жол"),
    Part.COLUMN: ("графа", "графы", "гр", "г", "столбец", "колонка", "кол", "column", "col", "c", "баған"),
}
_AFTER = ("жол", "баған", "бөлім")  # words that stand behind their number: «1.10-жол»
_ENDINGS = 4  # letters that a word may have beyond the one known: «жолдың»
_PIECE = re.compile(r"(?P<word>[^\W\d_]+)|(?P<code>\d+(?:[.,]\d+)*)|(?P<joint>_)")


@dataclass(frozen=True, slots=True)
class Label:
    """The cell that a heading names; `lines` are the codes it may stand for, section is "" where none is named."""

    section: str
    lines: tuple[str, ...]
    line: Entry
    column: str


@dataclass(frozen=True)
class Codes:
    """What sections, lines and columns of a layout are called."""

    sections: tuple[str, ...]
    lines: tuple[str, ...]
    columns: tuple[str, ...]

    @classmethod
    def of(cls, layout: Layout) -> Codes:
        """Those of all its tables."""
        tables = layout.tables
        return cls(
            tuple(str(table.section) for table in tables),
            tuple(dict.fromkeys(line.code for table in tables for line in table.lines)),
            tuple(dict.fromkeys(column.number for table in tables for column in table.columns)),
        )

    @cached_property
    def _known(self) -> dict[Part, tuple[str, ...]]:
        return {Part.SECTION: self.sections, Part.LINE: self.lines, Part.COLUMN: self.columns}

    def named(self, part: Part, entry: Entry) -> tuple[str, ...]:
        """What an entry may stand for; the parts of a longer code are no days, even if they look like some."""
        found = meant(entry, self._known[part])
        if isinstance(entry.content, str) and not is_date(entry.text):
            return tuple(code for code in found if code == entry.text or same_number(code, entry.text))
        return found

    def named_line(self, entry: Entry) -> bool:
        """Whether an entry may stand for a line."""
        return bool(self.named(Part.LINE, entry))


@dataclass(slots=True)
class _Number:
    """A number of a heading, and what the word beside it says it counts."""

    entry: Entry
    joined: bool = False  # by an underscore to the number before it
    part: Part | None = None


@dataclass(slots=True)
class _Reader:
    """Goes through a heading from left to right and gives each number its part."""

    codes: Codes
    numbers: list[_Number] = field(default_factory=list)
    waiting: Part | None = None  # the word before the next number
    joint: bool = False

    def take(self, entry: Entry) -> None:
        """One row of the heading."""
        self.waiting, self.joint = None, False
        if not isinstance(entry.content, str) or is_date(entry.text):
            self._number(entry)
            return
        for piece in _PIECE.finditer(entry.text):
            if piece["joint"]:
                self.joint = True
            elif piece["code"]:
                self._number(Entry(piece["code"].replace(",", ".")))
            else:
                self._word(piece["word"])

    def _number(self, entry: Entry) -> None:
        number = _Number(entry, joined=self.joint)
        before = self.numbers[-1] if self.numbers else None
        if self.joint and before is not None and before.part is Part.LINE:
            whole = Entry(f"{before.entry.text}.{entry.text}")
            if self.codes.named(Part.LINE, whole):
                before.entry, self.joint = whole, False
                return
        if self.waiting is not None and self.codes.named(self.waiting, entry):
            number.part = self.waiting
        self.numbers.append(number)
        self.waiting, self.joint = None, False

    def _word(self, word: str) -> None:
        part, after = _part(word.casefold())
        before = self.numbers[-1] if self.numbers else None
        if part and after and before is not None and before.part is None and self.codes.named(part, before.entry):
            before.part, self.waiting = part, None
        else:
            self.waiting = part
        self.joint = False


def label_of(entries: Sequence[Entry], codes: Codes, *, dotted: bool = False) -> Label | None:
    """The cell that a heading of one or more rows, from top to bottom, names; None if it names none.

    `dotted`: the last of numbers parted by points is the column, whatever else they may be.

    >>> codes = Codes(("2", "3"), ("1", "1.3", "1.3.1", "1.10"), ("1", "2", "3"))
    >>> told = [label_of([Entry(text)], codes) for text in ("стр.1.10 гр3", "l1_10_c3", "1.10-жол 3-баған", "1,10 (3)")]
    >>> {(label.lines, label.column) for label in told if label}
    {(('1.10',), '3')}
    >>> label_of([Entry("Раздел 2"), Entry("1.3.1"), Entry("2")], codes).section, label_of([Entry("1.3.1")], codes)
    ('2', None)
    """
    reader = _Reader(codes)
    for entry in entries:
        reader.take(entry)
    told = {number.part: number.entry for number in reader.numbers if number.part}
    if len(told) < sum(number.part is not None for number in reader.numbers):
        return None
    numbers = reader.numbers
    joined = [number.joined or (at + 1 < len(numbers) and numbers[at + 1].joined) for at, number in enumerate(numbers)]
    rest = [n for n, held in zip(numbers, joined, strict=True) if n.part is None and (held or _means(n.entry, codes))]
    wanted = [part for part in Part if part not in told]
    for parts in _shared_out(rest, wanted, codes, dotted=dotted):
        whole = told | parts
        section = codes.named(Part.SECTION, whole[Part.SECTION]) if Part.SECTION in whole else ("",)
        column = codes.named(Part.COLUMN, whole[Part.COLUMN])
        line = whole[Part.LINE]
        return Label(section[0], codes.named(Part.LINE, line), line, column[0])
    return None


def _shared_out(
    numbers: Sequence[_Number], wanted: Sequence[Part], codes: Codes, *, dotted: bool
) -> Iterator[dict[Part, Entry]]:
    """Every way to give numbers that no word speaks of the parts that are still wanted; a section may be missing."""
    orders: tuple[list[Part], ...] = ([part for part in wanted if part is not Part.SECTION], list(wanted))
    if not dotted:
        entries = [number.entry for number in numbers]
        for order in orders:
            if len(order) == len(entries):
                for parts in permutations(order):
                    if all(codes.named(part, entry) for part, entry in zip(parts, entries, strict=True)):
                        yield dict(zip(parts, entries, strict=True))
    joined = len(numbers) > 1 and all(number.joined for number in numbers[1:])
    one = len(numbers) == 1 and (dotted or not codes.named(Part.LINE, numbers[0].entry))
    if not (joined or one) or Part.COLUMN not in wanted or Part.LINE not in wanted:
        return
    pieces = [piece for number in numbers for piece in re.split(r"[.,]", number.entry.text)]
    for skip in (0, 1) if Part.SECTION in wanted else (0,):
        given = {Part.LINE: Entry(".".join(pieces[skip:-1])), Part.COLUMN: Entry(pieces[-1])}
        if skip:
            given[Part.SECTION] = Entry(pieces[0])
        if len(pieces) > skip + 1 and all(codes.named(part, entry) for part, entry in given.items()):
            yield given


def _means(entry: Entry, codes: Codes) -> bool:
    """Whether a number may belong to a name: any of its beginnings is a code of the form."""
    first = re.split(r"[.,]", entry.text)[0]
    return any(codes.named(part, entry) for part in Part) or any(codes.named(part, Entry(first)) for part in Part)


@lru_cache
def _part(word: str) -> tuple[Part | None, bool]:
    """What a word says its number counts, and whether it stands behind it."""
    for part, known in _WORDS.items():
        for each in known:
            if word == each or (len(each) > 2 and word.startswith(each) and len(word) <= len(each) + _ENDINGS):
                return part, each in _AFTER
    return None, False
