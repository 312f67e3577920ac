"""Inputs → sources: which files and folders are papers, what they are called, and how their pages are opened."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extract.files.foreign import kind_of_other
from extract.files.images import folder_pages, image_pages, natural_key
from extract.files.pdf import pdf_pages
from extract.records import Source, StoredPage
from layouts.errors import Rejected

HEAD = 1024  # bytes; readers of PDF accept the header anywhere within them
HASH_CHUNK = 1 << 20  # bytes read at a time: memory stays flat whatever the file's size
PDF_MARK = b"%PDF-"
IMAGE_MARKS = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
    b"II+\x00": "tiff",
    b"MM\x00+": "tiff",
    b"BM": "other",
    b"GIF8": "other",
}
CLAIMED = {
    ".pdf": "pdf",
    ".tif": "tiff",
    ".tiff": "tiff",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".png": "png",
    ".bmp": "other",
    ".gif": "other",
    ".webp": "other",
    ".heic": "other",
    ".heif": "other",
}
PAGE_KINDS = frozenset({"jpeg", "png"})  # single pictures: what a page of a page folder may be
PAPER_KINDS = frozenset({"pdf", "tiff", "jpeg", "png", "other"})

KindOf = Callable[[Path], str]  # `kind_of`, or whoever remembers what it said


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was passed over: its name as results would call it, and an id of the message catalogue."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """A paper's name and place, not yet read."""

    file: str
    path: Path

    def identify(self) -> Source:
        """The same as a source; its hash is empty where nothing of it can be read."""
        try:
            return Source(sha256_of(self.path), self.file, self.path)
        except OSError:
            return Source("", self.file, self.path)


@dataclass(frozen=True, slots=True)
class Intake:
    """What the inputs hold. Whatever cannot be read as a form is among `found` too, and is rejected when opened."""

    found: tuple[Found, ...]  # in order of `file`
    skipped: tuple[Skipped, ...]  # likewise

    @property
    def sources(self) -> Iterator[Source]:
        """The papers in order of `file`, each hashed only when its turn comes."""
        return (found.identify() for found in self.found)

    def __len__(self) -> int:
        return len(self.found)


@dataclass(frozen=True, slots=True)
class Item:
    """Something met on the way: `name` is relative to the input it was found under."""

    name: str
    path: Path
    root: Path  # what is put in front where names are equal
    real: str  # its path without links: what is found twice is one
    reason: str = ""  # why it is skipped; empty for papers


def find_sources(inputs: Sequence[Path], *, exclude: Sequence[Path] = ()) -> Intake:
    """All papers in these files and folders, folders walked to the bottom, and what was passed over.

    What is found twice through overlapping inputs counts once. `exclude`: folders left out, such as the run's own
    results.
    """
    items: dict[str, Item] = {}
    for given in inputs:
        for item in walk(given, exclude=exclude):
            items.setdefault(item.real, item)
    names = _told_apart(list(items.values()))
    ordered = sorted(zip(names, items.values(), strict=True), key=lambda pair: pair[0])
    return Intake(
        tuple(Found(name, item.path) for name, item in ordered if not item.reason),
        tuple(Skipped(name, item.reason) for name, item in ordered if item.reason),
    )


def kind_of(path: Path) -> str:
    """What a file is: "pdf", "tiff", "jpeg", "png" or "other" (a picture), by content, else by ending; "" for no paper.

    An empty or damaged file that is called .pdf counts as "pdf": somebody meant it as a paper.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        head = b""
    return _kind_by_content(head) or CLAIMED.get(path.suffix.lower(), "")


def _kind_by_content(head: bytes) -> str:
    for mark, kind in IMAGE_MARKS.items():
        if head.startswith(mark):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "other"
    return "pdf" if PDF_MARK in head else ""


def walk(given: Path, *, exclude: Sequence[Path] = (), kind: KindOf = kind_of) -> Iterator[Item]:
    """The papers and passed-over files of one input, as they are met.

    A file is taken whatever it is: it was named. A folder that holds nothing but page pictures whose names differ only
    in their numbers is one paper, and so is an input folder that holds nothing but page pictures. Links and hidden
    files inside folders are not followed.
    """
    path = given if given.name not in {"", ".", ".."} else given.resolve()
    if not path.is_dir() or _is_page_folder(path, kind, named=True):
        yield Item(spelled(path.name), path, path.absolute().parent, _real(path))
    else:
        yield from _walk(_Walk(path, _real(path), frozenset(map(_real, exclude)), kind), path)


def find_dropped(folder: Path, *, exclude: Sequence[Path] = ()) -> Intake:
    """What lies in a drop folder, found likewise; a picture at its top is a paper of its own, whatever its name."""
    walked = _walk(_Walk(folder, _real(folder), frozenset(map(_real, exclude)), kind_of), folder)
    items = sorted(walked, key=lambda item: item.name)
    return Intake(
        tuple(Found(item.name, item.path) for item in items if not item.reason),
        tuple(Skipped(item.name, item.reason) for item in items if item.reason),
    )


def open_pages(source: Source, first: int = 1) -> Iterator[StoredPage]:
    """The pages of a paper from `first` on, in stored order, one in memory at a time; Rejected where it cannot be read.

    What a file is, its content decides, not its ending. Rejected may come after some pages were given.
    """
    try:
        yield from _pages(source, first)
    except OSError as error:
        raise Rejected("error.unreadable", file=source.file, detail=error.strerror or "") from error


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, or of a page folder: of its pages' hashes in page order. OSError if unreadable."""
    if path.is_dir():
        pages = page_files(path)
        return hashlib.sha256("".join(sha256_of(page) for page in pages).encode()).hexdigest() if pages else ""
    if not stat.S_ISREG(path.stat().st_mode):
        return ""  # a pipe would wait for ever
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(HASH_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def page_files(folder: Path) -> list[Path]:
    """The page pictures of a page folder in natural order of their names: page-2 before page-10."""
    files = [p for p in folder.iterdir() if not p.name.startswith(".") and not p.is_symlink() and p.is_file()]
    return sorted((p for p in files if kind_of(p) in PAGE_KINDS), key=lambda p: natural_key(p.name))


def _pages(source: Source, first: int) -> Iterator[StoredPage]:
    mode = source.path.stat().st_mode
    if stat.S_ISDIR(mode):
        yield from folder_pages(source, page_files(source.path), first)
        return
    if not stat.S_ISREG(mode):
        raise Rejected("error.not-a-document", file=source.file)
    with source.path.open("rb") as file:
        head = file.read(HEAD)
    kind = _kind_by_content(head)
    if not head:
        raise Rejected("error.empty-file", file=source.file)
    if kind == "pdf":
        yield from pdf_pages(source, first)
    elif kind:
        yield from image_pages(source, first)
    else:
        raise Rejected(_no_paper(source.path, "error"), file=source.file)


def _real(path: Path) -> str:
    return os.path.realpath(path)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One input folder that is being walked."""

    root: Path
    real: str
    left_out: frozenset[str]
    kind: KindOf

    def item(self, path: Path, reason: str = "") -> Item:
        name = path.name if path == self.root else path.relative_to(self.root).as_posix()
        return Item(spelled(name), path, self.root, self.place(path), reason)

    def place(self, path: Path) -> str:
        """Its real path: below the root there are no links on the way."""
        return os.path.join(self.real, os.path.relpath(path, self.root)) if path != self.root else self.real  # noqa: PTH118 - text


def _walk(walk: _Walk, folder: Path) -> Iterator[Item]:
    """The papers and the passed-over files below a folder."""
    if walk.place(folder) in walk.left_out:
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield walk.item(folder)  # opening it says why
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            yield walk.item(path, "skipped.hidden")
        elif entry.is_symlink():
            yield walk.item(path, "skipped.link")
        elif entry.is_dir(follow_symlinks=False):
            if walk.place(path) not in walk.left_out and _is_page_folder(path, walk.kind, named=False):
                yield walk.item(path)
            else:
                yield from _walk(walk, path)
        elif not entry.is_file(follow_symlinks=False):
            yield walk.item(path, "skipped.special")
        else:
            yield walk.item(path, "" if walk.kind(path) in PAPER_KINDS else _no_paper(path, "skipped"))


def _no_paper(path: Path, kind: str) -> str:
    """The message that says what a file is instead of a paper, and what to do with it."""
    return f"{kind}.{kind_of_other(path) or 'not-a-document'}"


def _is_page_folder(folder: Path, kind: KindOf, *, named: bool) -> bool:
    """Whether a folder is one paper; `named`: it is itself an input.

    A folder of single pictures under unlike names is ambiguous. As an input it is one paper: nothing else would be
    meant by naming it, and several forms in it are told apart by their content. Met below an input it may be a drop
    folder, where every picture is a paper of its own.
    """
    try:
        entries = [entry for entry in os.scandir(folder) if not entry.name.startswith(".") and not entry.is_symlink()]
    except OSError:
        return False
    if any(entry.is_dir(follow_symlinks=False) for entry in entries):
        return False
    kinds = {entry.name: kind(Path(entry.path)) for entry in entries if entry.is_file(follow_symlinks=False)}
    pages = [name for name, kind in kinds.items() if kind in PAGE_KINDS]
    if not pages or any(kind in PAPER_KINDS - PAGE_KINDS for kind in kinds.values()):
        return False
    return named or is_sequence(pages)


def is_sequence(names: Iterable[str]) -> bool:
    """Whether names differ in nothing but numbers and punctuation.

    >>> is_sequence(["page-1.jpg", "page-10.JPG"]), is_sequence(["Scan.jpg", "Scan (2).jpg"])
    (True, True)
    >>> is_sequence(["Ромашка.jpg", "Тюльпан.jpg"])
    False
    """
    return len({re.sub(r"[\W\d_]+", "", Path(name).stem.lower()) for name in names}) == 1


def spelled(name: str) -> str:
    """A file name that every output can hold: bytes that are no UTF-8 are written as hexadecimal escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _told_apart(items: Sequence[Item]) -> list[str]:
    """A name for each item; equal ones get as much of their roots' paths in front as tells them apart."""
    names = [item.name for item in items]
    roots = [root_parts(item.root) for item in items]
    for depth in range(1, max(map(len, roots), default=0) + 1):
        times = Counter(names)
        if max(times.values(), default=1) == 1:
            break
        names = [
            name if times[name] == 1 else "/".join((*root[-depth:], item.name))
            for name, root, item in zip(names, roots, items, strict=True)
        ]
    return names


def root_parts(root: Path) -> tuple[str, ...]:
    """The parts of a root's path, without the file system's root."""
    return tuple(spelled(part) for part in root.absolute().parts if part != root.absolute().anchor)
