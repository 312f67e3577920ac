"""What two runs were made with: versions, layouts and settings, one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

MANIFESTS = ("manifest.json", "versions.json")  # the first that is there
OUTCOMES = frozenset({"format", "papers", "forms", "cells", "failing", "rows", "sha256"})  # what came of it
VERSIONS = "versions"  # of a manifest: what there is of it is named without its name
SUM = "digest"  # of all versions: they are told one by one
_NAMED = re.compile(r"^(?:<[\w.]+: )?(?:\w+\()?'(.*)'[)>]*$")  # as <RuleSet.TABLE: 'table'>, Decimal('1000')
_RECORD = re.compile(r"^\w+\((.*)\)$", re.DOTALL)
_FIELD = re.compile(r"(\w+)=((?:[^,(<]|\([^)]*\)|<[^>]*>)*)")


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that the runs were made with and that is different; "" is not told."""

    name: str
    before: str
    after: str


def differing(before: Path, after: Path) -> list[Setting]:
    """What two result folders say of themselves and that is not the same."""
    first, second = (_flat(_read(folder)) for folder in (before, after))
    names = sorted(first.keys() | second.keys())
    told = (Setting(name, first.get(name, ""), second.get(name, "")) for name in names)
    return [each for each in told if each.before != each.after]


def _read(folder: Path) -> object:
    """The manifest of a run; nothing where there is none that can be read: it decides nothing here."""
    for name in MANIFESTS:
        try:
            return json.loads((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
    return {}


def _flat(told: object, name: str = "") -> dict[str, str]:
    return dict(_items(told, name))


def _items(told: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(told, Mapping):
        for key, value in told.items():
            if (name or key not in OUTCOMES) and key != SUM:
                yield from _items(value, f"{name}.{key}" if name not in {"", VERSIONS} else str(key))
    elif isinstance(told, list):
        yield name, ", ".join(map(str, told))
    elif isinstance(told, str) and (record := _RECORD.match(told)):
        for key, value in _FIELD.findall(record[1]):
            yield f"{name}.{key}", _NAMED.sub(r"\1", value.strip())
    else:
        yield name, "" if told is None else str(told)
