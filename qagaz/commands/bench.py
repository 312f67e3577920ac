"""`qagaz bench`: time and memory a form."""

from __future__ import annotations

import argparse

from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.bench import measure, table_of


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.paths("inputs", "INPUT")
    arguments.flag("--no-tesseract")


def run(parsed: argparse.Namespace, _language: Language) -> int:
    """Measure and print a table; 0."""
    print(table_of(measure(parsed.inputs, with_tesseract=not parsed.no_tesseract)))
    return 0


COMMAND = Command("bench", build, run, ("qagaz bench demo/forms", "qagaz bench scans --no-tesseract"))
