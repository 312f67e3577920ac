"""Writes the hostile corpus: the same seed gives the same bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import pypdfium2

from corpus import containers
from corpus.hostile.active import active
from corpus.hostile.bombs import bombs
from corpus.hostile.mutations import MUTATIONS, mutated
from corpus.hostile.names import archives, write_named, write_special
from corpus.hostile.pictures import pictures
from corpus.hostile.trees import trees
from corpus.kinds import KINDS
from corpus.make import make_file
from layouts.load import shipped_layouts

ROOMS = {"trees": trees, "bombs": bombs, "active": active, "pictures": pictures, "archives": archives}
STRENGTHS = (1, 8, 64)
FIRST_PAGES = 2  # of a form that is mutated: enough for a table and its end
LOW_DPI = 110  # of scans that are mutated: reading them is quick
MARK = "made.txt"  # what says that the corpus is whole


@dataclass(frozen=True, slots=True)
class Base:
    """A whole, good file to be mutated."""

    name: str
    ending: str
    data: bytes


def make_hostile(out: Path, seed: int) -> int:
    """The whole corpus; how many files it has, links and the like not counted. Nothing is done where it is there."""
    mark = out / MARK
    if mark.exists():
        return int(mark.read_text(encoding="ascii"))
    count = 0
    for room, makers in ROOMS.items():
        (out / room).mkdir(parents=True, exist_ok=True)
        for name, maker in makers().items():
            (out / room / name).write_bytes(maker())
            count += 1
    (out / "mutations").mkdir(exist_ok=True)
    for name, data in _mutations(seed):
        (out / "mutations" / name).write_bytes(data)
        count += 1
    count += write_named(out / "names")
    write_special(out / "special")
    mark.write_text(str(count), encoding="ascii")
    return count


def make_fuzz(out: Path, seed: int, number: int) -> None:
    """So many small files of one page, each mutated in a way of its own; those that are there stay."""
    out.mkdir(parents=True, exist_ok=True)
    sheets = bases(seed, 1)
    kinds = tuple(MUTATIONS)
    for n in range(number):
        rng = random.Random(f"{seed}/fuzz/{n}")
        base, kind = sheets[n % len(sheets)], rng.choice(kinds)
        path = out / f"{n:06}-{base.name}-{kind}{base.ending}"
        if not path.exists():
            path.write_bytes(mutated(base.data, kind, rng.choice((1, 1, 2, 4, 16, 64)), rng))


def bases(seed: int, pages: int = FIRST_PAGES) -> tuple[Base, ...]:
    """Own forms, their first pages only: with text, fillable, as scan of either kind, as fax, as picture."""
    with TemporaryDirectory() as folder:
        digital = _first_pages(_form(Path(folder), seed, "digital"), pages)
        fillable = _form(Path(folder), seed, "fillable")
        shots = containers.pictures(digital, LOW_DPI)
        scan, fax = Path(folder) / "scan.pdf", Path(folder) / "fax.tif"
        containers.save_scan(scan, shots, LOW_DPI, 60)
        containers.save_tiff(fax, [((shot > 128) * 255).astype("uint8") for shot in shots], (LOW_DPI, LOW_DPI))
        return (
            Base("text", ".pdf", digital),
            Base("fields", ".pdf", _first_pages(fillable, pages)),
            Base("scan", ".pdf", scan.read_bytes()),
            Base("fax", ".tif", fax.read_bytes()),
            Base("photo", ".jpg", bytes(cv2.imencode(".jpg", shots[0])[1])),
            Base("picture", ".png", bytes(cv2.imencode(".png", shots[0])[1])),
        )


def _form(folder: Path, seed: int, kind: str) -> bytes:
    layout = next(iter(shipped_layouts().values()))
    make_file(folder, random.Random(f"{seed}/hostile"), replace(KINDS[kind], clean=True), kind, layout, "dev")
    return (folder / f"{kind}.pdf").read_bytes()


def _first_pages(pdf: bytes, pages: int) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    for number in reversed(range(pages, len(document))):
        document.del_page(number)
    with TemporaryDirectory() as folder:
        target = Path(folder) / "first.pdf"
        document.save(target)
        document.close()
        return containers.dateless(target.read_bytes())


def _mutations(seed: int) -> Iterator[tuple[str, bytes]]:
    """Every base, mutation and strength once."""
    for base in bases(seed):
        for kind in MUTATIONS:
            for strength in STRENGTHS:
                rng = random.Random(f"{seed}/{base.name}/{kind}/{strength}")
                yield f"{base.name}-{kind}-{strength}{base.ending}", mutated(base.data, kind, strength, rng)
