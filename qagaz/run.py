"""One run: inputs → parts → tables and questions. Stopped at any moment, it goes on where it was."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from layouts.errors import OutputError
from layouts.words import Language
from qagaz.assemble import Assembly, Counts, DamagedPartError, Queue, Receipt
from qagaz.confine import Ground
from qagaz.crowd import MakeCrowd
from qagaz.desk import Desk, Progress
from qagaz.equipment import Equipment
from qagaz.inputs import Inputs, local_path
from qagaz.ledger import Ledger, mark_of, told
from qagaz.limits import FULL, Limits, cores
from qagaz.listing import Listing
from qagaz.manifest import MANIFEST, settle_versions
from qagaz.own_forms import forms_of, keep_layouts
from qagaz.parts import TEMPORARY, Parts
from qagaz.pool import Pool
from qagaz.private import make_private, only_mine
from qagaz.results import Equip, needed
from qagaz.tables import TABLES, take_away
from qagaz.versions import Versions
from qagaz.worker import SPOOL

PARTS = "parts"
QUEUE = "qagaz.db"  # what `review.store` calls the store in a result folder
LOCK = ".lock"
ASSEMBLED = "assembled"  # in the ledger: from what the tables there are were made, and how they came out
TRIES = 3  # times the tables are begun in one run, if parts turn out to be damaged

Watch = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What to read, with what, and where results go."""

    inputs: tuple[Path | str, ...]  # paths, or addresses of object stores as text
    out: Path
    language: Language = "en"
    database: str = ""  # address of the store; "" is a file in `out`
    jobs: int = 0  # worker processes; 0 is one a core
    limits: Limits = field(default_factory=Limits)
    receipt: Receipt = field(default_factory=Receipt)
    lists: tuple[str, ...] = ()  # files that list further inputs, one a line; "-" is standard input
    partitions: int = 0  # papers a Parquet file; 0: one file a table
    again: bool = False  # everything is read anew, also where other versions read it before
    layouts: Path | None = None  # a folder of layouts beside those that ship


def read(request: Request, equip: Equip, versions: Versions, watch: Watch, make_crowd: MakeCrowd = Pool) -> Counts:
    """Digitise what is new among the inputs, then write all tables. OutputError where they cannot be written.

    Files whose part was made with the same versions are not read again; OtherVersionsError where the folder was read
    with other ones and `again` does not say that this is meant. Where nothing changed, the tables are left alone.
    """
    out, parts = request.out, Parts(request.out / PARTS)
    with ExitStack() as stack:
        for each in (reported(out), told(), _private(out), _alone(out), _swept(out)):
            stack.enter_context(each)
        settle_versions(out, versions, request.language, again=request.again)
        keep_layouts(out, request.layouts)
        ledger = stack.enter_context(Ledger(out, parts))
        if request.again:
            ledger.outdate()
        inputs = Inputs(request.inputs, request.lists, [out])
        listing = Listing(ledger, inputs.entries(ledger.kinds()))
        run = _Run(request, ledger, stack)
        assembly = Assembly(
            out, parts, listing, versions, request.language, request.limits, request.partitions, request.receipt
        )
        desk = Desk(ledger, listing, parts, versions.digest, request.again)
        limits = replace(request.limits, ground=_ground(request, listing, equip))
        anew = 0
        for _ in range(TRIES):
            with make_crowd(equip, request.jobs or cores(), limits) as crowd:
                for progress in desk.read(crowd, run.store):
                    anew += progress.result is not None and progress.result.anew
                    watch(progress)
            try:
                return replace(run.assembled(assembly), read=anew)
            except DamagedPartError as error:
                damaged = error.source
                ledger.forget_part(damaged)
                parts.path(damaged).unlink(missing_ok=True)
        raise OutputError("error.part-damaged", file=damaged.file)


def _ground(request: Request, listing: Listing, equip: Equip) -> Ground:
    """What readers may read and write: the inputs, or the folders that lists name papers in, and the parts."""
    given = [Path(os.path.realpath(path)) for each in request.inputs if (path := local_path(each)) is not None]
    listed = listing.folders() if request.lists else ()
    remote = listing.is_remote()
    writes = (request.out / PARTS, *((request.out / SPOOL,) if remote else ()))
    keys = (Path("/"),) if remote else ()  # a store's own tools keep what opens it at many places
    return Ground((*given, *listed, *needed(equip), *keys), writes, network=remote)


class _Run:
    """What is done at most once a run: the store is opened, tables are written."""

    def __init__(self, request: Request, ledger: Ledger, stack: ExitStack) -> None:
        self._request = request
        self._ledger = ledger
        self._stack = stack
        self._store: Queue | None = None
        self._had_store = bool(request.database) or (request.out / QUEUE).exists()  # before this run made one

    def store(self) -> Queue:
        """Opened when it is first needed: a run with nothing to do needs none."""
        if self._store is None:
            from review.store import Store  # noqa: PLC0415  # its libraries take longer to load than most runs with nothing to do

            url, layouts = self._request.database, forms_of(self._request.out)
            store = Store(url, layouts) if url else Store.beside(self._request.out, layouts)
            self._store = self._stack.enter_context(store)
        return self._store

    def assembled(self, assembly: Assembly) -> Counts:
        """Tables and store are as the papers have it: written anew, or left as they are where they stand so."""
        made = hashlib.sha256(f"{assembly.digest()} {self._request.database}".encode()).hexdigest()
        if (counts := self._standing(made)) is not None:
            return counts
        self._ledger.remember(ASSEMBLED, "")
        counts = assembly.write(self.store())
        self._ledger.remember(ASSEMBLED, json.dumps([made, self._marks(), counts.as_text()]))
        return counts

    def _standing(self, made: str) -> Counts | None:
        """How the tables came out, if they are there, untouched and made from the same; None if not."""
        kept = self._ledger.remembered(ASSEMBLED)
        if not kept or not self._had_store:
            return None
        before, marks, counts = json.loads(kept)
        if before != made or marks != self._marks():
            return None
        return replace(Counts.of_text(counts), unchanged=True)

    def _marks(self) -> list[str]:
        names = [f"{table.name}.{form}" for table in TABLES for form in table.formats]
        return [mark_of(self._request.out / name) for name in (*names, MANIFEST)]


def read_with(equipment: Equipment, request: Request, watch: Watch, make_crowd: MakeCrowd = Pool) -> Counts:
    """The same with the program's own readers."""
    return read(request, equipment, equipment.versions(), watch, make_crowd)


@contextmanager
def reported(out: Path) -> Iterator[None]:
    """A disk that takes no more as an error that says so."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL or isinstance(error, (PermissionError, NotADirectoryError, FileExistsError)):
            raise OutputError("error.cannot-write", file=out.name, detail=error.strerror or "") from error
        raise


@contextmanager
def only_writer(out: Path) -> Iterator[None]:
    """Be the only one that writes into a result folder. OutputError if another does; nothing half written is left."""
    with reported(out), _private(out), _alone(out), _swept(out):
        yield


@contextmanager
def _private(out: Path) -> Iterator[None]:
    """Make the result folder; it, and what is written in it, is for its owner alone."""
    before = only_mine()
    try:
        make_private(out)
        yield
    finally:
        os.umask(before)


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Be the only run that writes into a result folder."""
    with (out / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError("error.output-busy", file=out.name) from None
        yield


@contextmanager
def _swept(out: Path) -> Iterator[None]:
    """Take away what is half written: before, by a run that was killed; after, by this one if it was stopped."""
    try:
        _sweep(out)
        yield
    finally:
        _sweep(out)


def _sweep(out: Path) -> None:
    Parts(out / PARTS).sweep()
    for left in out.glob(f".*{TEMPORARY}"):
        take_away(left)
    take_away(out / SPOOL)
