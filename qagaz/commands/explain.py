"""`qagaz explain`: how one value came about, and what was ever said of it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.stores import add_store, open_store
from qagaz.crop import cut_out, find_paper
from qagaz.equipment import known_forms
from qagaz.explain import ExplainError, Explanation, Wanted, explain
from qagaz.explain_json import as_json
from qagaz.explain_words import tell as in_words
from qagaz.opener import Opener
from qagaz.own_forms import kept_layouts
from qagaz.parts import TEMPORARY
from qagaz.speech import tell


def build(arguments: Arguments) -> None:
    """Its arguments."""
    add_store(arguments)
    for name in ("file", "form", "place"):
        arguments.add(name, metavar=name.upper())
    arguments.optional("column", "COLUMN")
    arguments.number("--section", "N", 0)
    arguments.path("--layouts", "FOLDER")
    arguments.path("--picture", "FILE.png")
    arguments.path("--input", "PATH")
    arguments.flag("--json")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Print the history of one place, and cut its picture out if that is wanted."""
    wanted = Wanted(parsed.file, _number(parsed.form), parsed.place, parsed.column, parsed.section)
    layouts, _notices = known_forms(parsed.layouts or kept_layouts(parsed.folder))
    with open_store(parsed.folder, parsed.db) as store:
        explanation = explain(parsed.folder, store, wanted, layouts)
    told = json.dumps(as_json(explanation, language), ensure_ascii=False) if parsed.json else None
    print(told or in_words(explanation, language))
    if parsed.picture is not None:
        _save_picture(explanation, parsed, language)
    return 0


def _save_picture(explanation: Explanation, parsed: argparse.Namespace, language: Language) -> None:
    """Written under a temporary name first, like every result."""
    target: Path = parsed.picture
    paper = find_paper(explanation, parsed.folder, parsed.input)
    with Opener() as opener:
        picture = cut_out(explanation, paper, explanation.turn, opener.pages)
    temporary = target.with_name(f".{target.name}{TEMPORARY}")
    try:
        picture.save(temporary, format="PNG", optimize=True)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    tell("told.looked", language, file=target)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise ExplainError("error.answer-form-number", given=text)
    return int(text)


COMMAND = Command(
    "explain",
    build,
    run,
    (
        "qagaz explain results day-1/form.pdf 1 s2/1.7/1",
        "qagaz explain results day-1/form.pdf 1 1.7 1 --section 2 --language kk",
        "qagaz explain results form.pdf 1 bin --json",
        "qagaz explain results form.pdf 1 s2/1.7/1 --picture cell.png --input scans",
    ),
)
