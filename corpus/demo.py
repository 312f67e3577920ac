"""The small set of files that the demonstration reads, made on the spot."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from corpus import truth
from corpus.kinds import KINDS
from corpus.make import make_file
from corpus.notice import draw_letter
from corpus.respondent import respondent
from corpus.style import page_style
from layouts.load import shipped_layouts

SEED = 5  # gives forms that are neither crowded nor nearly empty
FILES: tuple[tuple[str, str], ...] = (
    ("01-digital", "digital"),
    ("02-own-mistake", "mistakes"),
    ("03-scan", "scan200"),
    ("04-scan-with-seal", "stamped"),
    ("05-photo", "photo"),
    ("06-handwritten", "hand200"),
    ("07-fax", "fax"),
    ("08-no-activity", "notice"),
)
"""What lies in the demonstration's folder: name and kind."""


def demo_forms(out: Path) -> None:
    """Writes the demonstration's files, a letter that is no form, and truth.json into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    layout = next(iter(shipped_layouts().values()))
    entries = []
    for name, kind in FILES:
        rng = random.Random(f"demo/{SEED}/{kind}")
        causes = ("row-total",) if kind == "mistakes" else ()
        entries += make_file(out, rng, replace(KINDS[kind], causes=causes, clean=True), name, layout, "dev")
    rng = random.Random(f"demo/{SEED}/letter")
    (out / "09-letter.pdf").write_bytes(draw_letter(rng, page_style(rng, "dev"), respondent(rng)))
    truth.save(out / "truth.json", entries)
