"""Layout files from disk: read, checked as a whole, and refused with every problem named."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from layouts.model import Layout, Notice
from layouts.parse import parse_layout, parse_notice
from layouts.problems import BadLayout, Problem
from layouts.verify import verify

LAYOUT_ENDING = ".toml"
NOTICE_ENDING = ".notice.toml"


def load_layout(path: Path | Traversable) -> Layout:
    """The layout a file describes.

    Raises BadLayout (a LayoutError) with every problem of the file: its place, what is wrong, the remedy.
    """
    data, sha256 = _toml(path)
    problems: list[Problem] = []
    layout = parse_layout(data, sha256, problems)
    problems = problems or verify(layout)
    if problems:
        raise BadLayout(path.name, problems)
    return layout


def load_notice(path: Path | Traversable) -> Notice:
    """The notice a file describes; BadLayout as above."""
    data, sha256 = _toml(path)
    problems: list[Problem] = []
    notice = parse_notice(data, sha256, problems)
    if problems:
        raise BadLayout(path.name, problems)
    return notice


def load_layouts(folder: Path) -> dict[str, Layout]:
    """Every layout of a folder by its id, in the order of the ids; BadLayout if two files have the same id."""
    if not folder.is_dir():
        raise BadLayout(folder.name, [Problem("", "error.layout-folder", str(folder), f"*{LAYOUT_ENDING}")])
    return _by_id(folder.iterdir())


def load_notices(folder: Path) -> tuple[Notice, ...]:
    """Every notice of a folder, in the order of the file names."""
    return _notices(folder.iterdir())


def shipped_layouts() -> dict[str, Layout]:
    """The layouts that come with qagaz, by id."""
    return dict(_shipped()[0])


def shipped_notices() -> tuple[Notice, ...]:
    """The notices that come with qagaz."""
    return _shipped()[1]


@cache
def _shipped() -> tuple[Mapping[str, Layout], tuple[Notice, ...]]:
    files = list((resources.files("layouts") / "data").iterdir())
    return _by_id(files), _notices(files)


def _by_id(files: Iterable[Path] | Iterable[Traversable]) -> dict[str, Layout]:
    found: dict[str, Layout] = {}
    origin: dict[str, str] = {}
    for file in _ending(files, LAYOUT_ENDING):
        if file.name.endswith(NOTICE_ENDING):
            continue
        layout = load_layout(file)
        if layout.id in found:
            raise BadLayout(file.name, [Problem("layout", "error.layout-same-id", layout.id, origin[layout.id])])
        found[layout.id] = layout
        origin[layout.id] = file.name
    return dict(sorted(found.items()))


def _notices(files: Iterable[Path] | Iterable[Traversable]) -> tuple[Notice, ...]:
    return tuple(load_notice(file) for file in _ending(files, NOTICE_ENDING))


def _ending(files: Iterable[Path] | Iterable[Traversable], ending: str) -> list[Path | Traversable]:
    return sorted((file for file in files if file.name.endswith(ending)), key=lambda file: file.name)


def _toml(path: Path | Traversable) -> tuple[Mapping[str, object], str]:
    """The tables of a file and the SHA-256 of its bytes."""
    try:
        content = path.read_bytes()
        return tomllib.loads(content.decode("utf-8")), hashlib.sha256(content).hexdigest()
    except OSError as failure:
        told = Problem("", "error.layout-unreadable", failure.strerror or str(failure), str(path))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as failure:
        told = Problem("", "error.layout-syntax", str(failure), "UTF-8, TOML 1.0")
    raise BadLayout(path.name, [told])
