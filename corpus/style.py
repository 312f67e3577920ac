"""The design of one respondent's pages, drawn from a seed: paper, type, rulings, tables, boxes, wording."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from corpus.fonts import Face, text_faces
from corpus.records import Split

T = TypeVar("T")

A4 = (595.28, 841.89)  # points
LETTER = (612.0, 792.0)  # points


@dataclass(frozen=True, slots=True)
class Rulings:
    """How the lines of a table are drawn."""

    weight: float  # points
    grey: float  # 0 black … 1 white
    how: Literal["lines", "rects", "fills"]  # as a vector page stores them: strokes, outlined cells, thin filled bars
    double: bool  # outer frame doubled
    dashed: bool
    right_border: bool  # False: the right end of the table is cut off
    drawn: Literal["all", "rows", "none"] = "all"  # which rulings a table has at all


@dataclass(frozen=True, slots=True)
class Wording:
    """How faithfully the form was retyped."""

    languages: Literal["both", "kk", "ru"]
    typos: float  # probability of a typing mistake a label
    letterspaced: float  # probability that a label's words are spaced out letter by letter
    codes: Literal["kept", "comma", "space", "dot"]
    lost_codes: float  # probability that a line's code is missing
    oked: Literal["kept", "undotted", "spaced"]
    lost_oked: float
    full: bool  # with everything the official blank prints around the tables


@dataclass(frozen=True, slots=True)
class TableStyle:
    """The build of the tables."""

    label_share: float  # of the table's width
    code_share: float
    oked_share: float
    nested_head: bool  # headings over groups of columns, as on the official blank
    number_row: bool
    repeat: Literal["none", "numbers", "head"]  # what stands again at the top of a continuation page
    cut: Literal["whole", "top", "bottom", "split"]  # rows at a page's end: moved whole, or what stays on which half
    cut_closed: bool  # a cut row gets a ruling at the page's end
    permuted: bool  # columns in another order, told by the number row
    pad_x: float  # points
    pad_y: float
    figure_align: Literal["left", "right", "centre"]
    figure_valign: Literal["top", "middle", "bottom"]
    label_valign: Literal["top", "middle"]
    hyphens: bool  # words broken inside get a hyphen
    new_page: bool  # each section starts on a new page


@dataclass(frozen=True, slots=True)
class PageStyle:
    """Everything about the look of a form."""

    width: float  # points
    height: float
    margin: tuple[float, float, float, float]  # left, top, right, bottom
    face: Face
    size: float  # points
    leading: float  # line height in sizes
    figure_face: Face  # what the filled-in things are typed in
    figure_size: float
    ink: tuple[float, float, float]  # colour of what is filled in
    boxes: Literal["separate", "joined", "typed"]
    box_size: float
    option_mark: Literal["circle", "tick", "cross", "underline", "bold"]
    option_table: bool
    answers_below: bool  # what is filled in stands on a line of its own
    rulings: Rulings
    table: TableStyle
    wording: Wording


def pick(rng: random.Random, weighted: Sequence[tuple[T, float]]) -> T:
    """One of the values, by weight."""
    values, weights = zip(*weighted, strict=True)
    choice: T = rng.choices(values, weights)[0]
    return choice


def page_style(rng: random.Random, split: Split, *, retyped: bool = False, unruled: bool = False) -> PageStyle:
    """The design of one form; `retyped` ones lose codes and gather typing mistakes, `unruled` ones have no columns
    drawn and often no rows either, but a number row on every page.
    """
    style = _drawn_style(rng, split, retyped=retyped)
    if not unruled:
        return style
    rulings = replace(style.rulings, drawn=pick(rng, (("rows", 1.0), ("none", 1.0))), double=False)
    numbers = rng.random() < 0.5
    table = replace(style.table, number_row=True, repeat="numbers" if numbers else "head", cut="whole")
    return replace(style, rulings=rulings, table=table)


def _drawn_style(rng: random.Random, split: Split, *, retyped: bool) -> PageStyle:
    paper = pick(rng, ((A4, 9.0), (LETTER, 1.0)))
    landscape = rng.random() < 0.25
    width, height = (paper[1], paper[0]) if landscape else paper
    faces = text_faces(split)
    face = rng.choice(faces)
    size = round(rng.uniform(7.0, 10.5 if landscape else 9.0), 1)
    side = rng.uniform(28, 62)
    return PageStyle(
        width=width,
        height=height,
        margin=(side, rng.uniform(28, 60), max(20.0, side - rng.uniform(0, 30)), rng.uniform(30, 60)),
        face=face,
        size=size,
        leading=rng.uniform(1.08, 1.3),
        figure_face=face if rng.random() < 0.6 else rng.choice(faces),
        figure_size=round(min(11.0, size * rng.uniform(0.95, 1.25)), 1),
        ink=pick(rng, (((0, 0, 0), 7.0), ((0.05, 0.1, 0.45), 2.0), ((0.25, 0.25, 0.25), 1.0))),
        boxes=pick(rng, (("separate", 5.0), ("joined", 4.0), ("typed", 2.0))),
        box_size=rng.uniform(11, 17),
        option_mark=pick(rng, (("circle", 5.0), ("tick", 2.0), ("cross", 1.0), ("underline", 1.5), ("bold", 1.0))),
        option_table=rng.random() < 0.75,
        answers_below=rng.random() < 0.5,
        rulings=_rulings(rng, split),
        table=_table_style(rng, retyped=retyped),
        wording=_wording(rng, retyped=retyped),
    )


def _rulings(rng: random.Random, split: Split) -> Rulings:
    return Rulings(
        weight=pick(rng, ((0.3, 1.0), (0.5, 4.0), (0.75, 3.0), (1.0, 2.0), (1.5, 1.0))),
        grey=pick(rng, ((0.0, 7.0), (0.35, 1.5), (0.6, 1.0))),
        how=pick(rng, (("lines", 4.0), ("rects", 2.0), ("fills", 3.0))),
        double=rng.random() < 0.06,
        dashed=split in {"eval", "frozen"} and rng.random() < 0.04,
        right_border=rng.random() < 0.88,
    )


def _table_style(rng: random.Random, *, retyped: bool) -> TableStyle:
    permuted = retyped and rng.random() < 0.12
    return TableStyle(
        label_share=rng.uniform(0.12, 0.38),
        code_share=rng.uniform(0.055, 0.08),
        oked_share=rng.uniform(0.075, 0.1),
        nested_head=rng.random() < 0.7,
        number_row=permuted or rng.random() < 0.96,
        repeat=pick(rng, (("none", 5.0), ("numbers", 2.0), ("head", 2.0))),
        cut=pick(rng, (("whole", 4.0), ("top", 3.0), ("bottom", 1.5), ("split", 1.5))),
        cut_closed=rng.random() < 0.5,
        permuted=permuted,
        pad_x=rng.uniform(1.5, 5),
        pad_y=rng.uniform(1, 5),
        figure_align=pick(rng, (("right", 4.0), ("centre", 4.0), ("left", 2.0))),
        figure_valign=pick(rng, (("middle", 5.0), ("top", 3.0), ("bottom", 1.0))),
        label_valign=pick(rng, (("top", 5.0), ("middle", 5.0))),
        hyphens=rng.random() < 0.4,
        new_page=rng.random() < 0.4,
    )


def _wording(rng: random.Random, *, retyped: bool) -> Wording:
    official = Wording("both", 0.0, rng.choice((0.0, 0.0, 0.3)), "kept", 0.0, "kept", 0.0, full=rng.random() < 0.75)
    if not retyped:
        return official
    return Wording(
        languages=pick(rng, (("both", 5.0), ("ru", 3.0), ("kk", 2.0))),
        typos=rng.choice((0.0, 0.15, 0.4)),
        letterspaced=rng.choice((0.0, 0.2)),
        codes=pick(rng, (("kept", 4.0), ("comma", 2.0), ("space", 1.0), ("dot", 1.0))),
        lost_codes=rng.choice((0.0, 0.1, 0.5)),
        oked=pick(rng, (("kept", 4.0), ("undotted", 2.0), ("spaced", 1.0))),
        lost_oked=rng.choice((0.0, 0.0, 0.15)),
        full=rng.random() < 0.4,
    )
