"""`qagaz look`: what was seen, drawn onto the pages."""

from __future__ import annotations

import argparse
from pathlib import Path

from extract.intake import find_sources
from layouts.errors import Rejected
from layouts.model import Notice
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.equipment import Equipment
from qagaz.look import look
from qagaz.speech import tell
from qagaz.worker import settle_threads
from review.flatten import flatten


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.one_path("file", "FILE")
    arguments.path("--out", "DIR")
    arguments.path("--layouts", "FOLDER")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Draw every page of every form in the file; Rejected, 4, where there is none."""
    settle_threads()
    digitise = Equipment(parsed.layouts)()
    out: Path = parsed.out or Path()
    for source in find_sources([parsed.file]).sources:
        results = list(digitise(source))
        forms = [flatten(result) for result in results if not isinstance(result, Notice)]
        if not forms:
            raise Rejected("error.not-this-form", file=source.file)
        for path in look(source, forms, out, language):
            tell("told.looked", language, file=path)
    return 0


COMMAND = Command("look", build, run, ("qagaz look form.pdf", "qagaz look scan.tif --out pictures --language ru"))
