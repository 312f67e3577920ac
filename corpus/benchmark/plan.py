"""What the benchmark consists of: how many files of each kind, and which of them are in the small part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

Part = Literal["small", "full", "hands"]
"""`small` reads in minutes and lies within `full`; `hands` is drawn with real digits, which do not ship."""
PARTS: tuple[Part, ...] = ("small", "full", "hands")
VERSION = "1"
"""Of maker and list together; it changes when a listed file's truth does, or which files are listed."""
SEED = 20_261_127

# Kind: files in the full list, of them in the small part (its first ones).
_FILES: dict[str, tuple[int, int]] = {
    "digital": (22, 4),
    "docx": (16, 3),
    "labels": (14, 1),
    "unruled": (10, 1),
    "units": (14, 1),
    "tenge": (8, 0),
    "fillable": (8, 0),
    "rotated": (8, 0),
    "mistakes": (12, 1),
    "bundle-digital": (6, 0),
    "branches": (3, 0),
    "revision": (3, 0),
    "empty": (4, 0),
    "notice": (4, 1),
    "scan300": (24, 3),
    "scan200": (24, 3),
    "scan150": (14, 1),
    "colour": (10, 0),
    "rough": (14, 1),
    "tiff300": (8, 0),
    "labelscan": (12, 1),
    "unruledscan": (10, 1),
    "searchable": (8, 0),
    "stamped": (14, 2),
    "stamped-colour": (8, 0),
    "mistakescan": (12, 1),
    "empty-scan": (4, 0),
    "notice-scan": (4, 0),
    "fax": (20, 3),
    "photo": (20, 3),
    "turned": (10, 1),
    "upside": (6, 0),
    "shuffled": (8, 1),
    "missing": (8, 1),
    "duplicate": (6, 0),
    "backs": (6, 0),
    "bundle": (8, 1),
    "stack-turned": (3, 0),
    "stack-shuffled": (3, 0),
    "stack-missing": (3, 0),
    "stack-dealt": (3, 0),
    "hand300": (24, 3),
    "hand200": (18, 2),
    "mistakehand": (10, 0),
}
_HANDS = {"handreal": 16, "handreal200": 12, "handfax": 8, "handphoto": 8}

FAMILIES: dict[str, tuple[str, ...]] = {
    "text layer": (
        "digital", "docx", "labels", "unruled", "units", "tenge", "fillable", "rotated", "mistakes", "bundle-digital",
        "branches", "revision", "empty", "notice",
    ),
    "typed, scanned": (
        "scan300", "scan200", "scan150", "colour", "rough", "tiff300", "labelscan", "unruledscan", "searchable",
        "stamped", "stamped-colour", "mistakescan", "empty-scan", "notice-scan",
    ),
    "fax and photo": ("fax", "photo"),
    "pages in disorder": (
        "turned", "upside", "shuffled", "missing", "duplicate", "backs", "bundle", "stack-turned", "stack-shuffled",
        "stack-missing", "stack-dealt",
    ),
    "written by hand": ("hand300", "hand200", "mistakehand", *_HANDS),
}  # fmt: skip
"""Kinds that fail for like reasons: a table of five rows where one of forty is too long."""


class Item(NamedTuple):
    """One file of the plan (two of the kinds `branches` and `revision`)."""

    part: Part
    kind: str
    number: int  # 0, 1, … among its kind


def family_of(kind: str) -> str:
    """The family a kind belongs to."""
    return next(name for name, kinds in FAMILIES.items() if kind in kinds)


def planned(part: Part) -> Iterator[Item]:
    """The files of a part; the full one has those of the small one among them."""
    for kind, (many, few) in _FILES.items():
        for number in range(many):
            item = Item("small" if number < few else "full", kind, number)
            if part in {item.part, "full"}:
                yield item
    if part == "hands":
        yield from (Item("hands", kind, number) for kind, many in _HANDS.items() for number in range(many))


def everything() -> list[Item]:
    """All that is listed, in order."""
    return [*planned("full"), *planned("hands")]
