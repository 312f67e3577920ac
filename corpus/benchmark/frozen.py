"""The frozen list: every file of the benchmark with a hash of its truth, and the making of what is listed."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from corpus import truth
from corpus.benchmark.plan import SEED, Item
from corpus.kinds import KINDS
from corpus.make import chance, file_name, make_file
from corpus.paste import Writers
from layouts.load import shipped_layouts
from layouts.model import Layout

LIST = "frozen.csv"
TRUTH = "truth.json"
PAPERS = "papers"
UNSCORED = ("id", "split", "style", "blank_mark", "clerk", "people", "signed", "time")
"""Particulars of an entry that no measure uses; what they are may change without the benchmark becoming another."""

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list."""

    part: str
    name: str  # of the file, without ending
    kind: str
    number: int
    seed: int
    forms: int
    inked: int  # figure cells in which something stands
    truth: str  # SHA-256 of what is scored
    pixels: str = ""  # SHA-256 of the bytes, with the library versions of the card; "" where not made


def frozen_list() -> list[Listed]:
    """The list as committed."""
    text = (resources.files("corpus") / "data" / LIST).read_text(encoding="utf-8")
    return [_listed(row) for row in csv.DictReader(text.splitlines())]


def _listed(row: Mapping[str, str]) -> Listed:
    whole = {name: int(row[name]) for name in ("number", "seed", "forms", "inked")}
    return Listed(**{**row, **whole})  # type: ignore[arg-type]  # the columns are the record's


def list_text(rows: Iterable[Listed]) -> str:
    """The list as CSV."""
    lines = [",".join(Listed.__dataclass_fields__)]
    lines += [",".join(str(value) for value in asdict(row).values()) for row in rows]
    return "\n".join(lines) + "\n"


def of_part(rows: Sequence[Listed], part: str) -> list[Listed]:
    """The rows of a part; the full one holds the small one."""
    return [row for row in rows if row.part == part or (part == "full" and row.part == "small")]


def digest(entries: Sequence[Entry]) -> str:
    """SHA-256 of what is scored of a file's forms: their entries as JSON without spaces, keys sorted, in UTF-8."""
    scored = [{key: value for key, value in entry.items() if key not in UNSCORED} for entry in entries]
    text = json.dumps(scored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def pixels(papers: Path, name: str) -> str:
    """SHA-256 of the bytes of a listed file; of several, or a folder's pages, that of their hashes by name."""
    found = sorted(path for path in papers.iterdir() if path.name.split(".")[0] in {name, f"{name}-1", f"{name}-2"})
    files = [each for path in found for each in (sorted(path.iterdir()) if path.is_dir() else [path])]
    hashes = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def make_item(
    folder: Path, item: Item, *, seed: int = SEED, writers: Writers | None = None, pixels: bool = True
) -> list[dict[str, Any]]:
    """Makes one planned file in a folder; the truth of its forms."""
    kind = KINDS[item.kind]
    rng = chance(seed, "frozen", kind, item.number)
    return make_file(folder, rng, kind, file_name(kind, item.number), _layout(), "frozen", writers, pixels=pixels)


def _layout() -> Layout:
    return next(iter(shipped_layouts().values()))


def described(item: Item, entries: Sequence[Entry], seed: int = SEED, made: str = "") -> Listed:
    """An item's row in the list."""
    inked = sum(bool(cell["written"]) for entry in entries for _, cell in figure_cells(entry))
    name = file_name(KINDS[item.kind], item.number)
    return Listed(item.part, name, item.kind, item.number, seed, len(entries), inked, digest(entries), made)


def figure_cells(entry: Entry) -> Iterator[tuple[tuple[str, str, str], Mapping[str, str]]]:
    """The figure cells of a form's truth by (section, line, column)."""
    for section, lines in entry.items():
        if section.startswith("section"):
            for line, columns in lines.items():
                for column, cell in columns.items():
                    if "thousand_tenge" in cell:
                        yield (section.removeprefix("section"), line, column), cell


def make_part(
    out: Path,
    items: Sequence[Item],
    *,
    seed: int = SEED,
    digits: Path | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> None:
    """Writes the papers of a part and its truth.json beside them. Stopped and called again it goes on.

    `digits` is the folder of real digits that the part `hands` needs; ValueError without it.
    """
    papers, kept = out / PAPERS, out / "made"
    papers.mkdir(parents=True, exist_ok=True)
    kept.mkdir(exist_ok=True)
    writers = Writers.load(digits, "frozen") if digits else None
    for item in items:
        name = file_name(KINDS[item.kind], item.number)
        done = kept / f"{seed}-{name}.json"
        if not done.is_file():
            truth.save(done, make_item(papers, item, seed=seed, writers=writers))
            told(name)
    files = [kept / f"{seed}-{file_name(KINDS[item.kind], item.number)}.json" for item in items]
    truth.save(out / TRUTH, [entry for file in files for entry in json.loads(file.read_text(encoding="utf-8"))])


def truths(items: Sequence[Item], seed: int = SEED) -> Iterator[tuple[Item, list[dict[str, Any]]]]:
    """The truth of items, without their pixels being made."""
    with tempfile.TemporaryDirectory() as folder:
        for item in items:
            yield item, make_item(Path(folder), item, seed=seed, pixels=False)
