"""Baseline for text layers: pdfplumber's tables as they come."""

from __future__ import annotations

from pathlib import Path

import pdfplumber

from training.baselines.answers import Form, Grid, Text, gather

CONFIDENT = False


def read(file: Path) -> list[Form]:
    """The forms of a PDF with a text layer; none of anything else."""
    if file.suffix != ".pdf":
        return []
    grids: list[Grid] = []
    with pdfplumber.open(file) as pdf:
        for page in pdf.pages:
            tables = sorted(page.find_tables(), key=lambda table: table.bbox[1])
            found = [table.extract() for table in tables]
            grids += [[[Text((cell or "").strip()) for cell in row] for row in rows] for rows in found]
            page.close()
    return gather([grid for grid in grids if grid and any(cell.text for row in grid for cell in row)])
