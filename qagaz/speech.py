"""In which language qagaz speaks, and where: messages go to stderr, results to stdout."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping

from layouts.errors import QagazError
from layouts.problems import BadLayout, explain
from layouts.words import LANGUAGES, Language, has, say

VARIABLE = "QAGAZ_LANGUAGE"
LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
DEFAULT: Language = "en"


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
    _print(worded(message_id, parameters, language))


def tell_error(error: QagazError, language: Language) -> None:
    """What went wrong; errors with several problems bring their own words, one a line."""
    if isinstance(error, BadLayout):
        _print(explain(error, language))
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
