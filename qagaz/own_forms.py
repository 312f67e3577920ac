"""Layouts of one's own that a result folder was read with, kept in it.

Whoever asks about its forms, answers or exports knows their lines and rules then, without being told where the layouts
came from.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from layouts.model import Layout
from qagaz.equipment import known_forms

KEPT = "layouts"  # in the result folder
HALF = ".layouts"  # while they are copied


def keep_layouts(out: Path, folder: Path | None) -> None:
    """Keep the layouts that are read with from now on in the result folder; none where only those that ship are."""
    kept = out / KEPT
    if folder is not None and kept.exists() and folder.samefile(kept):
        return
    wanted = {} if folder is None else _texts(folder)
    if wanted == _texts(kept):
        return
    half = out / HALF
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir()
    for name, text in wanted.items():
        (half / name).write_bytes(text)
    shutil.rmtree(kept, ignore_errors=True)
    half.rename(kept)
    if not wanted:
        kept.rmdir()


def kept_layouts(out: Path) -> Path | None:
    """The folder of layouts that the result folder was read with beside those that ship; None if there is none."""
    return out / KEPT if (out / KEPT).is_dir() else None


def forms_of(out: Path) -> dict[str, Layout]:
    """All layouts that the forms of a result folder may be of."""
    return known_forms(kept_layouts(out))[0]


def _texts(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*.toml"))}
