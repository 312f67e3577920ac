"""Pictures of single cells: found, opened, read, and what each reading means."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extract.files.images import Claim, claims_of, image_pages, natural_key
from extract.intake import kind_of
from extract.records import Alternative, Ink, Readers, Source, StoredPage
from extract.scan.scale import Scale
from extract.single import read_single
from layouts.errors import Rejected
from postprocess.amounts import Amount, parse_amount
from postprocess.normalise import figure

PICTURES = frozenset({"png", "jpeg", "tiff", "other"})
BATCH = 64  # pictures read at once: memory stays flat, the readers' batches are full


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture to read: a file, or one page of a TIFF."""

    file: str
    page: StoredPage
    claim: Claim


@dataclass(frozen=True, slots=True)
class Meant:
    """One reading with what it means: more than one amount where marks are ambiguous, none where it is no figure."""

    reading: Alternative
    amounts: tuple[Amount, ...]

    @property
    def probability(self) -> float:
        """Of the text."""
        return math.exp(min(self.reading.logp, 0.0))

    @property
    def readers(self) -> tuple[str, ...]:
        """Who gives it."""
        return tuple(self.reading.reader.split("+"))


@dataclass(frozen=True, slots=True)
class CellResult:
    """What one picture says."""

    file: str
    page: int
    scale: Scale
    ink: Ink
    inked: float  # probability that anything is written
    readings: tuple[Meant, ...]
    reasons: tuple[str, ...]


def find_pictures(inputs: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """The pictures in files and folders, folders to the bottom in natural order of names; a named file is taken as is.

    What a folder holds beside pictures is passed over.
    """
    for given in inputs:
        if not given.is_dir():
            yield str(given), given
            continue
        inside = [path for path in given.rglob("*") if not _hidden(path, given) and path.is_file()]
        found = [path for path in inside if kind_of(path) in PICTURES]
        yield from ((str(path), path) for path in sorted(found, key=lambda each: natural_key(each.as_posix())))
        if not found:
            yield str(given), given  # opening it says that there is nothing


def open_pictures(file: str, path: Path) -> Iterator[Picture]:
    """Every picture of a file; Rejected where it is none, or cannot be read."""
    try:
        if path.is_dir():
            raise Rejected("error.no-pictures", file=file)
        if path.is_file() and path.stat().st_size == 0:
            raise Rejected("error.empty-file", file=file)
        if path.is_file() and kind_of(path) not in PICTURES:
            raise Rejected("error.no-cell-picture", file=file)
        claims = claims_of(path)
        for page in image_pages(Source("", file, path)):
            yield Picture(file, page, claims[page.number - 1] if page.number <= len(claims) else Claim())
    except OSError as error:
        raise Rejected("error.unreadable", file=file, detail=error.strerror or "") from error


def read_pictures(pictures: Sequence[Picture], readers: Readers, dpi: float = 0.0) -> list[CellResult]:
    """Each picture's readings, in one batch; `dpi` holds for all if it is not 0."""
    pages, claims = [p.page for p in pictures], [p.claim for p in pictures]
    return [
        CellResult(
            picture.file,
            picture.page.number,
            cell.scale,
            cell.reading.ink,
            cell.ink,
            tuple(Meant(each, parse_amount(each.text)) for each in cell.reading.alternatives),
            figure(cell.reading).reasons,
        )
        for picture, cell in zip(pictures, read_single(pages, readers, claims=claims, given=dpi), strict=True)
    ]


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)
