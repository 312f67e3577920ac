"""Pages from templates: every text escaped, every word in the reader's language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from layouts.words import LANGUAGES, Language, has
from review.station.menu import menu
from review.station.words import day, moment, number, reason_worded, worded

if TYPE_CHECKING:
    from review.station.ask import Ask

HERE = Path(__file__).parent
STATIC = HERE / "static"


def show(ask: Ask, template: str, *, status: int = 200, **told: Any) -> HTMLResponse:
    """A page, or a part of one."""
    language = ask.language
    words = {
        "t": partial(_marked, language),
        "reason": partial(reason_worded, language=language),
        "number": partial(number, language=language),
        "day": partial(day, language=language),
        "moment": partial(moment, language=language),
    }
    known = {"ask": ask, "worker": ask.worker, "language": language, "languages": LANGUAGES, **words}
    return HTMLResponse(_templates().get_template(template).render(**known, **told), status)


def static(name: str) -> str:
    """The address of a file of the station, which changes with what is in it."""
    return f"/static/{name}?{_version(name)}"


def _marked(language: Language, message_id: str, told: Mapping[str, object] | None = None, **more: object) -> str:
    """A message, as text: what it is told is escaped with it."""
    return worded(message_id, language, **{**(told or {}), **more})


@cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(static=static, menu=menu)
    return made


def unavailable(language: Language) -> HTMLResponse:
    """The database does not answer: what was kept is kept, and the same may be sent again."""
    return HTMLResponse(plain_page(503, language), 503, {"retry-after": "5"})


def plain_page(status: int, language: Language) -> str:
    """A page for whoever may be anybody: it says no more than that something is not to be had."""
    message = f"station.status-{status}" if has(f"station.status-{status}") else "station.status-500"
    return (
        _templates()
        .get_template("refused.html")
        .render(status=status, language=language, t=partial(_marked, language), message=message)
    )
