"""The words qagaz speaks: messages by id, in Kazakh, Russian and English, from the files beside this one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal, get_args

from layouts.errors import QagazError

Language = Literal["kk", "ru", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_INNER = re.compile(r"\{=(\w+)\}")  # a parameter that names another message, said with the same parameters

Entry = Mapping[Language, str]
Parameters = Mapping[str, object] | Iterable[tuple[str, object]]


class UnknownMessage(QagazError, KeyError):
    """No file of the catalogue has a message of this id."""


class BadCatalogue(QagazError):
    """A file of the catalogue is broken: no TOML, an id that another file has too, a language left out."""


def say(message_id: str, parameters: Parameters, language: Language) -> str:
    """The message in one language, its {placeholders} filled in; one without a parameter stays as it is.

    A placeholder {=name} stands for another message, whose id the parameter is; it is said with the same parameters.
    Raises UnknownMessage if no file of the catalogue has the id.
    """
    known = dict(parameters)
    return _PLACEHOLDER.sub(lambda hit: str(known.get(hit[1], hit[0])), _text(message_id, known, language))


def _text(message_id: str, known: Mapping[str, object], language: Language) -> str:
    """The wording with the messages inside it, its other placeholders still open."""
    return _INNER.sub(
        lambda hit: _text(str(known[hit[1]]), known, language) if hit[1] in known else hit[0],
        _entry(message_id)[language],
    )


def has(message_id: str) -> bool:
    """Whether the catalogue has a message of this id."""
    return message_id in catalogue()


def codes(kind: str) -> tuple[str, ...]:
    """Every code of one kind, sorted and without the kind: the documented reasons are `codes("reason")`."""
    return tuple(sorted(key.removeprefix(f"{kind}.") for key in catalogue() if key.startswith(f"{kind}.")))


def placeholders(text: str) -> frozenset[str]:
    """The names in braces that a wording asks for.

    >>> sorted(placeholders("{file}: page {page}"))
    ['file', 'page']
    """
    return frozenset(_PLACEHOLDER.findall(text))


def _entry(message_id: str) -> Entry:
    try:
        return catalogue()[message_id]
    except KeyError:
        raise UnknownMessage("error.unknown-message", id=message_id) from None


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every message id with its wordings; BadCatalogue if a file is broken."""
    folder = resources.files("layouts") / "messages"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return merge_catalogues(files)


def merge_catalogues(files: list[Traversable]) -> Mapping[str, Entry]:
    """The messages of several files together; BadCatalogue if two have the same id."""
    merged: dict[str, Entry] = {}
    origin: dict[str, str] = {}
    for file in files:
        for message_id, entry in _entries("", _toml(file), file.name):
            if message_id in merged:
                raise BadCatalogue("error.message-twice", id=message_id, first=origin[message_id], second=file.name)
            merged[message_id] = entry
            origin[message_id] = file.name
    return merged


def _toml(file: Traversable) -> Mapping[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise BadCatalogue("error.message-file", file=file.name, detail=broken) from broken


def _entries(prefix: str, table: Mapping[str, object], file: str) -> Iterator[tuple[str, Entry]]:
    """Tables of wordings, however deep they lie; a group of messages has only tables in it."""
    for key, value in table.items():
        message_id = f"{prefix}{key}"
        if not isinstance(value, dict):
            raise BadCatalogue("error.message-incomplete", file=file, id=prefix.rstrip(".") or key)
        if any(isinstance(inner, str) for inner in value.values()):
            yield message_id, _wordings(message_id, value, file)
        else:
            yield from _entries(f"{message_id}.", value, file)


def _wordings(message_id: str, table: Mapping[str, object], file: str) -> Entry:
    texts = {language: text for language in LANGUAGES if isinstance(text := table.get(language), str) and text}
    if set(texts) != set(table) or len(texts) != len(LANGUAGES):
        raise BadCatalogue("error.message-incomplete", file=file, id=message_id)
    return texts
