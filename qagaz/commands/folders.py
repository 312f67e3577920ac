"""The folder that a command writes into."""

from __future__ import annotations

from pathlib import Path

from layouts.errors import OutputError
from layouts.words import Language
from qagaz.private import Found, make_private
from qagaz.speech import tell


def own_folder(folder: Path, language: Language) -> None:
    """Make it, for its owner alone; where others could look into it, that is said. OutputError if it cannot be made."""
    try:
        found = make_private(folder)
    except OSError as error:
        raise OutputError("error.cannot-write", file=folder.name, detail=error.strerror or "") from error
    if found is not Found.CLOSED:
        tell(f"told.folder-{found}", language, folder=folder)
