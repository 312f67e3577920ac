"""All that was ever said of one place, in the order it was said, with what was taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from review.answers import SILENT, Act, Answer, Origin
from review.figures import FinalFigure
from review.schema import Event


@dataclass(frozen=True, slots=True)
class Word:
    """One event as it was kept."""

    number: int  # of the event in its store: a later one is higher
    place: str  # the cell or field itself, a rule it is part of (`s2.columns@s2/1.7/1`), or `form`
    act: Act
    origin: Origin
    value: str
    note: str
    who: str
    versions: str  # hash of what the machine read with; "" for people
    at: datetime
    undone_by: int = 0  # number of the event that took it back; 0 where none did

    @property
    def answer(self) -> Answer:
        """The same as an answer."""
        return Answer(self.act, self.origin, self.value, self.note, self.who, self.at, self.number)


@dataclass(frozen=True, slots=True)
class History:
    """What the store knows of one place of one form."""

    source: str
    file: str
    form: int
    status: str  # of the form
    words: tuple[Word, ...]  # oldest first
    standing: Answer | None  # people's word about the place itself that counts now
    left_out: bool  # a person said that the form does not count
    final: FinalFigure | None  # as it leaves; None where the form awaits review, is left out, or this is no figure


def words_of(events: Iterable[Event]) -> tuple[Word, ...]:
    """Events in order as words: an undo takes back the last answer about its place that still stands."""
    words: dict[int, Word] = {}
    standing: dict[str, list[int]] = {}
    for event in events:
        act = Act(event.act)
        origin, told = Origin(event.origin), (event.value, event.note, event.who, event.versions)
        words[event.id] = Word(event.id, event.place, act, origin, *told, event.at)
        said = standing.setdefault(event.place, [])
        if act is Act.UNDO and said:
            taken = said.pop()
            words[taken] = replace(words[taken], undone_by=event.id)
        elif act is not Act.UNDO and act not in SILENT:
            said.append(event.id)
    return tuple(words.values())
