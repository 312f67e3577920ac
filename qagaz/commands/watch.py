"""`qagaz watch`: whatever is dropped into a folder is read, and put away when its results are kept."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from layouts.errors import OutputError, QagazError
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.assemble import Receipt
from qagaz.commands.folders import own_folder
from qagaz.commands.reading import add_reading, equipment_of, limits_of
from qagaz.hot.glance import Pace
from qagaz.hot.records import Batch, Setting
from qagaz.hot.rounds import Watcher
from qagaz.limits import cores
from qagaz.own_forms import forms_of, keep_layouts
from qagaz.pool import Pool
from qagaz.results import FileResult
from qagaz.run import only_writer
from qagaz.speech import tell, worded
from review.store import Store
from validate.records import Status

SHORT = 12  # digits of a hash that stand for a file's name


class FolderError(QagazError):
    """A folder that cannot be what it is meant to be."""


def build(arguments: Arguments) -> None:
    """Its arguments."""
    pace = Pace()
    arguments.one_path("inbox", "INBOX")
    arguments.path("--out", "DIR", required=True)
    arguments.path("--done", "FOLDER")
    arguments.path("--failed", "FOLDER")
    arguments.number("--settle", "SECONDS", int(pace.settle))
    arguments.number("--patience", "SECONDS", int(pace.patience))
    arguments.flag("--once")
    arguments.flag("--again")
    arguments.add("--department", metavar="NAME", default="")
    arguments.add("--batch", metavar="NAME", default="")
    add_reading(arguments.worded_as("read"))


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Watch until stopped; 0, as what was rejected stands in the tables."""
    setting = _setting(parsed, language)
    equipment = equipment_of(parsed)
    versions = equipment.versions()
    own_folder(setting.out, language)
    for folder in (setting.done, setting.failed):
        if folder is not None:
            _make(folder, setting.inbox)

    def make_pool() -> Pool:
        return Pool(equipment, setting.jobs or cores(), setting.limits)

    with (
        only_writer(setting.out),
        _store(parsed, setting.out) as store,
        Watcher(setting, versions, store, Lines(language), make_pool) as watcher,
    ):
        _stop_gently(watcher)
        tell("told.watching", language, inbox=setting.inbox, out=setting.out)
        watcher.run()
    tell("told.watch-over", language)
    return 0


def _store(parsed: argparse.Namespace, out: Path) -> Store:
    keep_layouts(out, parsed.layouts)
    layouts = forms_of(out)
    return Store(parsed.db, layouts) if parsed.db else Store.beside(out, layouts)


def _setting(parsed: argparse.Namespace, language: Language) -> Setting:
    receipt = Receipt(parsed.department.strip(), parsed.batch.strip())
    if receipt.batch and not receipt.department:
        raise FolderError("error.receipt-half")
    done, failed = (each.absolute() if each else None for each in (parsed.done, parsed.failed))
    inbox: Path = parsed.inbox.absolute()
    if not inbox.is_dir():
        raise FolderError("error.no-inbox", file=parsed.inbox)
    if inbox.resolve() in {each.resolve() for each in (parsed.out, done, failed) if each}:
        raise FolderError("error.inbox-is-out", file=parsed.inbox)
    pace = Pace(settle=float(parsed.settle), patience=float(max(parsed.patience, parsed.settle)))
    return Setting(
        inbox, parsed.out.absolute(), done, failed, language, parsed.jobs, limits_of(parsed), receipt, pace,
        once=parsed.once, again=parsed.again,
    )  # fmt: skip


def _make(folder: Path, inbox: Path) -> None:
    """Make a folder for files that are put away; FolderError if it is the drop folder under another path."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".qagaz-") as probe:
            if (inbox / Path(probe.name).name).exists():
                raise FolderError("error.inbox-is-out", file=inbox.name)
    except OSError as error:
        raise OutputError("error.cannot-write", file=folder.name, detail=error.strerror or "") from error


def _stop_gently(watcher: Watcher) -> None:
    """The first request to end lets the papers at hand be finished; the second one does not."""

    def stop(_number: int, _frame: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, _at_once)
        watcher.stop()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)


def _at_once(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


class Lines:
    """A line a batch on stderr. Names of files may be names of people: they are told to a terminal, never to a log."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def read(self, batch: Batch, arriving: int) -> None:
        """A batch is read and kept."""
        for result in batch.rejected:
            why = worded(*_told(result), self._language)
            self._say("told.rejected", file=_name(result), why=why)
        counts = {status.name.lower(): batch.statuses[status.value] for status in Status}
        self._say("told.watch-read", files=batch.files, again=batch.again, arriving=arriving, **counts)

    def trouble(self, error: QagazError) -> None:
        """Something stops the work."""
        self._say(error.message_id, **error.parameters)
        self._say("told.watch-trouble")

    def inbox_away(self) -> None:
        """The drop folder is not there."""
        self._say("told.inbox-away")

    def well_again(self) -> None:
        """It is there again, or works again."""
        self._say("told.watch-well")

    def _say(self, message_id: str, **told: object) -> None:
        words = worded(message_id, told, self._language)
        print(f"{datetime.now().astimezone():%H:%M:%S}  {words}", file=sys.stderr, flush=True)


def _name(result: FileResult) -> str:
    return result.source.file if sys.stderr.isatty() else result.source.sha256[:SHORT]


def _told(result: FileResult) -> tuple[str, dict[str, str]]:
    """Why a paper was rejected."""
    assert result.rejected is not None
    return result.rejected.message_id, dict(result.rejected.parameters) | {"file": _name(result)}


COMMAND = Command(
    "watch",
    build,
    run,
    (
        "qagaz watch scanner --out results --done read",
        "qagaz watch scanner --out results --done read --failed rejected --department Алматы",
        "qagaz watch scanner --out results --settle 30 --language ru",
        "qagaz watch scanner --out results --done read --once",
    ),
)
