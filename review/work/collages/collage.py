"""Crops that were read alike, side by side across forms: whoever looks strikes out the odd ones, the rest is answered.

What was shown is what an answer is about: a collage is kept when it is handed out. Among its crops are planted ones
whose figure is known; who leaves in one that does not belong has not looked, and nothing of the collage is kept.
"""

from __future__ import annotations

import json
import random
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from layouts.errors import QagazError
from review.answers import Act, now
from review.case import Layouts
from review.schema import Form
from review.told import Key
from review.work.answering import arrived
from review.work.claims import ClaimError, check_free, release
from review.work.collages.plants import Known, plants
from review.work.doubts import DASH
from review.work.saying import Given, add_event
from review.work.schema import Collage, Delivery, Doubt, Task, Watched
from review.work.staff.people import Worker, visible
from review.work.tasks import BY_COLLAGE, WAITING, Share, refresh

MOST = 36  # crops that are asked about; with the planted ones 40
LEAST = 2  # one alone is compared with nothing
MOST_OF_FORM = 3  # what one respondent writes says little of what others write
GROUPS = 12  # values offered to choose from
KEPT_FOR = timedelta(minutes=15)  # nobody else is shown what is in a collage for so long
READ_AT_ONCE = 200  # rows, until a collage is full
FORGOTTEN = timedelta(days=1)  # after which a collage handed out is answered no more


Spot = tuple[str, int, str]  # source, form, place


class CollageError(QagazError):
    """There is no such collage, or it was handed out to another person."""


@dataclass(frozen=True, slots=True)
class Group:
    """Figures read alike: what as ("" blank, "-" a dash), and how many of them there are."""

    value: str
    crops: int


@dataclass(frozen=True, slots=True)
class Crop:
    """One crop of a collage. `known` is what stands there where that is known from elsewhere: then it is planted."""

    source: str
    form: int
    place: str
    read: str  # hash of the reading that was shown
    known: str | None = None

    @property
    def key(self) -> Key:
        """Its form."""
        return self.source, self.form


@dataclass(frozen=True, slots=True)
class Handed:
    """A collage handed out."""

    id: str
    value: str
    crops: tuple[Crop, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a collage that was sent back."""

    kept: int = 0  # crops that became answers
    struck: int = 0  # left to be asked on their forms' pages
    passed: tuple[Key, ...] = ()  # forms taken, answered or read anew meanwhile, once for each crop
    missed: tuple[Crop, ...] = ()  # planted, odd, and not struck out: nothing was kept
    again: bool = False  # it had arrived before


def groups(session: Session, worker: Worker) -> list[Group]:
    """What there is to confirm side by side for this person, the largest first."""
    counted = func.count()
    wanted = select(Doubt.proposed, counted).where(*_showable(worker)).group_by(Doubt.proposed)
    largest = wanted.having(counted >= LEAST).order_by(counted.desc(), Doubt.proposed).limit(GROUPS)
    found = session.execute(largest).all()
    return [Group(value, int(crops)) for value, crops in found]


def hand_out(session: Session, worker: Worker, value: str, rng: random.Random | None = None) -> Handed | None:
    """A collage of figures read as `value`; None where there are too few of them, or no known crop to plant.

    Its crops are shown to nobody else for a while. What the person was handed out before is free again.
    """
    rng = rng or random.SystemRandom()
    _keep_for(session, _locked(session, Doubt.shown_to == worker.id), None)
    session.execute(delete(Collage).where(Collage.person == worker.id, Collage.at < now() - FORGOTTEN))
    asked = _reserved(session, worker, value)
    planted = plants(session, worker, value, len(asked), rng) if len(asked) >= LEAST else []
    if not planted:
        return None
    crops = asked + [_planted(known) for known in planted]
    rng.shuffle(crops)
    told = json.dumps([[c.source, c.form, c.place, c.read, c.known] for c in crops])
    kept = Collage(id=secrets.token_urlsafe(24), person=worker.id, value=value, crops=told, at=now())
    session.add(kept)
    session.flush()
    return Handed(kept.id, value, tuple(crops))


def in_hand(session: Session, worker: Worker) -> Handed | None:
    """The collage a person was handed out last, while its crops are kept for them and it was not answered."""
    waiting = (
        select(Collage)
        .outerjoin(Delivery, Delivery.token == Collage.id)
        .where(Collage.person == worker.id, Collage.at > now() - KEPT_FOR, Delivery.token.is_(None))
    )
    last = session.scalar(waiting.order_by(Collage.at.desc(), Collage.id).limit(1))
    if last is None:
        return None
    return Handed(last.id, last.value, _crops(last))


def answer(
    session: Session, layouts: Layouts, worker: Worker, collage: str, struck: Collection[int], share: Share
) -> Outcome:
    """Keep what a person says of a collage: `struck` are positions of crops that show something else.

    CollageError if it is not theirs. Sent twice, it is kept once. Nothing is kept where a planted crop that does not
    belong was left in. A crop is passed over where its form is another's by now, was answered or was read anew.
    """
    handed = session.get(Collage, collage)
    if handed is None or handed.person != worker.id:
        raise CollageError("error.collage-unknown")
    if arrived(session, collage):
        return Outcome(again=True)
    crops = _crops(handed)
    out = {at for at in struck if 0 <= at < len(crops)}
    missed = tuple(_watch(session, worker, handed.value, crops, out))
    if missed:
        return Outcome(missed=missed)
    odd = {crops[at] for at in out}
    asked = sorted((crop for crop in crops if crop.known is None), key=lambda crop: crop.key)
    kept, left = 0, 0
    passed: list[Key] = []
    for key, of_form in groupby(asked, key=lambda crop: crop.key):  # in one order, or two people wait for each other
        shown = list(of_form)
        fine = _still_open(session, worker, key, handed.value, shown)
        passed += [key for crop in shown if crop not in fine]
        for crop in odd & fine.keys():
            fine[crop].struck = True
        if said := [crop for crop in fine if crop not in odd]:
            _say(session, layouts, worker, said, handed.value, share)
        kept, left = kept + len(said), left + len(fine) - len(said)
    return Outcome(kept, left, tuple(passed))


def _planted(known: Known) -> Crop:
    return Crop(known.source, known.form, known.place, known.read, known.value)


def _showable(worker: Worker) -> list[ColumnElement[bool]]:
    """Doubts of forms the person may see, which nobody else works on or was just shown, none struck out.

    Only waiting forms have doubts. Of their tasks only those are looked at that somebody holds, and where there are
    several departments: counting a long queue must not take longer than reading an index.
    """
    unseen = or_(Doubt.shown_to.is_(None), Doubt.shown_to == worker.id, Doubt.shown_until <= now())
    held = select(Task.source, Task.form).where(Task.holder != worker.id, Task.held_until > now())
    conditions = [~Doubt.struck, unseen, tuple_(Doubt.source, Doubt.form).not_in(held)]
    if not worker.everywhere:
        seen = select(Task.source, Task.form).where(Task.state.in_(WAITING), visible(worker, Task.department))
        conditions.append(tuple_(Doubt.source, Doubt.form).in_(seen))
    return conditions


def _reserved(session: Session, worker: Worker, value: str) -> list[Crop]:
    """Crops read as `value`, a few of each form, kept for this person from now on."""
    wanted = select(Doubt.source, Doubt.form, Doubt.place).where(Doubt.proposed == value, *_showable(worker))
    in_turn = wanted.order_by(Doubt.source, Doubt.form, Doubt.place).execution_options(yield_per=READ_AT_ONCE)
    few: Counter[Key] = Counter()
    these: list[Spot] = []
    with closing(session.execute(in_turn)) as rows:
        for source, form, place in rows:
            few[source, form] += 1
            if few[source, form] <= MOST_OF_FORM:
                these.append((source, form, place))
            if len(these) == MOST:
                break
    if not these:
        return []
    unseen = or_(Doubt.shown_to.is_(None), Doubt.shown_to == worker.id, Doubt.shown_until <= now())
    spots = _locked(session, _among(these), unseen)
    _keep_for(session, spots, worker.id)
    papers = select(Form.source, Form.form, Form.content).where(Form.source.in_({spot[0] for spot in spots}))
    read = {(source, form): content for source, form, content in session.execute(papers)}
    return [Crop(*spot, read[spot[:2]]) for spot in spots]


def _locked(session: Session, *conditions: ColumnElement[bool]) -> list[Spot]:
    """Doubts that nobody is changing: of two who are handed out collages at once, one gets a crop."""
    wanted = select(Doubt.source, Doubt.form, Doubt.place).where(*conditions).with_for_update(skip_locked=True)
    return [(source, form, place) for source, form, place in session.execute(wanted)]


def _keep_for(session: Session, spots: Sequence[Spot], person: int | None) -> None:
    until = None if person is None else now() + KEPT_FOR
    told = ("source", "form", "place", "shown_to", "shown_until")
    if spots:
        session.execute(update(Doubt), [dict(zip(told, (*spot, person, until), strict=True)) for spot in spots])


def _among(spots: Sequence[Spot]) -> ColumnElement[bool]:
    return tuple_(Doubt.source, Doubt.form, Doubt.place).in_(spots)


def _crops(collage: Collage) -> tuple[Crop, ...]:
    return tuple(Crop(*told) for told in json.loads(collage.crops))


def _watch(
    session: Session, worker: Worker, value: str, crops: Sequence[Crop], struck: Collection[int]
) -> Iterator[Crop]:
    """Note of every planted crop whether it was struck out; those that should have been and were not."""
    for at, crop in enumerate(crops):
        if crop.known is None:
            continue
        belongs, out = crop.known == value, at in struck
        told = {"source": crop.source, "form": crop.form, "place": crop.place}
        session.add(Watched(who=worker.login, **told, belongs=belongs, struck=out, at=now()))
        if not belongs and not out:
            yield crop


def _still_open(session: Session, worker: Worker, key: Key, value: str, crops: Iterable[Crop]) -> dict[Crop, Doubt]:
    """Those crops of a form that are asked about as they were shown; none where somebody else works on it. Locks it."""
    try:
        task = check_free(session, worker, key)
    except ClaimError:
        return {}
    form = session.get(Form, key, populate_existing=True)
    if task.state not in WAITING or form is None:
        return {}
    found = {crop: session.get(Doubt, (*key, crop.place), populate_existing=True) for crop in crops}
    return {
        crop: doubt
        for crop, doubt in found.items()
        if doubt is not None and doubt.proposed == value and crop.read == form.content
    }


def _say(session: Session, layouts: Layouts, worker: Worker, crops: Sequence[Crop], value: str, share: Share) -> None:
    """The crops of one form become answers."""
    key = crops[0].key
    for crop in crops:
        said = "0" if value == DASH else value
        add_event(session, key, Given(*key, crop.place, said, BY_COLLAGE, worker.login), Act.ANSWER, said)
    task = refresh(session, layouts, key, share, who=worker.login)
    if task.state not in WAITING:
        release(session, worker, key)
