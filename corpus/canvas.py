"""The PDF canvas everything is drawn on."""

from __future__ import annotations

import io
from typing import Any

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas


def new_canvas(file: io.BytesIO, *, compressed: bool = True) -> Any:
    """A canvas whose bytes depend on what is drawn and on nothing else: no dates, no random ids."""
    rl_config.useA85 = 0  # pictures as plain bytes: the text encoding is slow and a quarter longer
    return Canvas(file, invariant=1, pageCompression=int(compressed))
