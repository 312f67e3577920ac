"""In which language qagaz speaks, and where: messages go to stderr, results to stdout."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from layouts.errors import QagazError
from layouts.problems import BadLayout, explain
from layouts.words import LANGUAGES, Language, has, say

VARIABLE = "QAGAZ_LANGUAGE"
LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
DEFAULT: Language = "en"
OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What terminals obey or cannot show: C0 but tab and line ends, C1, marks of direction, bytes that are no text."""
UNPRINTABLE = re.compile(f"{OBEYED.pattern}|[\t\n\r]")


def choose_language(option: str | None = None, environment: Mapping[str, str] = os.environ) -> Language:
    """The language to speak: the option, else QAGAZ_LANGUAGE, else the locale's, else English.

    >>> choose_language(None, {"LANG": "kk_KZ.UTF-8"}), choose_language("ru", {"LANG": "kk_KZ"})
    ('kk', 'ru')
    """
    locale = next((environment[name] for name in LOCALE_VARIABLES if environment.get(name)), "")
    for wanted in (option, environment.get(VARIABLE), locale[:2]):
        for language in LANGUAGES:
            if wanted == language:
                return language
    return DEFAULT


def tell(message_id: str, language: Language, **parameters: object) -> None:
    """A message to the person at the terminal."""
    shown = {name: plain(str(value)) for name, value in parameters.items()}
    _print(worded(message_id, shown, language))


def plain(text: str) -> str:
    r"""A name or other foreign text on one line, without anything that a terminal would obey or that turns text about.

    >>> plain("a\x1b[31m\nb"), plain("cod.\u202efdp"), plain("Қағаз 1.pdf")
    ('a\\x1b[31m\\x0ab', 'cod.\\u202efdp', 'Қағаз 1.pdf')
    """
    return UNPRINTABLE.sub(_escaped, text)


def _escaped(hit: re.Match[str]) -> str:
    code = ord(hit[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


class Guarded:
    """A terminal that is sent no control characters but line ends, tabs and returns; else the stream itself."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Writes it, escaped where needed; how many characters were given."""
        self._stream.write(OBEYED.sub(_escaped, text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def guard_terminal() -> None:
    """From now on what is printed to a terminal is harmless, whatever files are called and whatever they say."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and stream.isatty() and not isinstance(stream, Guarded):
            setattr(sys, name, Guarded(stream))


def tell_error(error: QagazError, language: Language) -> None:
    """What went wrong; errors with several problems bring their own words, one a line."""
    if isinstance(error, BadLayout):
        _print(OBEYED.sub(_escaped, explain(error, language)))
    else:
        tell(error.message_id, language, **error.parameters)


def _print(words: str) -> None:
    """To stderr; where that takes no more (a file on the disk that is full), the exit status still tells."""
    with contextlib.suppress(OSError):
        print(words, file=sys.stderr)


def worded(message_id: str, parameters: Mapping[str, object], language: Language) -> str:
    """The message in words; an id the catalogue does not know stays as it is, with what it was told."""
    if has(message_id):
        return say(message_id, parameters, language)
    told = ", ".join(f"{name}={value}" for name, value in sorted(parameters.items()))
    return f"{message_id} ({told})" if told else message_id


def reason_in_words(code: str, language: Language) -> str:
    """A reason code as a sentence."""
    for kind in ("reason", "error"):
        if has(f"{kind}.{code}"):
            return say(f"{kind}.{code}", {}, language)
    return code
