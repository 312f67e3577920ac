"""What the official blank prints around its tables, read from data: the layouts say only what is read back."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from layouts.model import Layout, Words

DATA = Path(__file__).parent / "data" / "surroundings.toml"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Printed words a form carries besides its fields and tables."""

    corners: tuple[Words, ...] = ()
    periodicity: Words | None = None
    intro: tuple[Words, ...] = ()
    note: Words | None = None
    closing: Words | None = None


@cache
def _read() -> Mapping[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def surroundings(layout: Layout) -> Surroundings:
    """The words for this layout, by its id or the part of it before the edition; none if nothing is known of it."""
    known = _read()
    found = known.get(layout.id) or known.get(layout.id.rpartition(".")[0])
    if found is None:
        return Surroundings()
    return Surroundings(
        corners=tuple(_words(item) for item in found["corners"]),
        periodicity=_words(found["periodicity"]),
        intro=tuple(_words(item) for item in found["intro"]),
        note=_words(found["note"]),
        closing=_words(found["closing"]),
    )


def _words(item: Mapping[str, str]) -> Words:
    return Words(item["kk"], item["ru"])
