"""Log in, log out, and the language spoken."""

from __future__ import annotations

from sqlalchemy import func, select
from starlette.responses import RedirectResponse, Response

from layouts.words import LANGUAGES, Language
from review.station.ask import Ask
from review.station.guard import BEFORE, SPOKEN
from review.station.shown import show
from review.station.visits import COOKIE, LASTS, LoginError, log_in, log_out
from review.work.schema import Person
from review.work.staff.accounts import speak as speak_to

YEAR = 366 * 24 * 3600  # seconds


def show_login(ask: Ask) -> Response:
    """The log-in page; who is logged in already goes on."""
    if ask.worker is not None:
        return RedirectResponse(safe_target(ask.query.get("next", "")), 303)
    return _page(ask, ask.query.get("next", ""))


def log_in_now(ask: Ask) -> Response:
    """Log in and go where one wanted to. The keys from before are worth nothing afterwards."""
    target = ask.text("next")
    try:
        key = log_in(
            ask.desk.store.database, ask.text("login"), ask.text("password"), ask.address, before=ask.cookie
        )  # fmt: skip
    except LoginError as error:
        return _page(ask, target, error)
    response = RedirectResponse(safe_target(target), 303)
    greet(ask, response, key)
    response.delete_cookie(BEFORE, httponly=True, samesite="strict", secure=ask.desk.secure)
    return response


def log_out_now(ask: Ask) -> Response:
    """Log out; the key is worth nothing afterwards."""
    with ask.desk.store.database.writing() as session:
        log_out(session, ask.cookie)
    return leave(ask)


def speak(ask: Ask) -> Response:
    """Speak another language from now on: in this browser, and to this person."""
    response = RedirectResponse(safe_target(ask.text("next")), 303)
    set_language(ask, response, ask.text("language"))
    return response


def greet(ask: Ask, response: Response, key: str) -> None:
    """Let a browser keep the key of a visit."""
    response.set_cookie(
        COOKIE, key, max_age=int(LASTS.total_seconds()), httponly=True, samesite="strict", secure=ask.desk.secure
    )


def leave(ask: Ask) -> Response:
    """The way out, without the key."""
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=ask.desk.secure)
    return response


def set_language(ask: Ask, response: Response, wanted: str) -> None:
    """Keep a language, in the browser and with the account; nothing happens if it is none."""
    language = language_of(wanted)
    if language is None:
        return
    if ask.worker is not None:
        with ask.desk.store.database.writing() as session:
            speak_to(session, ask.worker, language)
    response.set_cookie(
        SPOKEN, language, max_age=YEAR, httponly=True, samesite="strict", secure=ask.desk.secure
    )  # fmt: skip


def language_of(wanted: str) -> Language | None:
    """The language of this name, if it is spoken here."""
    return next((language for language in LANGUAGES if language == wanted), None)


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
    status = 200 if trouble is None else 429 if trouble.message_id == "error.login-wait" else 401
    return show(ask, "login.html", status=status, target=target, trouble=trouble, nobody=nobody)
