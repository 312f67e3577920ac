"""How a run goes on, for whoever watches: a bar at a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Never, Self

from tqdm import tqdm

from layouts.words import Language
from qagaz.desk import Progress
from qagaz.speech import plain, tell, worded

LINE_SECONDS = 30.0  # between two lines in a log
REFRESH_SECONDS = 0.5  # between two looks of the bar
BAR = "{l_bar}{bar}| {n_fmt}/{total_fmt} {unit} [{elapsed}{postfix}]"


class Meter:
    """The rate in forms a minute and the time left, and a line for each rejected file; all of it to stderr."""

    def __init__(self, language: Language, clock: Callable[[], float] = time.monotonic) -> None:
        self._language = language
        self._clock = clock
        self._bar: tqdm[Never] | None = None
        self._done = 0
        self._pace = _Pace()

    def __enter__(self) -> Self:
        self._pace.since = self._pace.told = self._clock()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def watch(self, progress: Progress) -> None:
        """Some files further."""
        self._begin(progress.total)
        self._done += progress.files
        if progress.result is not None and progress.result.anew:
            self._pace.files += progress.files
            self._pace.forms += len(progress.result.statuses)
        if self._bar is not None:
            self._bar.update(progress.files)
        self._tell_pace(progress.total)
        rejected = progress.result.rejected if progress.result else None
        if rejected is not None:
            told = {name: plain(each) for name, each in (("file", progress.file), *rejected.parameters)}
            why = worded(rejected.message_id, told, self._language)
            line = worded("told.rejected", {"file": told["file"], "why": why}, self._language)
            tqdm.write(line, file=sys.stderr)

    def _begin(self, total: int) -> None:
        if self._bar is None and sys.stderr.isatty():
            unit = worded("told.file-unit", {}, self._language)
            self._bar = tqdm(total=total, unit=unit, file=sys.stderr, dynamic_ncols=True, bar_format=BAR)

    def _tell_pace(self, total: int) -> None:
        """On the bar, or as a line if the last one is a while ago."""
        now = self._clock()
        pause = LINE_SECONDS if self._bar is None else REFRESH_SECONDS
        if now - self._pace.told < pause or not self._pace.files:
            return
        self._pace.told = now
        spent = now - self._pace.since
        rate = f"{60 * self._pace.forms / spent:.0f}"
        left = str(timedelta(seconds=round(spent / self._pace.files * (total - self._done))))
        if self._bar is None:
            tell("told.pace", self._language, done=self._done, total=total, rate=rate, left=left)
        else:
            self._bar.set_postfix_str(f"{rate} {worded('told.pace-unit', {}, self._language)}, {left}", refresh=False)


class _Pace:
    """What was read since the run began; files that needed no reading say nothing of the pace."""

    def __init__(self) -> None:
        self.since = self.told = 0.0
        self.files = 0
        self.forms = 0
