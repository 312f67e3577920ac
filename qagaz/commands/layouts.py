"""`qagaz layouts`: which forms are known, what they hold, where they contradict themselves."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from layouts.errors import QagazError
from layouts.load import load_layout
from layouts.model import Layout
from layouts.show import check_text, list_text, show_text
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.draft import draft
from qagaz.equipment import known_forms
from qagaz.opener import Opener

ACTIONS = ("list", "show", "check", "draft")


class UnknownLayoutError(QagazError):
    """No layout of this id, and no file of this name."""


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.choice("action", ACTIONS)
    arguments.optional("target", "LAYOUT")
    arguments.path("--layouts", "FOLDER")
    arguments.path("--out", "FILE")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Print what is asked for; `check` ends with 0 whatever is remarkable."""
    if parsed.action == "draft":
        return _draft(parsed)
    layouts, _notices = known_forms(parsed.layouts)
    match parsed.action:
        case "list":
            print(list_text(layouts, language), end="")
        case "show":
            print("\n".join(show_text(each, language) for each in _meant(parsed.target, layouts)), end="")
        case _:
            print("\n".join(check_text(each, language) for each in _meant(parsed.target, layouts)), end="")
    return 0


def _meant(target: str, layouts: Mapping[str, Layout]) -> list[Layout]:
    """The layout of this id or in this file; all of them where none is named."""
    if not target:
        return list(layouts.values())
    if target in layouts:
        return [layouts[target]]
    if Path(target).is_file():
        return [load_layout(Path(target))]
    raise UnknownLayoutError("error.unknown-layout", name=target, layouts=", ".join(layouts))


def _draft(parsed: argparse.Namespace) -> int:
    if not parsed.target:
        raise UnknownLayoutError("error.draft-needs-blank")
    with Opener() as opener:
        text = draft(Path(parsed.target), opener.pages)
    if parsed.out:
        parsed.out.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


COMMAND = Command(
    "layouts",
    build,
    run,
    (
        "qagaz layouts list",
        "qagaz layouts show 2-uslugi-it.2026 --language ru",
        "qagaz layouts check",
        "qagaz layouts draft blank.pdf --out new-form.toml",
    ),
)
