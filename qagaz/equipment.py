"""Layouts, readers and settings of a run, made once in each worker process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from extract.records import Source
from layouts.load import load_layouts, load_notices, shipped_layouts, shipped_notices
from layouts.model import Layout, Notice
from qagaz.knowledge import KnowledgeFiles
from qagaz.learned import Learned
from qagaz.results import Digitise
from qagaz.versions import Versions, versions_of
from validate.records import CheckedForm
from validate.settings import Settings


@dataclass(frozen=True, slots=True)
class Equipment:
    """What to read with. Called, it loads everything and gives the function that digitises one source."""

    layouts: Path | None = None  # a folder of further layouts
    settings: Settings = field(default_factory=Settings)
    knowledge: KnowledgeFiles = field(default_factory=KnowledgeFiles)
    learned: Learned | None = None  # readers that were learnt; None: the shipped ones

    def __call__(self) -> Digitise:
        """Loads models and layouts: seconds, once a process. QagazError if something is missing or wrong."""
        # Imported here: the process that only hands out files starts without models and their libraries.
        from extract.readers.default import default_readers  # noqa: PLC0415
        from qagaz.pipeline import digitise  # noqa: PLC0415
        from validate.trust import shipped_trust  # noqa: PLC0415

        layouts, notices = known_forms(self.layouts)
        readers = self.learned.readers() if self.learned else default_readers()
        trust, knowledge = shipped_trust(), self.knowledge.load()

        def digitise_one(source: Source) -> Iterator[CheckedForm | Notice]:
            return digitise(source, layouts, notices, readers, self.settings, trust, knowledge)

        return digitise_one

    @property
    def needs(self) -> tuple[Path, ...]:
        """What it reads beside what ships."""
        files = self.knowledge
        learned = self.learned.folder if self.learned else None
        return tuple(path for path in (self.layouts, files.previous, files.respondents, files.kato, learned) if path)

    def versions(self) -> Versions:
        """With what it reads. GivenTableError if what is known from elsewhere cannot be used."""
        known, given = self.knowledge.load().digest, self.knowledge.named()
        learned = (self.learned.name, self.learned.files()) if self.learned else ("", {})
        return versions_of(self._files(), repr(self.settings), known, given, learned)

    def _files(self) -> list[Path]:
        folders = [Path(str(resources.files("layouts") / "data"))]
        folders += [self.layouts] if self.layouts else []
        return [file for folder in folders for file in folder.glob("*.toml")]


def known_forms(folder: Path | None) -> tuple[dict[str, Layout], tuple[Notice, ...]]:
    """The layouts and notices that ship, and a folder's: its layouts replace shipped ones of the same id."""
    layouts, notices = shipped_layouts(), shipped_notices()
    if folder is not None:
        layouts |= load_layouts(folder)
        notices += load_notices(folder)
    return layouts, notices
