"""Pages of one file that need nothing beside it: no script, no address, looks and pictures inside."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

LOOKS = Path(__file__).parent / "templates" / "offline.css"  # what all of them have in common


def written(template: Path, style: Path, **told: Any) -> Iterator[str]:
    """The page, piece by piece; its template gets `style` and `digest`, which its policy names, and what it is told."""
    environment = Environment(
        loader=FileSystemLoader(template.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    looks = LOOKS.read_text(encoding="utf-8") + style.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(looks.encode()).digest()).decode()
    page = environment.get_template(template.name)
    yield from page.generate(style=Markup(looks), digest=digest, **told)  # noqa: S704 - files of our own
