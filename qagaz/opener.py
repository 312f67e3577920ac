"""Papers are opened in a process of their own, shut in: whoever looks at pages is given words and pixels.

That process may read nothing of the machine's but its libraries: the paper's bytes are handed to it. What it says is
JSON and pixels (`qagaz.wire` tells why).
"""

from __future__ import annotations

import json
import math
import multiprocessing
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from extract.files.images import MOST_PIXELS
from extract.intake import open_pages, page_files
from extract.records import Box, Segment, Source, StoredPage, Word
from layouts.errors import QagazError, Rejected
from qagaz.confine import Ground, confine
from qagaz.limits import Limits
from qagaz.results import Told
from qagaz.scratch import own_scratch, sweep
from qagaz.wire import error_of, spelled_error
from qagaz.worker import one_thread, settle_in

LIMITS = Limits(megabytes=1024, base_seconds=60.0)
CHUNK = 1 << 20  # bytes of a paper handed over at a time
MOST_TOLD = 1 << 26  # bytes of what is said of a page: its words and strokes
CHANNELS = frozenset({(), (3,), (4,)})  # of a picture, beside its height and width
END_SECONDS = 2.0


class Opener:
    """Opens papers one page at a time; to be used in a `with` block, at whose end the process is gone."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._reader: _Reader | None = None
        # The kernel ends the process with the thread that started it: this one lives as long as the opener.
        self._thread = ThreadPoolExecutor(1, "opener")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.submit(self._end).result()
        self._thread.shutdown()

    def begin(self) -> None:
        """Start the process now, so that nobody waits for it later."""
        self._thread.submit(self._start)

    def pages(self, source: Source, first: int = 1) -> Iterator[StoredPage]:
        """As `extract.intake.open_pages` has them; Rejected also where the paper ends its reader or takes too long."""
        number = first
        while (page := self._thread.submit(self._page, source, number).result()) is not None:
            yield page
            number += 1

    def _page(self, source: Source, number: int) -> StoredPage | None:
        reader = self._start()
        try:
            return reader.page(source, number)
        except Rejected:
            raise
        except (EOFError, OSError, ValueError, TypeError, KeyError) as error:  # it is gone, or raves
            self._end()
            raise Rejected("error.timeout" if reader.late else "error.crash", file=source.file) from error

    def _start(self) -> _Reader:
        if self._reader is None or not self._reader.alive:
            self._end()
            self._reader = _Reader(self._limits)
        return self._reader

    def _end(self) -> None:
        if self._reader is not None:
            self._reader.end()
            self._reader = None
            sweep()


class _Reader:
    """The process, as seen from here."""

    def __init__(self, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_serve, args=(theirs, limits), daemon=True)
        one_thread()
        self._process.start()
        theirs.close()
        self._limits = limits
        self._has: tuple[str, Path] | None = None  # the paper that was handed over last
        self.late = False

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.is_alive()

    def page(self, source: Source, number: int) -> StoredPage | None:
        """One page; None if there are no more. Rejected as the paper is; EOFError, OSError, ValueError, TypeError and
        KeyError where the process is no longer to be trusted.
        """
        with self._on_time():
            if self._has != (source.sha256, source.path):
                self._hand_over(source)
            self._connection.send(number)
            told = json.loads(self._connection.recv_bytes(MOST_TOLD))
            if told is None:
                return None
            if "error" in told:
                error = error_of(told["error"])
                raise Rejected(error.message_id, **{**dict(error.parameters), "file": source.file})
            return _page_of(source, number, told, self._connection.recv_bytes(4 * MOST_PIXELS))

    def end(self) -> None:
        """Whatever it is doing is thrown away."""
        self._connection.close()
        self._process.join(END_SECONDS if self.alive and not self.late else 0)
        self._process.kill()
        self._process.join()

    @contextmanager
    def _on_time(self) -> Iterator[None]:
        """The process is ended if this takes longer than a page may: whoever waits for it then hears so."""
        watch = threading.Timer(self._limits.seconds(1), self._too_late)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _too_late(self) -> None:
        self.late = True
        self._process.kill()

    def _hand_over(self, source: Source) -> None:
        """The paper's bytes; Rejected if they cannot be read here."""
        self._has = None
        try:
            folder = source.path.is_dir()
            files = page_files(source.path) if folder else [source.path]
            for file in files:  # each can be opened: what is begun is handed over to its end
                with file.open("rb"):
                    pass
        except OSError as error:
            raise Rejected("error.unreadable", file=source.file, detail=error.strerror or "") from error
        self._connection.send((source.sha256, source.file, [file.name for file in files] if folder else None))
        for file in files:
            with file.open("rb") as content:
                while chunk := content.read(CHUNK):
                    self._connection.send_bytes(chunk)
            self._connection.send_bytes(b"")
        self._has = source.sha256, source.path


def _page_of(source: Source, number: int, told: dict[str, Any], content: bytes) -> StoredPage:
    """What was said of a page, believed as far as it makes sense; ValueError, TypeError or KeyError."""
    height, width, *channels = shape = [int(side) for side in told["shape"]]
    if told["kind"] not in {"text", "scan"} or told["unit"] not in {"px", "pt"} or tuple(channels) not in CHANNELS:
        raise ValueError(told["kind"])
    if min(height, width) < 1 or math.prod(shape) != len(content):
        raise ValueError(shape)
    return StoredPage(
        source,
        number,
        told["kind"],
        told["unit"],
        _length(told["width"]),
        _length(told["height"]),
        np.frombuffer(content, np.uint8).reshape(shape).copy(),
        _length(told["scale"]),
        tuple(_word(*each) for each in told["words"]),
        tuple(Segment(*(_number(place) for place in each)) for each in told["segments"]),
        _length(told["stretch"]),
    )


def _word(text: object, turn: object, *box: object) -> Word:
    if not isinstance(text, str) or turn not in {0, 90, 180, 270} or not isinstance(turn, int):
        raise ValueError(turn)
    return Word(text, Box(*(_number(place) for place in box)), turn)


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(value)
    return value


def _length(value: object) -> float:
    if _number(value) <= 0:
        raise ValueError(value)
    return _number(value)


# --- in the process itself


def _serve(connection: Connection, limits: Limits) -> None:
    """Answer until the other end closes."""
    settle_in(limits)
    with own_scratch() as scratch, suppress(EOFError, OSError):
        try:
            confine(Ground(), scratch)  # before a paper is at hand
        except QagazError as error:
            connection.send_bytes(json.dumps({"error": spelled_error(Told.of(error))}).encode())
            return
        desk = _Desk(scratch / "paper")
        while True:
            order = connection.recv()
            if isinstance(order, int):
                desk.answer(connection, order)
            else:
                desk.take(connection, *order)


class _Desk:
    """The one paper that lies open."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._source = Source("", "", place)
        self._pages: Iterator[StoredPage] = iter(())
        self._next = 0  # the page that `_pages` gives next; 0: none

    def take(self, connection: Connection, sha256: str, file: str, pages: list[str] | None) -> None:
        """A paper is handed over: a file, or a folder with files of these names."""
        self._pages, self._next = iter(()), 0
        if self._place.is_dir():
            shutil.rmtree(self._place)
        else:
            self._place.unlink(missing_ok=True)
        if pages is not None:
            self._place.mkdir()
        for place in [self._place] if pages is None else [self._place / name for name in pages]:
            with place.open("wb") as kept:
                while chunk := connection.recv_bytes():
                    kept.write(chunk)
        self._source = Source(sha256, file, self._place)

    def answer(self, connection: Connection, number: int) -> None:
        """A page with its pixels, that there is none, or why not."""
        try:
            if number != self._next:
                self._pages = open_pages(self._source, number)
            self._next = 0
            page = next(self._pages, None)
        except MemoryError:
            told = Told("error.memory")
        except QagazError as error:
            told = Told.of(error)
        except Exception as error:  # noqa: BLE001 - whatever a library makes of a damaged paper
            told = Told("error.internal", (("detail", type(error).__name__),))
        else:
            if page is None:
                connection.send_bytes(b"null")
                return
            self._next = number + 1
            picture = np.ascontiguousarray(page.picture)
            connection.send_bytes(json.dumps(_told(page)).encode())
            connection.send_bytes(picture.data.cast("B"))
            return
        connection.send_bytes(json.dumps({"error": spelled_error(told)}).encode())


def _told(page: StoredPage) -> dict[str, object]:
    return {
        "kind": page.kind,
        "unit": page.unit,
        "width": float(page.width),
        "height": float(page.height),
        "scale": float(page.scale),
        "stretch": float(page.stretch),
        "shape": page.picture.shape,
        "words": [(word.text, word.turn, *map(float, _edges(word.box))) for word in page.words],
        "segments": [tuple(map(float, (each.x0, each.y0, each.x1, each.y1))) for each in page.segments],
    }


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1
