"""The differences as one page that needs nothing beside it: no script, no address, pictures and looks inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from layouts.words import Language
from qagaz.diff.manifests import Setting
from qagaz.diff.records import Change, Kind
from qagaz.diff.shown import NO_PICTURE, Crops, Gathered
from qagaz.diff.words import Face, about, faces, title
from qagaz.offline import written
from qagaz.speech import worded
from review.station.words import number

FOLDER = Path(__file__).parent / "templates"
STYLE = "diff.css"
PAGE = "diff.html"
LONGEST_SETTING = 300  # characters of a setting that are shown


@dataclass(frozen=True, slots=True)
class Item:
    """One difference on the page."""

    change: Change
    before: Face
    after: Face
    picture: str  # a data address; "" where there is none
    pictured: bool  # whether there should be one


@dataclass(frozen=True, slots=True)
class Group:
    """All differences of one kind, of which the first are shown."""

    kind: Kind
    title: str
    about: str
    count: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What stands above the differences."""

    before: str
    after: str
    settings: tuple[Setting, ...]
    papers: int
    forms: int
    renamed: int


def write_page(told: Told, gathered: Gathered, crops: Crops, language: Language) -> Iterator[str]:
    """The page, piece by piece."""

    def say(message: str, **parameters: object) -> str:
        return worded(message, {name: _shown(value, language) for name, value in parameters.items()}, language)

    groups = [_group(kind, gathered, crops, language) for kind in Kind if gathered.counts[kind]]
    settings = [Setting(s.name, _cut(s.before), _cut(s.after)) for s in told.settings]
    yield from written(
        FOLDER / PAGE, FOLDER / STYLE,
        say=say, number=lambda value: number(value, language), language=language, told=told, settings=settings,
        groups=groups, missing=sorted(crops.missing),
    )  # fmt: skip


def _group(kind: Kind, gathered: Gathered, crops: Crops, language: Language) -> Group:
    items = []
    for change in gathered.first[kind]:
        before, after = faces(change, language)
        pictured = kind not in NO_PICTURE and change.spot.page is not None
        items.append(Item(change, before, after, crops.of(change) if pictured else "", pictured))
    return Group(kind, title(kind, language), about(kind, language), gathered.counts[kind], tuple(items))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SETTING else text[:LONGEST_SETTING] + "…"


def _shown(value: object, language: Language) -> object:
    return number(value, language) if isinstance(value, int) else value
