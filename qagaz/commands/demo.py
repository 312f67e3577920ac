"""`qagaz demo`: the whole work on made-up forms."""

from __future__ import annotations

import argparse
from pathlib import Path

from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.demo import run_demo
from qagaz.progress import Meter

FOLDER = Path("demo")


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.path("--out", "DIR")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Show everything; 0, as rejected files and doubts are part of the show."""
    with Meter(language) as meter:
        run_demo(parsed.out or FOLDER, language, meter.watch)
    return 0


COMMAND = Command("demo", build, run, ("qagaz demo", "qagaz demo --out show --language kk"))
