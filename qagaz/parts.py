"""The saved part of a run: one compressed file of rows for each paper, whole or not there at all.

A part is named after its paper's hash, so a paper is read once whatever it is called. It is written under a temporary
name and renamed when it is complete: whoever stops the run at any moment leaves only whole parts.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from extract.records import Source
from review.rows import CellRow, FieldRow, FindingRow, FormRow, FormRows, ReadingRow, TrailRow

FORMAT = "qagaz part 2"
COMPRESSION = 6
TEMPORARY = ".tmp"
BROKEN = (OSError, EOFError, zlib.error, ValueError, IndexError, TypeError)  # what reading a damaged part raises

Row = CellRow | FieldRow | FindingRow | FormRow | ReadingRow | TrailRow


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on top of a part that is whole."""

    versions: str  # hash of what it was made with
    content: str  # SHA-256 of the part's bytes
    forms: tuple[FormRow, ...]


class Parts:
    """The folder of parts of one result folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, source: Source) -> Path:
        """Where a paper's part lies: by its hash, or by its name where its bytes cannot be read."""
        name = source.sha256 or "name-" + hashlib.sha256(source.file.encode()).hexdigest()
        return self.folder / name[-2:] / f"{name}.jsonl.gz"

    def is_current(self, source: Source, versions: str) -> bool:
        """Whether a paper need not be read again: its part is whole and was made with the same versions."""
        head = self.head(source)
        return head is not None and head.versions == versions

    def head(self, source: Source) -> Head | None:
        """What a paper's part is, read to its end once; None where there is none, or it is not whole."""
        try:
            packed = self.path(source).read_bytes()
            with gzip.open(io.BytesIO(packed), "rt", encoding="utf-8") as file:
                layout, versions = json.loads(file.readline())
                forms, last = [], ""
                for line in file:
                    last = line
                    if line.startswith(_FORM):
                        forms.append(FormRow(*json.loads(line)[1]))
        except BROKEN:
            return None
        if layout != FORMAT or last != _END:
            return None
        return Head(str(versions), hashlib.sha256(packed).hexdigest(), tuple(forms))

    def writer(self, source: Source, versions: str) -> PartWriter:
        """To be used in a `with` block; the part appears when `commit` is called."""
        return PartWriter(self.path(source), versions)

    def forms(self, source: Source) -> Iterator[FormRows]:
        """A paper's forms, one in memory at a time; ValueError where the part is damaged."""
        with gzip.open(self.path(source), "rt", encoding="utf-8") as file:
            file.readline()
            lines: list[str] = []
            for line in file:
                if lines and (line == _END or line.startswith(_FORM)):
                    yield _form_of(lines)
                    lines = []
                if line == _END:
                    return
                lines.append(line)
        raise EOFError(source.sha256)

    def versions(self, source: Source) -> str:
        """Hash of what a paper's part was made with."""
        with gzip.open(self.path(source), "rt", encoding="utf-8") as file:
            return str(json.loads(file.readline())[1])

    def form_rows(self, source: Source) -> Iterator[FormRow]:
        """Only what stands on top of each form."""
        with gzip.open(self.path(source), "rt", encoding="utf-8") as file:
            for line in file:
                if line.startswith(_FORM):
                    yield FormRow(*json.loads(line)[1])

    def pages(self, source: Source) -> int:
        """How many pages a paper has at least: the highest that one of its forms names, 0 where none does."""
        named = (int(page) for row in self.form_rows(source) for page in row.pages.split(";") if page)
        return max(named, default=0)

    def sweep(self) -> None:
        """Take away what a stopped run left half written."""
        for left in self.folder.rglob(f".*{TEMPORARY}"):
            left.unlink(missing_ok=True)


class PartWriter:
    """Writes one part; leaves nothing behind unless committed."""

    def __init__(self, path: Path, versions: str) -> None:
        self._path = path
        self._versions = versions
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._raw = self._temporary.open("wb")
        packed = gzip.GzipFile("", "wb", COMPRESSION, self._raw, mtime=0)  # no name, no time: equal bytes every time
        self._file = io.TextIOWrapper(packed, encoding="utf-8", newline="\n")
        self._line([FORMAT, self._versions])
        return self

    def add(self, rows: FormRows) -> None:
        """One form more."""
        self._rows("form", [rows.form])
        self._rows("cell", rows.cells)
        self._rows("field", rows.fields)
        self._rows("finding", rows.findings)
        self._rows("reading", rows.readings)
        self._rows("step", rows.trail)

    def commit(self) -> None:
        """The part is complete: it appears under its own name, all at once."""
        self._file.write(_END)
        self._file.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.close()
        self._temporary.replace(self._path)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._raw.closed:
            with contextlib.suppress(OSError, ValueError):  # what could not be written is thrown away
                self._file.close()
            with contextlib.suppress(OSError):
                self._raw.close()
        self._temporary.unlink(missing_ok=True)

    def _rows(self, kind: str, rows: Iterable[Row]) -> None:
        for row in rows:
            self._line([kind, row])

    def _line(self, told: object) -> None:
        self._file.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n")


_FORM = '["form"'
_END = '["end"]\n'


def _form_of(lines: Sequence[str]) -> FormRows:
    """The rows of one form from its lines, the form's own first: all at once, which takes half the time."""
    rows: dict[str, list[list[Any]]] = {kind: [] for kind in ("form", "cell", "field", "finding", "reading", "step")}
    for kind, values in json.loads(f"[{','.join(lines)}]"):
        if kind not in rows:
            raise ValueError(kind)
        rows[kind].append(values)
    return FormRows(
        FormRow._make(rows["form"][0]),
        tuple(map(CellRow._make, rows["cell"])),
        tuple(map(FieldRow._make, rows["field"])),
        tuple(_finding(FindingRow._make(values)) for values in rows["finding"]),
        tuple(map(ReadingRow._make, rows["reading"])),
        tuple(map(TrailRow._make, rows["step"])),
    )


def _finding(row: FindingRow) -> FindingRow:
    """JSON knows no tuples."""
    return row._replace(parameters=tuple((key, value) for key, value in row.parameters))
