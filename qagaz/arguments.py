"""Commands' arguments: parsers whose help is worded in the language spoken and ends in examples."""

from __future__ import annotations

import argparse
import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from layouts.words import LANGUAGES, Language
from qagaz.speech import choose_language, worded


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `build` adds its arguments, `run` does it and returns the exit status."""

    name: str
    build: Callable[[Arguments], None]
    run: Callable[[argparse.Namespace, Language], int]
    examples: tuple[str, ...]

    def parser(self, language: Language) -> argparse.ArgumentParser:
        """The parser of its arguments."""
        arguments = Arguments(self.name, language, self.examples)
        self.build(arguments)
        return arguments.parser


class Arguments:
    """Adds arguments whose help stands in the catalogue as `help.<command>.<argument>`."""

    def __init__(self, command: str, language: Language, examples: Sequence[str]) -> None:
        self._command = command
        self._language = language
        heading = worded("help.examples", {}, language)
        self.parser = argparse.ArgumentParser(
            prog=f"qagaz {command}",
            description=worded(f"help.command.{command}", {}, language),
            epilog="\n".join([heading, "", *(f"  {example}" for example in examples)]),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        told = worded("help.language", {}, language)
        self.parser.add_argument("--language", choices=LANGUAGES, help=told)

    def worded_as(self, command: str) -> Arguments:
        """Adds to the same parser options that mean what they mean with another command, in that one's words."""
        other = copy.copy(self)
        other._command = command  # noqa: SLF001 - its own kind
        return other

    def add(self, *names: str, metavar: str | None = None, default: object = None) -> None:
        """An option with a text value, or a positional argument."""
        self.parser.add_argument(*names, metavar=metavar, default=default, help=self._help(names))

    def repeated(self, name: str, metavar: str) -> None:
        """An option with a text value that may be given several times; a list."""
        self.parser.add_argument(name, action="append", metavar=metavar, default=[], help=self._help((name,)))

    def flag(self, name: str) -> None:
        """An option without a value."""
        self.parser.add_argument(name, action="store_true", help=self._help((name,)))

    def number(self, name: str, metavar: str, default: int) -> None:
        """An option with a whole number, 0 or more."""
        self.parser.add_argument(name, type=_whole, metavar=metavar, default=default, help=self._help((name,)))

    def rate(self, name: str, metavar: str, default: float) -> None:
        """An option with an error rate: "0.5/1000", "0.0005", "0.5‰"."""
        self.parser.add_argument(name, type=as_rate, metavar=metavar, default=default, help=self._help((name,)))

    def share(self, name: str, metavar: str, default: float) -> None:
        """An option with a share, none and all included: "0.2", "20%"."""
        self.parser.add_argument(name, type=as_share, metavar=metavar, default=default, help=self._help((name,)))

    def path(self, name: str, metavar: str, *, required: bool = False) -> None:
        """An option with a path."""
        self.parser.add_argument(name, type=Path, metavar=metavar, required=required, help=self._help((name,)))

    def several(self, name: str, metavar: str) -> None:
        """An option with a path that may be given more than once."""
        self.parser.add_argument(name, type=Path, action="append", metavar=metavar, help=self._help((name,)))

    def one_path(self, name: str, metavar: str, *, optional: bool = False) -> None:
        """A positional path; None where it may be left out and is."""
        nargs = "?" if optional else None
        self.parser.add_argument(name, type=Path, nargs=nargs, metavar=metavar, help=self._help((name,)))

    def paths(self, name: str, metavar: str, *, optional: bool = False) -> None:
        """One or more positional paths, or any number."""
        nargs = "*" if optional else "+"
        self.parser.add_argument(name, type=Path, nargs=nargs, metavar=metavar, help=self._help((name,)))

    def texts(self, name: str, metavar: str) -> None:
        """Any number of positional texts, none too."""
        self.parser.add_argument(name, nargs="*", metavar=metavar, help=self._help((name,)))

    def choice(self, name: str, choices: Sequence[str]) -> None:
        """A positional word out of a few."""
        self.parser.add_argument(name, choices=choices, help=self._help((name,)))

    def one_of(self, name: str, choices: Sequence[str], default: str) -> None:
        """An option with a word out of a few."""
        self.parser.add_argument(name, choices=choices, default=default, help=self._help((name,)))

    def optional(self, name: str, metavar: str) -> None:
        """A positional argument that may be left out."""
        self.parser.add_argument(name, nargs="?", default="", metavar=metavar, help=self._help((name,)))

    def _help(self, names: Sequence[str]) -> str:
        return worded(f"help.{self._command}.{names[-1].lstrip('-')}", {}, self._language).replace("%", "%%")


def language_of(given: Sequence[str]) -> Language:
    """The language to speak, found before the arguments are parsed: their errors are worded in it."""
    for place, word in enumerate(given):
        if word == "--language" and place + 1 < len(given):
            return choose_language(given[place + 1])
        if word.startswith("--language="):
            return choose_language(word.partition("=")[2])
    return choose_language()


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def as_share(text: str) -> float:
    """A share as people write it; ValueError if it is none between 0 and 1.

    >>> as_share("0.2"), as_share("20 %"), as_share("0"), as_share("1")
    (0.2, 0.2, 0.0, 1.0)
    """
    number = text.strip().replace(",", ".")
    share = float(number.removesuffix("%")) / (100 if number.endswith("%") else 1)
    if not 0 <= share <= 1:
        raise ValueError(text)
    return share


def as_rate(text: str) -> float:
    """An error rate as people write it; ValueError if it is none between 0 and 1.

    >>> as_rate("0.5/1000"), as_rate("0,001"), as_rate("2‰"), as_rate("0.1%")
    (0.0005, 0.001, 0.002, 0.001)
    """
    wrong, _, of = text.strip().replace("‰", "/1000").replace("%", "/100").replace(",", ".").partition("/")
    rate = float(wrong) / float(of or 1)
    if not (math.isfinite(rate) and 0 < rate < 1):
        raise ValueError(text)
    return rate
