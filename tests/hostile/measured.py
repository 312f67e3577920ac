"""The command line with a watch on its worker processes: how long each file takes and what memory it needs.

`python -m tests.hostile.measured MEASURES.jsonl read …`: a line for each file that was read, written as it is done.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qagaz import cli, pool


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
    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
