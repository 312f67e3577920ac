"""With what a result folder was made: `manifest.json` beside its tables, and what its parts are read with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from layouts.errors import QagazError
from layouts.words import Language
from qagaz.parts import TEMPORARY
from qagaz.speech import worded
from qagaz.versions import Versions

MANIFEST = "manifest.json"
RUN = "run.json"  # what the parts of this folder are read with
KEPT = "versions"  # folder: what each part may have been read with, by the hash it carries
DIFFERING = ("qagaz", "code", "layouts", "settings", "tesseract", "libraries", "knowledge", "learned")
_SETTING = re.compile(r"(\w+)=((?:[^=()]|\([^=()]*\))*?)(?=, \w+=|\)|$)")


class OtherVersionsError(QagazError):
    """A folder was read with other versions or settings, and nobody said that it be read anew."""


def as_json(versions: Versions) -> dict[str, Any]:
    """The same as a manifest has it."""
    told = {name: value for name, value in asdict(versions).items() if name != "files"}
    return {"digest": versions.digest, **told, "files": dict(versions.files)}


def write(path: Path, told: Mapping[str, Any]) -> None:
    """A JSON file, put in place when it is complete."""
    temporary = path.with_name(f".{path.name}{TEMPORARY}")
    try:
        temporary.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def keep_versions(folder: Path, versions: Versions) -> Versions:
    """Keep what a part's hash of versions stands for; those same versions."""
    path = folder / KEPT / f"{versions.digest}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, as_json(versions))
    return versions


def settle_versions(folder: Path, versions: Versions, language: Language, *, again: bool) -> None:
    """From now on this folder is read with these versions; OtherVersionsError if it was read with others.

    `again`: whoever starts the run knows, and everything is read anew.
    """
    before = _read(folder / RUN)
    if before is not None and before.get("digest") != versions.digest and not again:
        differ = "; ".join(_differences(before, as_json(versions), language)) or "?"
        raise OtherVersionsError("error.other-versions", folder=folder.name, differ=differ)
    keep_versions(folder, versions)
    write(folder / RUN, as_json(versions))


def differences(before: Versions, now: Versions, language: Language) -> str:
    """What differs between two sets of versions, in words."""
    return "; ".join(_differences(as_json(before), as_json(now), language)) or "?"


def _read(path: Path) -> dict[str, Any] | None:
    """None where there is none that can be understood."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _differences(before: Mapping[str, Any], now: Mapping[str, Any], language: Language) -> Iterator[str]:
    """What differs, in words, with the names of files and settings where they tell."""
    for name in DIFFERING:
        if before.get(name, "") != now[name]:
            said = worded(f"differs.{name}", {}, language)
            detail = _detail(name, before, now)
            yield f"{said} ({detail})" if detail else said


def _detail(name: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    old, new = str(before.get(name, "")), str(now[name])
    match name:
        case "settings":
            was, told = dict(_SETTING.findall(old)), dict(_SETTING.findall(new))
            changed = [each for each in {**was, **told} if was.get(each) != told.get(each)]
            return ", ".join(f"{each} {was.get(each, '–')} → {told.get(each, '–')}" for each in changed)
        case "layouts" | "knowledge":
            files, others = before.get("files", {}), now["files"]
            changed = [each for each in {**files, **others} if files.get(each) != others.get(each)]
            return ", ".join(each.partition("/")[2] for each in sorted(changed) if each.startswith(f"{name}/"))
        case "libraries":
            return ", ".join(sorted(_libraries(old) ^ _libraries(new)))
        case "code":
            return ""
    return f"{old or '–'} → {new or '–'}"


def _libraries(told: str) -> set[str]:
    words = told.split()
    return {" ".join(pair) for pair in zip(words[::2], words[1::2], strict=False)}
