"""Watch over noughts that are accepted side by side: a card of another form among them, shown as what it is not.

No sum tells a blank from a dash, so nothing but a look finds one that is read wrong. In some such looks one card is
planted: a cell of another form at the same place, of which it is known what stands there, shown as the other. The form
has a cell of its own there in which the same stands as surely: its page shows nothing else than the card. Whoever
leaves the card as it is has not looked: nothing of the look is kept, and its noughts are asked one by one. So they are
where nothing can be planted, of people who have yet to show that they look.
"""

from __future__ import annotations

import json
import random
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from review.answers import AnswerError, now, parse_answer
from review.case import Case
from review.questions import NOUGHTS
from review.schema import Cell
from review.told import Key
from review.work.claims import check_claim
from review.work.collages.plants import certain
from review.work.schema import Look, Watched
from review.work.staff.people import Worker
from validate.records import Status

WATCHED = 0.2  # share of looks with a planted card, of people who have shown that they look
PROVEN = 3  # planted ones seen in a row, of any kind: until then, and after one that was missed, every look has one
FORGOTTEN = timedelta(days=1)  # after which a look that was handed out is answered no more
OPEN, SEEN, MISSED, APART = "open", "seen", "missed", "apart"  # the last: nobody would see whether it was looked at


@dataclass(frozen=True, slots=True)
class Planted:
    """A card of another form: the place it is shown at, where it lies, what is known to stand there, what is shown."""

    at: str
    source: str
    form: int
    place: str
    known: str  # "" blank, else the nought as it is written
    shown: str  # value, "" or "0"


@dataclass(frozen=True, slots=True)
class Handed:
    """A look handed out: its cards by their places, in the order of the form, the planted one among them."""

    id: str
    places: tuple[str, ...]
    planted: Planted | None
    apart: bool = False  # no look: its noughts are asked one by one

    @property
    def own(self) -> tuple[str, ...]:
        """The form's own noughts."""
        return tuple(place for place in self.places if self.planted is None or place != self.planted.at)

    @property
    def card(self) -> int:
        """Which of the cards is the planted one; -1 where none is."""
        return self.places.index(self.planted.at) if self.planted else -1

    def lies(self, key: Key, card: int) -> tuple[str, int, str] | None:
        """Source, form and place of a card of the form `key`; None where there is no such."""
        if not 0 <= card < len(self.places):
            return None
        if self.planted is not None and card == self.card:
            return self.planted.source, self.planted.form, self.planted.place
        return (*key, self.places[card])


@dataclass(frozen=True, slots=True)
class Looked:
    """A look that was sent back; `missed`: its planted card was left as it was shown, and nothing is to be kept."""

    look: Handed
    missed: bool


def in_hand(session: Session, worker: Worker, key: Key, places: Sequence[str], share: float) -> Handed | None:
    """The look at these noughts of a form that a person was handed out last and has not answered.

    One without a planted card holds only as long as the person may go unwatched.
    """
    unwatched = share <= 0 or _has_looked(session, worker)
    mine = (Look.person == worker.id, Look.source == key[0], Look.form == key[1], Look.state == OPEN)
    for look in session.scalars(select(Look).where(*mine).order_by(Look.at.desc(), Look.id)):
        handed = _handed(look)
        if handed.own == tuple(places) and (handed.planted or unwatched):
            return handed
    return None


def hand_out(
    session: Session, worker: Worker, case: Case, places: Sequence[str], share: float, rng: random.Random | None = None
) -> Handed:
    """A look at these noughts of a form; with a planted card where it is drawn so and there is one to plant."""
    rng = rng or random.SystemRandom()
    old = (Look.person == worker.id, Look.state == OPEN, Look.at < now() - FORGOTTEN)
    session.execute(delete(Look).where(*old))
    proven = share <= 0 or _has_looked(session, worker)
    planted = _planted(session, worker, case, places, rng) if not proven or rng.random() < share else None
    order = [cell.place for cell in case.cells]
    shown = sorted([*places, *([planted.at] if planted else [])], key=order.index)
    look = Look(
        id=secrets.token_urlsafe(24), person=worker.id, source=case.form.source, form=case.form.form,
        places=json.dumps(shown), planted=json.dumps(asdict(planted)) if planted else "",
        state=OPEN if proven or planted else APART, at=now(),
    )  # fmt: skip
    session.add(look)
    session.flush()
    return _handed(look)


def handed_out(session: Session, worker: Worker, key: Key, look: str) -> Handed:
    """A look by its name; AnswerError if it is not this person's at this form."""
    return _handed(_look(session, worker, key, look))


def check(session: Session, worker: Worker, key: Key, look: str, said: Mapping[str, str]) -> Looked:
    """Note whether the planted card was seen, by what was typed at each place.

    AnswerError if the look is not this person's, or not all of its cards are told of; ClaimError if the form is not
    in their hands. Sent twice, it is noted once.
    """
    kept = _look(session, worker, key, look)
    handed = _handed(kept)
    if handed.apart or set(handed.places) - said.keys():
        raise AnswerError("error.look-unknown")
    if kept.state == OPEN:
        check_claim(session, worker, key)
        kept.state = SEEN
        if (planted := handed.planted) is not None:
            _act, value = parse_answer(planted.at, said[planted.at], figure=True)
            seen = value != planted.shown
            kept.state = SEEN if seen else MISSED
            crop = {"source": planted.source, "form": planted.form, "place": planted.place}
            session.add(Watched(who=worker.login, **crop, belongs=False, struck=seen, at=now()))
        session.flush()
    return Looked(handed, missed=kept.state == MISSED)


def apart(session: Session, key: Key) -> frozenset[str]:
    """Noughts of a form that are asked one by one: accepted without a look, or nobody would see whether they were."""
    of_form = (Look.source == key[0], Look.form == key[1], Look.state.in_((MISSED, APART)))
    return frozenset(place for look in session.scalars(select(Look).where(*of_form)) for place in _handed(look).own)


def _look(session: Session, worker: Worker, key: Key, look: str) -> Look:
    found = session.get(Look, look)
    if found is None or (found.person, found.source, found.form) != (worker.id, *key):
        raise AnswerError("error.look-unknown")
    return found


def _handed(look: Look) -> Handed:
    planted = Planted(**json.loads(look.planted)) if look.planted else None
    return Handed(look.id, tuple(json.loads(look.places)), planted, look.state == APART)


def _has_looked(session: Session, worker: Worker) -> bool:
    """Whether the last planted cards were all seen."""
    odd = select(Watched.struck).where(Watched.who == worker.login, ~Watched.belongs)
    last = session.scalars(odd.order_by(Watched.id.desc()).limit(PROVEN)).all()
    return len(last) == PROVEN and all(last)


def _planted(session: Session, worker: Worker, case: Case, places: Sequence[str], rng: random.Random) -> Planted | None:
    """A card that is shown as most of the others are, if there is one, else as the others are not."""
    asked = {question.place for question in case.questions}
    readings = Counter(cell.value for cell in case.cells if cell.place in set(places))
    for shown in sorted(NOUGHTS, key=lambda value: -readings[value]):
        (known,) = NOUGHTS - {shown}
        own = [c.place for c in case.cells if _is_sure(c, known) and c.place not in case.answers.keys() | asked]
        others = (Cell.place.in_(own), Cell.source != case.form.source)
        if own and (found := certain(session, worker, rng, [known], *others)):
            one = rng.choice(found)
            return Planted(one.place, one.source, one.form, one.place, one.value, shown)
    return None


def _is_sure(cell: Cell, value: str) -> bool:
    located = cell.page is not None and cell.x0 is not None
    return located and cell.figure and cell.status == Status.ACCEPTED.value and cell.value == value
