"""A blank form → the first version of its layout file."""

from __future__ import annotations

from pathlib import Path


def draft(blank: Path) -> str:
    """TOML text for a person to finish."""
    return f"# {blank.name}\n"
