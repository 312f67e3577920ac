"""Log in, log out, and the language spoken."""

from __future__ import annotations

from sqlalchemy import func, select
from starlette.responses import RedirectResponse, Response

from layouts.words import LANGUAGES
from review.station.ask import Ask
from review.station.guard import SPOKEN
from review.station.shown import show
from review.station.visits import COOKIE, LASTS, LoginError, log_in, log_out
from review.work.schema import Person

YEAR = 366 * 24 * 3600  # seconds


def show_login(ask: Ask) -> Response:
    """The log-in page; who is logged in already goes on."""
    if ask.worker is not None:
        return RedirectResponse(safe_target(ask.query.get("next", "")), 303)
    return _page(ask, ask.query.get("next", ""))


def log_in_now(ask: Ask) -> Response:
    """Log in and go where one wanted to."""
    target = ask.text("next")
    try:
        with ask.desk.store.database.writing() as session:
            key = log_in(session, ask.text("login"), ask.text("password"), ask.address)
            trouble = None if key else LoginError("error.login-wrong")
    except LoginError as error:
        key, trouble = None, error
    if key is None or trouble is not None:
        return _page(ask, target, trouble)
    response = RedirectResponse(safe_target(target), 303)
    response.set_cookie(
        COOKIE, key, max_age=int(LASTS.total_seconds()), httponly=True, samesite="strict", secure=ask.desk.secure
    )
    return response


def log_out_now(ask: Ask) -> Response:
    """Log out; the key is worth nothing afterwards."""
    with ask.desk.store.database.writing() as session:
        log_out(session, ask.cookie)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE)
    return response


def speak(ask: Ask) -> Response:
    """Speak another language from now on."""
    language = ask.text("language")
    response = RedirectResponse(safe_target(ask.text("next")), 303)
    if language in LANGUAGES:
        response.set_cookie(SPOKEN, language, max_age=YEAR, samesite="lax", secure=ask.desk.secure)
    return response


def safe_target(target: str) -> str:
    """Where to go after a form was sent: a path of the station, never another site.

    >>> safe_target("/forms/ab/1?x=1"), safe_target("//evil.example"), safe_target("https://evil.example")
    ('/forms/ab/1?x=1', '/', '/')
    """
    fine = (
        target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable() and "\\" not in target
    )
    return target if fine else "/"


def _page(ask: Ask, target: str, trouble: LoginError | None = None) -> Response:
    with ask.desk.store.database.reading() as session:
        nobody = not session.scalar(select(func.count()).select_from(Person))
    status = 200 if trouble is None else 401
    return show(ask, "login.html", status=status, target=target, trouble=trouble, nobody=nobody)
