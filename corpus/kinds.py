"""The kinds of files the maker knows: for each, what is filled in, how it is drawn, damaged and packed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corpus.mistakes import PLANTERS

Container = Literal["pdf", "scan", "tiff", "folder", "searchable", "fillable"]
PageFate = Literal["", "turned", "upside", "shuffled", "missing", "duplicate", "backs", "dealt"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file."""

    name: str
    container: Container = "pdf"
    dpi: int = 0  # of scans
    tinted: bool = False  # scanned in colour
    retyped: bool = False
    unruled: bool = False  # tables without column rulings, often without any
    hand: Literal["", "drawn", "real"] = ""  # filled in by hand: drawn strokes, or real digits pasted in
    causes: tuple[str, ...] = ()  # one of these mistakes is planted; else now and then any
    clean: bool = False  # no mistake but of those causes
    units: bool = False
    empty: bool = False
    stamped: bool = False
    rough: bool = False  # worse damage than a tidy office's scanner does
    pages: PageFate = ""
    forms: Literal["one", "bundle", "stack", "branches", "revision"] = "one"  # a stack: two to four forms in a file
    browser: bool = False  # printed by a browser, in any look; the seed gives the same text, not the same bytes
    like_word: bool = False  # the look of a text processor: text at the top of its cell, rows cut by page ends


_ALL = tuple(PLANTERS)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("digital"),
        Kind("docx", like_word=True),
        Kind("labels", retyped=True),
        Kind("labelscan", "scan", 250, retyped=True),
        Kind("unruled", unruled=True),
        Kind("unruledscan", "scan", 200, unruled=True),
        Kind("units", units=True),
        Kind("tenge", causes=("tenge-form",)),
        Kind("mistakes", causes=_ALL),
        Kind("mistakescan", "scan", 300, causes=_ALL),
        Kind("scan300", "scan", 300),
        Kind("scan200", "scan", 200),
        Kind("scan150", "scan", 150),
        Kind("colour", "scan", 200, tinted=True),
        Kind("rough", "scan", 200, rough=True),
        Kind("fax", "tiff", 204),
        Kind("tiff300", "tiff", 300),
        Kind("photo", "folder", 200, tinted=True),
        Kind("stamped", "scan", 250, stamped=True),
        Kind("stamped-colour", "scan", 250, tinted=True, stamped=True),
        Kind("turned", "scan", 200, pages="turned"),
        Kind("upside", "scan", 200, pages="upside"),
        Kind("shuffled", "scan", 200, pages="shuffled"),
        Kind("missing", "scan", 200, pages="missing"),
        Kind("duplicate", "scan", 200, pages="duplicate"),
        Kind("backs", "scan", 200, pages="backs"),
        Kind("rotated", pages="turned"),
        Kind("bundle", "scan", 200, forms="bundle"),
        Kind("bundle-digital", forms="bundle"),
        Kind("stack-turned", "scan", 200, forms="stack", pages="turned"),
        Kind("stack-shuffled", "scan", 200, forms="stack", pages="shuffled"),
        Kind("stack-missing", "scan", 200, forms="stack", pages="missing"),
        Kind("stack-dealt", "scan", 200, forms="stack", pages="dealt"),
        Kind("branches", forms="branches"),
        Kind("revision", forms="revision"),
        Kind("searchable", "searchable", 200),
        Kind("fillable", "fillable"),
        Kind("hand300", "scan", 300, hand="drawn"),
        Kind("hand200", "scan", 200, hand="drawn"),
        Kind("handreal", "scan", 300, hand="real"),
        Kind("handreal200", "scan", 200, hand="real"),
        Kind("mistakehand", "scan", 300, hand="drawn", causes=_ALL),
        Kind("handfax", "tiff", 204, hand="real"),
        Kind("handphoto", "folder", 200, tinted=True, hand="real"),
        Kind("empty"),
        Kind("empty-scan", "scan", 200),
        Kind("web", browser=True),
        Kind("webscan", "scan", 200, browser=True),
        Kind("notice"),
        Kind("notice-scan", "scan", 200),
    )
}
"""Every kind by name."""
