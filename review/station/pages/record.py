"""The record of everything that was done: read by those who answer for it, and checked."""

from __future__ import annotations

from itertools import islice

from starlette.responses import Response

from layouts.words import has
from review.station.ask import Ask
from review.station.shown import show
from review.work.audit import Broken, end_of, verify
from review.work.log import LINES, Wish, log, people

AT_ONCE = 2000  # entries that are checked with every look at them; more of them only when asked
MOST_SHOWN = 100  # breaks: more of them tell no more


def show_record(ask: Ask) -> Response:
    """Entries, latest first, of one person or about one form where that is wanted."""
    with ask.desk.store.database.reading() as session:
        short = end_of(session).count <= AT_ONCE
    return _page(ask, _breaks(ask, "") if short else None)


def check(ask: Ask) -> Response:
    """Whether the whole chain fits, and still holds an end that was noted."""
    head = ask.text("head").strip().lower()
    return _page(ask, _breaks(ask, head), head)


def _breaks(ask: Ask, head: str) -> list[Broken]:
    with ask.desk.store.database.reading() as session:
        return list(islice(verify(session, head), MOST_SHOWN + 1))


def _page(ask: Ask, breaks: list[Broken] | None, head: str = "") -> Response:
    wish = Wish(ask.query.get("who", ""), ask.query.get("form", "").strip(), ask.number("before"))
    with ask.desk.store.database.reading() as session:
        lines = log(session, ask.person, wish)
        return show(
            ask, "record.html", lines=lines[:LINES], more=len(lines) > LINES, wish=wish, breaks=breaks, head=head,
            end=end_of(session), people=people(session, ask.person), most=MOST_SHOWN, act_id=act_id,
        )  # fmt: skip


def act_id(act: str) -> str:
    """The catalogue's id for what was done; the bare word where the catalogue has none."""
    return f"act.{act}" if has(f"act.{act}") else act
