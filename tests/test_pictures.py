"""The documents' pictures of the station: each is shown somewhere, and each that is shown is there."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
MOST = 4 << 20  # bytes of all of them: whoever copies the repository copies them too


def test_every_picture_of_the_station_is_shown_and_is_there():
    """In a document, by its name; together they stay small."""
    texts = [each.read_text(encoding="utf-8") for each in (DOCS.parent / "README.md", *DOCS.rglob("*.md"))]
    shown = {name for text in texts for name in re.findall(r"station/([a-z-]+\.png)", text)}
    there = {path.name: path.stat().st_size for path in (DOCS / "station").iterdir()}
    assert shown == set(there)
    assert sum(there.values()) <= MOST
