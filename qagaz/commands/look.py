"""`qagaz look`: what was seen, drawn onto the pages."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from extract.intake import find_sources
from layouts.errors import Rejected
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.confine import Ground
from qagaz.crowd import Job
from qagaz.equipment import Equipment
from qagaz.limits import Limits
from qagaz.look import look
from qagaz.opener import Opener
from qagaz.parts import Parts
from qagaz.pool import Pool
from qagaz.results import FileResult
from qagaz.speech import tell
from review.rows import FormRows
from validate.records import Status


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.one_path("file", "FILE")
    arguments.path("--out", "DIR")
    arguments.path("--layouts", "FOLDER")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Draw every page of every form in the file; Rejected, 4, where there is none."""
    out: Path = parsed.out or Path()
    equipment = Equipment(parsed.layouts)
    sources = find_sources([parsed.file]).sources
    with tempfile.TemporaryDirectory(prefix="qagaz-") as folder, Opener() as opener:
        parts = Parts(Path(folder))
        ground = Ground((*(source.path for source in sources), *equipment.needs), (parts.folder,))
        with Pool(equipment, 1, Limits(ground=ground)) as pool:
            for result in pool.run(Job(source, parts.folder, "") for source in sources):
                for path in look(result.source, list(_forms(result, parts)), out, language, opener.pages):
                    tell("told.looked", language, file=path)
    return 0


def _forms(result: FileResult, parts: Parts) -> Iterator[FormRows]:
    """What was read on a paper; Rejected where that is no form."""
    if result.rejected is not None:
        raise Rejected(result.rejected.message_id, **dict(result.rejected.parameters))
    if set(result.statuses) <= {Status.NOTICE}:
        raise Rejected("error.not-this-form", file=result.source.file)
    yield from (rows for rows in parts.forms(result.source) if rows.form.status != Status.NOTICE)


COMMAND = Command("look", build, run, ("qagaz look form.pdf", "qagaz look scan.tif --out pictures --language ru"))
