"""What stands on made-up forms, as the station's places name it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.score import is_right

FIELDS = ("bin", "iin", "year", "kato", "region", "name", "address", "phone", "email")


@dataclass(frozen=True, slots=True)
class Truth:
    """One form's entry in truth.json."""

    entry: Mapping[str, Any]

    @property
    def tenge(self) -> bool:
        """Whether it was filled in in tenge."""
        return "tenge" in str(self.entry.get("kind", "")) or any(
            "tenge" in str(e) for e in self.entry.get("errors", ())
        )

    def written(self, place: str) -> str | None:
        """What a person types who reads the paper: a figure in thousand tenge, "-" for a dash, "" for a blank cell.

        None where that is not told.
        """
        cell = self._cell(place)
        if cell is None:
            value = self.entry.get(place)
            return None if value is None or place not in FIELDS else str(value)
        if not cell["written"]:
            return ""
        return "0" if cell["thousand_tenge"] in (None, "", "0", 0) else str(cell["thousand_tenge"])

    def is_right(self, place: str, value: str) -> bool:
        """Whether a value is what stands there; of fields whose truth is not told, any is."""
        cell = self._cell(place)
        if cell is None:
            told = self.written(place)
            return told is None or told == value
        return is_right(value, cell["written"], cell["thousand_tenge"])

    def _cell(self, place: str) -> Mapping[str, Any] | None:
        parts = place.removeprefix("s").split("/")
        if not place.startswith("s") or len(parts) != 3:
            return None
        section, line, column = parts
        found: Mapping[str, Any] | None = self.entry.get(f"section{section}", {}).get(line, {}).get(column)
        return found


def truths_of(path: Path) -> dict[tuple[str, int], Truth]:
    """File and form → what stands on it."""
    return {(entry["file"], int(entry["form"])): Truth(entry) for entry in json.loads(path.read_text(encoding="utf-8"))}
