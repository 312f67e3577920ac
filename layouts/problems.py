"""What is wrong with a layout file: every problem of a file together, each with its place and remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from layouts.errors import LayoutError
from layouts.words import Language, say


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file, at a place told by the file's own keys ("rule s2.total")."""

    place: str
    message_id: str
    name: str  # the key, code or value that is wrong
    remedy: str  # what the message offers instead: the names that exist, an example


class BadLayout(LayoutError):
    """A file with problems, all of them in `problems`; its own id and parameters speak of the first one."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.message_id, **_parameters(file, first))

    def __reduce__(self) -> tuple[type[BadLayout], tuple[str, tuple[Problem, ...]]]:
        return BadLayout, (self.file, self.problems)

    def __str__(self) -> str:
        return explain(self, "en")


def explain(error: BadLayout, language: Language) -> str:
    """Every problem of the file, one a line, each with file, place and remedy."""
    return "\n".join(say(found.message_id, _parameters(error.file, found), language) for found in error.problems)


def _parameters(file: str, found: Problem) -> dict[str, str]:
    return {"file": file, "place": found.place, "problem": found.name, "remedy": found.remedy}


def span(names: Iterable[str]) -> str:
    """Names in short: all of a few, else the first and the last.

    >>> span(["1", "1.1", "1.2", "1.3"]), span(["2", "3"])
    ('1 … 1.3', '2, 3')
    """
    every = list(names)
    return ", ".join(every) if len(every) <= 3 else f"{every[0]} … {every[-1]}"
