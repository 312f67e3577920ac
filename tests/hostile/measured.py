"""The command line with a watch on its worker processes: how long each file takes and what memory it needs.

`python -m tests.hostile.measured MEASURES.jsonl [--parsing] read …`: a line for each file, written as it is done.
With `--parsing` files are opened and their pages' tables found, and nothing is read: libraries' work without models.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extract.intake import open_pages
from extract.records import Source
from extract.scan.sheet import scan_sheet
from extract.text.sheet import text_sheet
from layouts.errors import Rejected
from layouts.model import Notice
from qagaz import cli, pool
from qagaz.commands import read
from qagaz.equipment import Equipment
from qagaz.results import Digitise
from validate.records import CheckedForm

PARSING = "--parsing"


class Parsing(Equipment):
    """Opens every page and finds its tables; then the file is no form."""

    def __call__(self) -> Digitise:
        """Loads nothing."""
        return parse


def parse(source: Source) -> Iterator[CheckedForm | Notice]:
    """Rejected, always: at the latest when all its pages were seen."""
    pages = 0
    for page in open_pages(source):
        pages += 1
        if page.kind == "text":
            text_sheet(page, None)
        else:
            scan_sheet(page, lambda _crops: 0.0, None)
    raise Rejected("error.not-this-form", file=source.file, pages=pages)
    yield  # a generator, as all that digitise are


def main(measures: Path, arguments: list[str]) -> int:
    """The command's exit status."""
    began: dict[str, tuple[float, int]] = {}
    peaks: dict[int, float] = {}
    give, run, resident = pool.Pool._give, pool.Pool.run, pool.resident_megabytes

    def given(self: pool.Pool, worker: Any, job: Any) -> None:
        began[job.source.file] = time.monotonic(), worker.process.pid
        peaks[worker.process.pid] = 0.0
        give(self, worker, job)

    def looked(pid: int) -> float:
        megabytes = resident(pid)
        peaks[pid] = max(peaks.get(pid, 0.0), megabytes)
        return megabytes

    def told(self: pool.Pool, jobs: Iterator[Any]) -> Iterator[Any]:
        with measures.open("a", encoding="utf-8") as file:
            for result in run(self, jobs):
                start, pid = began[result.source.file]
                seconds = round(time.monotonic() - start, 2)
                why = result.rejected.code if result.rejected else ""
                line = [result.source.file, result.source.sha256, seconds, round(peaks[pid]), result.pages, why]
                file.write(json.dumps(line) + "\n")
                file.flush()
                yield result

    pool.Pool._give, pool.Pool.run, pool.resident_megabytes = given, told, looked  # type: ignore[method-assign]
    if arguments[0] == PARSING:
        read.equipment_of = lambda _parsed: Parsing()
        arguments = arguments[1:]
    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
