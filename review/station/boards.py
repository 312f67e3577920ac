"""Numbers worked out once for everybody who looks at them, and anew when they are old."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from layouts.errors import QagazError
from review.answers import now

FRESH = timedelta(seconds=30)  # numbers so old are shown as they are
STALE = timedelta(minutes=10)  # older ones are not shown; in between they are while new ones are being worked out
MOST = 64  # sets of numbers kept

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    at: datetime
    what: T


class Boards(Generic[T]):
    """Keeps what was worked out by what it is about. May be asked from many threads."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self._clock = clock
        self._kept: OrderedDict[Hashable, _Kept[T]] = OrderedDict()
        self._working: set[Hashable] = set()
        self._lock = threading.Lock()

    def get(self, about: Hashable, make: Callable[[], T], *, anew: bool = False) -> tuple[T, datetime]:
        """What is known of it, and since when; worked out now where nothing is, or `anew` is wanted."""
        with self._lock:
            kept = self._kept.get(about)
            age = self._clock() - kept.at if kept else None
        if kept is None or age is None or age > STALE or anew:
            return self._make(about, make)
        if age > FRESH:
            self._make_aside(about, make)
        return kept.what, kept.at

    def _make(self, about: Hashable, make: Callable[[], T]) -> tuple[T, datetime]:
        at = self._clock()
        made = make()
        with self._lock:
            self._kept[about] = _Kept(at, made)
            self._kept.move_to_end(about)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made, at

    def _make_aside(self, about: Hashable, make: Callable[[], T]) -> None:
        """Work it out while the old numbers are shown; once at a time."""
        with self._lock:
            if about in self._working:
                return
            self._working.add(about)
        threading.Thread(target=self._aside, args=(about, make), daemon=True).start()

    def _aside(self, about: Hashable, make: Callable[[], T]) -> None:
        try:
            self._make(about, make)
        except QagazError:  # whoever asks next tries again, and is told if it is in vain
            return
        finally:
            with self._lock:
                self._working.discard(about)
