"""`qagaz bench`: time and memory a form, forms and pages a second, beside other programs."""

from __future__ import annotations

import argparse
import json

from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.limits import cores
from qagaz.speech import tell


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.paths("inputs", "INPUT")
    arguments.number("--jobs", "N", 0)
    arguments.path("--picture", "FILE")
    arguments.flag("--no-peers")
    arguments.flag("--json")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Measure, print a table, draw a picture if one is wanted; 0."""
    # Imported here: the parser's help comes without Pillow, pdfplumber and the pipeline.
    from qagaz.benching.measure import measure  # noqa: PLC0415
    from qagaz.benching.picture import save_picture  # noqa: PLC0415
    from qagaz.benching.table import as_json, table_of  # noqa: PLC0415

    bench = measure(
        parsed.inputs,
        parsed.jobs or cores(),
        with_peers=not parsed.no_peers,
        watch=lambda kind: tell("told.measuring", language, kind=kind),
    )
    if not bench.kinds:
        tell("told.nothing-to-read", language)
        return 0
    print(json.dumps(as_json(bench), ensure_ascii=False) if parsed.json else table_of(bench, language))
    if parsed.picture:
        save_picture(bench, parsed.picture, language)
    return 0


COMMAND = Command(
    "bench",
    build,
    run,
    ("qagaz bench demo/forms", "qagaz bench scans --no-peers --jobs 4", "qagaz bench demo/forms --picture speed.png"),
)
