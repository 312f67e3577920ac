"""The program with readers that die of certain papers: `python -m tests.qagaz.load.poison read …`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from extract.records import Source
from layouts.model import Notice
from qagaz import cli
from qagaz.commands import read
from qagaz.commands.reading import equipment_of
from qagaz.equipment import Equipment
from qagaz.results import Digitise
from tests.qagaz.load.batch import DEADLY
from validate.records import CheckedForm


@dataclass(frozen=True, slots=True)
class Poisoned(Equipment):
    """The real readers; the process that opens a deadly paper ends like one whose library crashed."""

    def __call__(self) -> Digitise:
        """Loads what the program loads."""
        digitise = Equipment.__call__(self)

        def digitise_one(source: Source) -> Iterator[CheckedForm | Notice]:
            if source.path.is_file() and source.path.read_bytes().endswith(DEADLY):
                os.abort()
            return digitise(source)

        return digitise_one


def poisoned(parsed: argparse.Namespace) -> Poisoned:
    """What the program reads with, poisoned."""
    wanted = equipment_of(parsed)
    return Poisoned(wanted.layouts, wanted.settings, wanted.knowledge)


if __name__ == "__main__":
    from tests.qagaz.load import poison  # under its own name, so that workers find the class

    read.equipment_of = poison.poisoned
    sys.exit(cli.main())
