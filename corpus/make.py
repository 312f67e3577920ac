"""Makes a corpus: files of the kinds asked for, and truth.json beside them. The same seed gives the same bytes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from corpus import containers, truth
from corpus.fate import in_file, pages_as_stored
from corpus.fill import fill, of_year, without_kato
from corpus.hand import hand
from corpus.kinds import KINDS, Kind
from corpus.marking import marking
from corpus.notice import draw_notice
from corpus.page import draw_form
from corpus.paste import Writers, paste_digits
from corpus.pen import Figures
from corpus.records import Drawn, Filled, Split
from corpus.respondent import branch, respondent
from corpus.scan import office, scanned
from corpus.style import PageStyle, page_style
from corpus.web.look import web_look
from corpus.web.page import as_html
from corpus.web.printing import printed
from extract.records import Picture
from layouts.load import shipped_layouts
from layouts.model import FieldKind, Layout, Place

FIRST_CALIBRATION_SEED = 50_000  # seeds below it are for development
FIRST_EVALUATION_SEED = 100_000
FOLDER_NAMES = (("page-{:02}.jpg", 1), ("IMG_{}.jpg", 8), ("Скан {}.jpeg", 1), ("{}.jpg", 98), ("photo_{:03}.JPG", 1))
"""How pages of a folder are named, and the first number; natural order matters where digits grow."""
NO_KATO_SHARE = 0.12  # of forms whose KATO the department has not filled in
CLERK_SHARE = 0.4  # of typed scans whose KATO a clerk filled in by hand
MOST_STACKED = 4  # forms in one file
SPECK = 16  # pixels a side
CAUSE_SHARE = 0.25  # of ordinary forms that carry some mistake of the respondent
ORDINARY_CAUSES = ("row-total", "column-total", "of-which", "transposed", "rounding", "missing-total", "column-off")


def split_of(seed: int) -> Split:
    """Which world a seed belongs to."""
    if seed < FIRST_CALIBRATION_SEED:
        return "dev"
    return "calibration" if seed < FIRST_EVALUATION_SEED else "eval"


@dataclass(frozen=True, slots=True)
class Sheaf:
    """One form on its way into a file."""

    filled: Filled
    style: PageStyle
    drawn: Drawn
    clerk: bool  # the KATO is in a clerk's hand


def make(
    out: Path,
    seed: int,
    forms: int,
    kinds: Sequence[str],
    *,
    layout: Layout | None = None,
    split: Split | None = None,
    digits: Path | None = None,
    dense: bool = False,
) -> None:
    """Writes `forms` files spread evenly over the kinds, and truth.json, into `out`.

    The layout is the first shipped one unless another is given. A kind of several forms a file counts once.
    `digits` is a folder of real handwritten digits, which the kinds "handreal" and "handreal200" need; `dense` forms
    use every line, for measuring readers.
    KeyError for a kind that is not known.
    """
    out.mkdir(parents=True, exist_ok=True)
    world = split or split_of(seed)
    form = layout or next(iter(shipped_layouts().values()))
    writers = Writers.load(digits, world) if digits is not None else None
    entries: list[dict[str, Any]] = []
    for number in range(forms):
        kind = KINDS[kinds[number % len(kinds)]]
        which = number // len(kinds)
        rng = chance(seed, world, kind, which)
        entries += make_file(out, rng, kind, file_name(kind, which), form, world, writers, dense=dense)
    truth.save(out / "truth.json", entries)


def chance(seed: int, split: Split, kind: Kind, number: int) -> random.Random:
    """What a file is drawn by: it depends on its own kind and number, not on what is made beside it."""
    return random.Random(f"{seed}/{split}/{kind.name}/{number}")


def file_name(kind: Kind, number: int) -> str:
    """What the file with this number is called, without ending."""
    return f"{kind.name}-{number:03}"


def make_file(
    out: Path,
    rng: random.Random,
    kind: Kind,
    name: str,
    layout: Layout,
    split: Split,
    writers: Writers | None = None,
    *,
    dense: bool = False,
    pixels: bool = True,
) -> list[dict[str, Any]]:
    """One file (two for branches and revisions) with the truth of its forms; none for papers without figures.

    Without `pixels` scans are white specks, made in no time; the truth is the same.
    """
    if kind.name.startswith("notice"):
        _notice(out, rng, kind, name, split)
        return []
    sheaves = [_sheaf(rng, kind, filled, split) for filled in _fillings(rng, kind, layout, split, dense=dense)]
    if kind.forms in {"branches", "revision"}:
        parts = [(f"{name}-{i}", [sheaf]) for i, sheaf in enumerate(sheaves, start=1)]
    else:
        parts = [(name, sheaves)]
    entries = []
    for part, members in parts:
        entries += _pack(out, rng, kind, part, members, split, writers, pixels=pixels)
    return entries


def _fillings(rng: random.Random, kind: Kind, layout: Layout, split: Split, *, dense: bool) -> list[Filled]:
    cause = rng.choice(kind.causes) if kind.causes else ""
    if not cause and not kind.clean and rng.random() < CAUSE_SHARE:
        cause = rng.choice(ORDINARY_CAUSES)
    empty = kind.name.startswith("empty")
    planted = "" if empty or kind.units or dense else cause
    first = fill(rng, layout, split, cause=planted, units=kind.units, empty=empty, dense=dense)
    if kind.forms == "one":
        return [first if rng.random() > NO_KATO_SHARE else without_kato(first)]
    who = first.respondent
    if kind.forms == "branches":
        return [first, of_year(fill(rng, layout, split, who=branch(rng, who)), first.year)]
    if kind.forms == "revision":
        return [first, replace(fill(rng, layout, split, who=who), year=first.year, answers=first.answers)]
    others = 1 if kind.forms == "bundle" else rng.randint(1, MOST_STACKED - 1)
    return [first, *(fill(rng, layout, split, who=respondent(rng)) for _ in range(others))]


def _sheaf(rng: random.Random, kind: Kind, filled: Filled, split: Split) -> Sheaf:
    style = page_style(rng, split, retyped=kind.retyped, unruled=kind.unruled)
    if kind.browser:
        unsigned = replace(filled, signed=(False, False, False))
        return Sheaf(unsigned, style, printed(as_html(unsigned, web_look(rng, split))), clerk=False)
    if kind.like_word:
        table = replace(style.table, figure_valign="top", label_valign="top", cut="top", cut_closed=True)
        style = replace(style, table=table)
    filled = readable(marked(filled, style), style)
    writer = hand(rng, split) if kind.hand else None
    clerk = hand(rng, split) if kind.dpi and rng.random() < CLERK_SHARE else None
    mode: Figures = "bare" if kind.hand == "real" else "fields" if kind.container == "fillable" else "ink"
    drawn = draw_form(filled, style, rng, writer, mode, clerk)
    return Sheaf(filled, style, drawn, clerk is not None)


def marked(filled: Filled, style: PageStyle) -> Filled:
    """The form with what its respondent does outside the tables, drawn by a seed of its own."""
    who = filled.respondent
    rng = random.Random(f"{who.bin}{who.iin}/{who.name}/{who.address}/{filled.year}")
    options = next((len(field.options) for field in filled.layout.fields if field.kind is FieldKind.OPTION), 0)
    return replace(filled, marking=marking(rng, filled.option, options, style.option_mark))


def readable(filled: Filled, style: PageStyle) -> Filled:
    """The form with what is written brought to the letters the face has, so that truth says what is drawn."""
    fit = style.figure_face.fit
    entries = {place: replace(entry, written=fit(entry.written)) for place, entry in filled.entries.items()}
    return replace(filled, entries=entries)


def _pack(
    out: Path,
    rng: random.Random,
    kind: Kind,
    name: str,
    sheaves: Sequence[Sheaf],
    split: Split,
    writers: Writers | None,
    *,
    pixels: bool,
) -> list[dict[str, Any]]:
    hidden: list[set[Place]] = [set() for _ in sheaves]
    lost: list[list[int]] = [[] for _ in sheaves]
    if kind.container in {"pdf", "fillable"}:
        file = f"{name}.pdf"
        data = [sheaf.drawn.pdf for sheaf in sheaves]
        whole = data[0] if len(data) == 1 else containers.joined(data)
        if kind.pages == "turned":
            whole = containers.rotated(whole, [rng.choice((1, 2, 3)) for _ in range(sheaves[0].drawn.pages)])
        (out / file).write_bytes(whole)
    else:
        scans = [_scan(rng, kind, sheaf, split, writers, pixels=pixels) for sheaf in sheaves]
        stored = [pages_as_stored(rng, kind, pages) for pages in scans]
        lost = [gone for _, gone in stored]
        for sheaf, gone, gap in zip(sheaves, lost, hidden, strict=True):
            gap |= {s.place for s in sheaf.drawn.spots if s.place is not None and s.page + 1 in gone}
        file = _save(out, rng, kind, name, sheaves, in_file(kind, [pages for pages, _ in stored]))
    return [
        truth.entry(
            sheaf.filled,
            file=file,
            form=number,
            name=name if len(sheaves) == 1 else f"{name}-{number}",
            kind=kind.name,
            split=split,
            hidden=hidden[number - 1],
            missing_pages=lost[number - 1],
            clerk=sheaf.clerk,
        )
        for number, sheaf in enumerate(sheaves, start=1)
    ]


def _scan(
    rng: random.Random, kind: Kind, sheaf: Sheaf, split: Split, writers: Writers | None, *, pixels: bool
) -> list[Picture]:
    noise = np.random.default_rng(rng.getrandbits(64))
    if not pixels:
        office(rng, kind, split)  # what comes after it is drawn as for whole pages
        return [np.full((SPECK, SPECK, 3), 255, np.uint8)] * sheaf.drawn.pages
    pages = containers.pictures(sheaf.drawn.pdf, kind.dpi, tinted=kind.tinted)
    if kind.hand == "real":
        if writers is None:
            raise ValueError("handreal needs a folder of digits")
        paste_digits(pages, sheaf.drawn.spots, kind.dpi, writers, noise)
    machine = office(rng, kind, split)
    return [scanned(page, kind, machine, noise, _written_at(sheaf.drawn, i, kind.dpi)) for i, page in enumerate(pages)]


def _written_at(drawn: Drawn, page: int, dpi: int) -> list[tuple[float, float]]:
    """The middles of what is filled in on a page, in pixels: what a seal may come to lie on."""
    scale = dpi / 144
    return [((s.x0 + s.x1) * scale, (s.y0 + s.y1) * scale) for s in drawn.spots if s.page == page]


def _save(
    out: Path, rng: random.Random, kind: Kind, name: str, sheaves: Sequence[Sheaf], pages: Sequence[Picture]
) -> str:
    quality = rng.randint(55, 92)
    if kind.container == "tiff":
        dpi = (204, 196) if kind.name == "fax" else (kind.dpi, kind.dpi)
        containers.save_tiff(out / f"{name}.tif", pages, dpi)
        return f"{name}.tif"
    if kind.container == "folder":
        pattern, first = rng.choice(FOLDER_NAMES)
        containers.save_folder(out / name, pages, quality, pattern, first)
        return name
    if kind.container == "searchable":
        sheaf = sheaves[0]
        wrong = [_misread(rng, spot.text) for spot in sheaf.drawn.spots]
        containers.save_searchable(out / f"{name}.pdf", sheaf.drawn, pages, kind.dpi, sheaf.style.face, wrong)
        return f"{name}.pdf"
    containers.save_scan(out / f"{name}.pdf", pages, kind.dpi, quality)
    return f"{name}.pdf"


def _misread(rng: random.Random, text: str) -> str:
    """What somebody's poor OCR makes of a text: now and then a wrong digit."""
    if rng.random() < 0.6:
        return text
    swaps = str.maketrans("0156889", "O1S6B8g") if rng.random() < 0.5 else str.maketrans("1357", "7813")
    return text.translate(swaps)


def _notice(out: Path, rng: random.Random, kind: Kind, name: str, split: Split) -> None:
    data = draw_notice(rng, page_style(rng, split), respondent(rng))
    if kind.container == "pdf":
        (out / f"{name}.pdf").write_bytes(data)
        return
    noise = np.random.default_rng(rng.getrandbits(64))
    machine = office(rng, kind, split)
    pages = [scanned(page, kind, machine, noise) for page in containers.pictures(data, kind.dpi)]
    containers.save_scan(out / f"{name}.pdf", pages, kind.dpi, 80)
