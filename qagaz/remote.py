"""Papers in object stores: what an address holds, and how an object is brought near.

Whoever may read a store is known from the environment alone, as the store's own tools have it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from extract.intake import CLAIMED, PAGE_KINDS, is_sequence, spelled
from layouts.errors import QagazError, Rejected
from qagaz.limits import FULL, MEGABYTE
from qagaz.listing import Entry
from qagaz.results import Told

LOCAL = "file"
PACKAGES = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "memory": "fsspec"}
EXTRAS = {"s3fs": "qagaz[s3]"}
MOST_BYTES = 2 << 30  # of one paper: several times the thickest scan
CHUNK = 1 << 20  # bytes
MARKS = ("ETag", "etag", "md5Hash", "generation", "mtime", "LastModified", "last_modified", "created")
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.:-]+)://(.*)", re.DOTALL)


class AddressError(QagazError):
    """An address that cannot be used, or a store that does not answer."""


class UnreachableError(AddressError):
    """The store or the object cannot be reached now; another time it may."""


@dataclass(frozen=True, slots=True)
class Address:
    """A protocol and what stands after it."""

    protocol: str
    path: str

    @staticmethod
    def of(text: str) -> Address | None:
        """None where it is a path. AddressError where it is no address that may be used; it is never repeated then
        with what a password could be part of.
        """
        found = _ADDRESS.fullmatch(text)
        if found is None:
            return None
        protocol, path = found[1].lower(), found[2]
        host, slash, rest = path.partition("/")
        if "@" in host:
            shown = f"{protocol}://…@{host.rpartition('@')[2]}{slash}{rest}"
            raise AddressError("error.address-credentials", address=shown)
        if protocol not in {*PACKAGES, LOCAL}:
            known = " ".join(f"{each}://" for each in (*PACKAGES, LOCAL))
            raise AddressError("error.address-protocol", protocol=protocol, known=known)
        return Address(protocol, path)

    @property
    def local(self) -> Path | None:
        """The path that is meant, if it is one of this machine."""
        return Path(self.path) if self.protocol == LOCAL else None

    @property
    def name(self) -> str:
        """Its last part."""
        return PurePosixPath(self.path).name or self.path

    def __str__(self) -> str:
        return f"{self.protocol}://{self.path}"


def entries(address: Address) -> Iterator[Entry]:
    """The papers and passed-over objects below an address, or the one that it names.

    What an object is, its name's ending says: nothing is brought to look into it. Objects under one prefix that are
    page pictures whose names differ only in their numbers are one paper.
    """
    store = _store(address)
    with _reached(address):
        found = store.info(address.path)
        if found["type"] == "file":
            path = PurePosixPath(address.path)
            yield _Place(address, path.parent).entry(path, [found])
            return
        place = _Place(address, PurePosixPath(store._strip_protocol(address.path)))  # noqa: SLF001 - names come so
        for folder, folders, objects in store.walk(address.path, detail=True, on_error="raise"):
            yield from place.below(PurePosixPath(folder), folders, {n: o for n, o in objects.items() if n})


def bring(address: str, into: Path, most: int = MOST_BYTES) -> Path:
    """A copy of an object, or a folder of copies of its pages where the address ends in a slash, in a folder.

    UnreachableError if it cannot be had; Rejected if it is larger than `most` bytes altogether.
    """
    place = Address.of(address)
    assert place is not None
    store, room = _store(place), _Room(most)
    target = into / "paper"
    with _reached(place):
        if not address.endswith("/"):
            room.copy(store, place.path, target)
            return target
        target.mkdir()
        for found in store.ls(place.path, detail=True):
            name = PurePosixPath(found["name"]).name
            if found["type"] == "file" and _kind(name) in PAGE_KINDS and not name.startswith("."):
                room.copy(store, found["name"], target / name)
    return target


@dataclass(frozen=True, slots=True)
class _Place:
    """An address as an input: what is found under it is named from there."""

    address: Address
    root: PurePosixPath

    def below(
        self, folder: PurePosixPath, folders: dict[str, Any], objects: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[Entry]:
        """What lies under one prefix; hidden ones below are not gone into."""
        for name in [name for name in folders if name.startswith(".")]:
            del folders[name]
            yield self.entry(folder / name, [], "skipped.hidden")
        seen = {name: _kind(name) for name in objects if not name.startswith(".")}
        pages = [name for name, kind in seen.items() if kind in PAGE_KINDS]
        is_paper = pages and not folders and all(kind in {*PAGE_KINDS, ""} for kind in seen.values())
        if is_paper and (is_sequence(pages) or folder == self.root):
            yield self.entry(folder, [objects[name] for name in sorted(pages)], ending="/")
            return
        for name, found in objects.items():
            reason = "skipped.hidden" if name not in seen else "" if seen[name] else "skipped.not-a-document"
            yield self.entry(folder / name, [found], reason)

    def entry(
        self, path: PurePosixPath, found: Sequence[Mapping[str, Any]], reason: str = "", ending: str = ""
    ) -> Entry:
        """One object, or a folder of pages."""
        root = path.parent if path == self.root else self.root
        name, parts = spelled(str(path.relative_to(root))), tuple(spelled(part) for part in root.parts if part != "/")
        address = f"{self.address.protocol}://{str(path).lstrip('/')}{ending}"
        problem = None
        if sum(each.get("size") or 0 for each in found) > MOST_BYTES:  # told before any of it comes
            problem = Told("error.object-too-large", (("file", name), ("megabytes", str(MOST_BYTES // MEGABYTE))))
        return Entry(name, address.encode(), parts, address, _marks(found), reason, problem)


class _Room:
    """How much may still come."""

    def __init__(self, most: int) -> None:
        self._most = self._left = most

    def copy(self, store: Any, path: str, target: Path) -> None:
        """Chunk by chunk: however large an object is, only so much of it comes."""
        with store.open(path, "rb") as source, target.open("wb") as copy:
            while chunk := source.read(CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise Rejected("error.object-too-large", megabytes=self._most // MEGABYTE)
                copy.write(chunk)


class _reached:  # noqa: N801 - used like a function
    """Whatever a store's library raises as one error, without its words: they may tell more than they should."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError) and error.errno in FULL:
            return  # the trouble is on this side
        if isinstance(error, Exception) and not isinstance(error, (QagazError, MemoryError)):
            told = type(error).__name__
            raise UnreachableError(
                "error.address-unreachable", file=self._address.name, address=self._address, detail=told
            ) from error


def _store(address: Address) -> Any:
    """The file system of a protocol. AddressError, with the package that is missing, where there is none."""
    import fsspec  # noqa: PLC0415  # and its stores' libraries: only where an address is read

    try:
        return fsspec.filesystem(address.protocol, use_listings_cache=False)  # objects come and go meanwhile
    except ImportError as error:
        package = PACKAGES[address.protocol]
        remedy = EXTRAS.get(package, package)
        raise AddressError("error.address-package", protocol=address.protocol, package=remedy) from error


def _kind(name: str) -> str:
    return CLAIMED.get(PurePosixPath(name).suffix.lower(), "")


def _marks(found: Sequence[Mapping[str, Any]]) -> str:
    """What changes whenever one of these objects does; "" where the store does not tell."""
    told = [[each.get("size"), *(str(each[name]) for name in MARKS if each.get(name))] for each in found]
    return hashlib.sha256(repr(told).encode()).hexdigest() if all(len(each) > 1 for each in told) else ""
