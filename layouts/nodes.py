"""Tables of a TOML file read key by key: a wrong, missing or unknown key becomes a problem, never a crash."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from layouts.model import Words
from layouts.problems import Problem, span

Choice = TypeVar("Choice", bound=StrEnum)

NO_DAY = date.min  # stands in for a date that could not be read; the file is refused anyway
NEAR = 0.6  # difflib ratio from which a key is taken for a slip of a known one

# How each kind of value is written, as the remedy shows it.
TEXT = '"…"'
TEXTS = '["1", "2"]'
WHOLE = "1"
DAY = "2026-01-01"
WORDS = '{ kk = "…", ru = "…" }'
TABLES = "[{ … }, { … }]"
AMOUNT = '"0.1"'


class Node:
    """One table of a file. Each getter notes what is wrong and hands back something empty, so that reading goes on."""

    def __init__(self, data: Mapping[str, object], place: str, keys: Iterable[str], problems: list[Problem]) -> None:
        """`keys` are those the table may have; an unknown one is noted at once, with the nearest known one."""
        self.place = place
        self.problems = problems
        self._data = data
        known = list(keys)
        for key in data:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1, NEAR)
                self.note("error.layout-near-key" if near else "error.layout-unknown-key", key, near or known)

    def note(self, message_id: str, name: str, remedy: str | list[str]) -> None:
        """Adds a problem at this table."""
        text = remedy if isinstance(remedy, str) else ", ".join(remedy)
        self.problems.append(Problem(self.place, message_id, name, text))

    def has(self, key: str) -> bool:
        """Whether the table has the key."""
        return key in self._data

    def is_table(self, key: str) -> bool:
        """Whether the key holds a table rather than a single value."""
        return isinstance(self._data.get(key), dict)

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; with a default the key may be left out."""
        value = self._get(key, TEXT, needed=default is None)
        if value is None:
            return default or ""
        if not isinstance(value, str):
            self.note("error.layout-wrong-kind", key, TEXT)
            return ""
        if not value.strip():
            self.note("error.layout-empty", key, TEXT)
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number above zero."""
        value = self._get(key, WHOLE, needed=default is None)
        if value is None:
            return default or 0
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self.note("error.layout-wrong-kind", key, WHOLE)
            return 0
        return value

    def day(self, key: str) -> date:
        """A date without time."""
        value = self._get(key, DAY, needed=True)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.note("error.layout-wrong-kind", key, DAY)
        return NO_DAY

    def amount(self, key: str) -> Decimal:
        """An amount that is not negative, written as a text so that no digit is lost; 0 where left out."""
        value = self._get(key, AMOUNT, needed=False)
        if value is None:
            return Decimal(0)
        try:
            amount = Decimal(value) if isinstance(value, str) else None
        except InvalidOperation:
            amount = None
        if amount is None or not amount.is_finite() or amount < 0:
            self.note("error.layout-wrong-kind", key, AMOUNT)
            return Decimal(0)
        return amount

    def choice(self, key: str, kinds: type[Choice]) -> Choice:
        """One of the values of an enumeration."""
        value = self._get(key, TEXT, needed=True)
        for kind in kinds:
            if kind.value == value:
                return kind
        if value is not None:
            self.note("error.layout-bad-value", f"{key} = {value!r}", [kind.value for kind in kinds])
        return next(iter(kinds))

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of texts, each of them once."""
        value = self._get(key, TEXTS, needed=needed)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self.note("error.layout-wrong-kind", key, TEXTS)
            return ()
        if needed and not value:
            self.note("error.layout-empty", key, TEXTS)
        self.once(key, value)
        return tuple(value)

    def once(self, key: str, names: Iterable[str]) -> None:
        """Notes every name that stands in the list `key` a second time."""
        every = list(names)
        for name in dict.fromkeys(name for i, name in enumerate(every) if name in every[:i]):
            known = span(dict.fromkeys(every))
            self.problems.append(Problem(f"{self.place}, {key}", "error.layout-twice", name, known))

    def node(self, key: str, keys: Iterable[str], example: str = WORDS) -> Node | None:
        """A table inside this one; None (and a problem) if there is none."""
        value = self._get(key, example, needed=True)
        if isinstance(value, dict):
            return Node(value, f"{self.place}, {key}", keys, self.problems)
        if value is not None:
            self.note("error.layout-wrong-kind", key, example)
        return None

    def nodes(self, key: str, keys: Iterable[str], name: str, *, needed: bool = True) -> list[Node]:
        """A list of tables; each one's place is told by its own `name` key, or by its number if it has none."""
        value = self._get(key, TABLES, needed=needed)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.note("error.layout-wrong-kind", key, TABLES)
            return []
        if needed and not value:
            self.note("error.layout-empty", key, TABLES)
        known = list(keys)
        before = f"{self.place}, " if self.place.startswith("table ") else ""
        single = key.removesuffix("s").replace("_", " ")
        return [
            Node(item, f"{before}{single} {item.get(name, number)}", known, self.problems)
            for number, item in enumerate(value, 1)
        ]

    def words(self) -> Words:
        """The keys `kk`, `ru` and `en` of this table; one of the form's two languages may be left out."""
        found = {key: self.text(key, default="") for key in ("kk", "ru", "en")}
        if not found["kk"] and not found["ru"]:
            self.note("error.layout-missing-key", "kk, ru", WORDS)
        return Words(**found)

    def _get(self, key: str, example: str, *, needed: bool) -> object:
        if needed and key not in self._data:
            self.note("error.layout-missing-key", key, f"{key} = {example}")
        return self._data.get(key)
