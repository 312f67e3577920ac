"""What a run leaves, to be compared byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import create_engine, text

APART = {".lock", "qagaz.db", "ledger.sqlite"}  # of a result folder: no results, or a database
STORED = ("forms", "cells", "links", "findings")  # the store's tables of what the machine says


def results(folder: Path, url: str = "") -> dict[str, object]:
    """Every file of a result folder, and what its store holds."""
    files: dict[str, object] = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in APART
    }
    return files | stored(url or f"sqlite:///{folder}/qagaz.db")


def stored(url: str) -> dict[str, object]:
    """Every row of a store's tables of forms."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {name: connection.execute(text(f"SELECT * FROM {name}")).all() for name in STORED}
    engine.dispose()
    assert found["forms"]
    return {f"store {name}": sorted(map(_shown, rows)) for name, rows in found.items()}


def _shown(row: Sequence[object]) -> str:
    """The same from every engine: SQLite has no truth values."""
    return repr([int(value) if isinstance(value, bool) else value for value in row])
