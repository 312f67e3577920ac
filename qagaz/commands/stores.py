"""The store that a command about questions and answers works on."""

from __future__ import annotations

from pathlib import Path

from layouts.errors import QagazError
from qagaz.arguments import Arguments
from qagaz.own_forms import forms_of
from review.store import FILE, Store


class NoStoreError(QagazError):
    """The folder is no result folder: nothing was read into it."""


def add_store(arguments: Arguments) -> None:
    """The result folder and the address of its store."""
    arguments.one_path("folder", "DIR")
    arguments.add("--db", metavar="URL", default="")


def open_store(folder: Path, url: str) -> Store:
    """The store of a result folder, or the one at this address; NoStoreError if there is none yet."""
    if url:
        return Store(url, forms_of(folder))
    if not (folder / FILE).is_file():
        raise NoStoreError("error.no-store", file=folder)
    return Store.beside(folder, forms_of(folder))
