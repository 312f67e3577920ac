"""What every answer of the station goes through: who asks, in which language, and what a browser may do with it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from layouts.words import LANGUAGES, Language
from review.database import UnreachableError
from review.station.desk import Desk
from review.station.shown import unavailable
from review.station.visits import COOKIE, Present, present, stale, touch
from review.station.words import preferred

SPOKEN = "qagaz_language"
BEFORE = "qagaz_form_key"  # the form key of whoever is not logged in yet
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
FOR_GOOD = "public, max-age=31536000, immutable"
Next = Callable[[Request], Awaitable[Response]]


async def guard(request: Request, call_next: Next) -> Response:
    """Refuse what is too large or meant for another host; tell who asks; add what browsers must keep to."""
    desk: Desk = request.app.state.desk
    if not _is_for_us(request, desk):
        return PlainTextResponse("421", 421)
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > desk.largest:
        return PlainTextResponse("413", 413)
    if request.method == "POST" and "content-length" not in request.headers:
        return PlainTextResponse("411", 411)
    key = request.cookies.get(COOKIE, "")
    try:
        found = await run_in_threadpool(_found, desk, key) if key and not _is_static(request) else None
    except UnreachableError:
        found, call_next = None, _away
    request.state.worker = found.worker if found else None
    request.state.language = _language(request)
    before = request.cookies.get(BEFORE) or secrets.token_urlsafe(32)
    request.state.form_key = found.form_key if found else before
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("cache-control", FOR_GOOD if _is_static(request) else "no-store")
    if found is None and not _is_static(request) and request.cookies.get(BEFORE) != before:
        response.set_cookie(BEFORE, before, httponly=True, samesite="strict", secure=desk.secure)
    return response


async def _away(request: Request) -> Response:
    """Nobody knows who asks while the database does not answer."""
    return unavailable(request.state.language)


def _is_static(request: Request) -> bool:
    """Whether it is a file of the station's own, which tells nobody anything; its address changes with it."""
    return request.url.path.startswith("/static/")


def _found(desk: Desk, key: str) -> Present | None:
    with desk.store.database.reading() as session:
        found, old = present(session, key), stale(session, key)
    if found is not None and old:
        with desk.store.database.writing() as session:
            touch(session, key)
    return found


def _is_for_us(request: Request, desk: Desk) -> bool:
    """Whether the address asked for is one of the station's: a page elsewhere cannot make its own name lead here."""
    host = request.headers.get("host", "")
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return not desk.hosts or name.lower() in desk.hosts


def _language(request: Request) -> Language:
    worker = request.state.worker
    wanted = request.cookies.get(SPOKEN, worker.language if worker else "")
    for language in LANGUAGES:
        if language == wanted:
            return language
    return preferred(request.headers.get("accept-language", ""))
