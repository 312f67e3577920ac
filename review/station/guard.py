"""What every answer of the station goes through: who asks, in which language, and what a browser may do with it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from layouts.words import LANGUAGES, Language
from review.database import UnreachableError
from review.station.desk import Desk
from review.station.quiet import note
from review.station.shown import plain_page
from review.station.visits import COOKIE, Present, present, touch
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
OVER_TLS = {"strict-transport-security": "max-age=31536000"}
FILES = "/static/"
FRESH = {"cache-control": "no-store", "vary": "cookie"}  # what a browser keeps is for this visit alone
LASTING = {"cache-control": "public, max-age=31536000, immutable"}  # a file's address changes with what is in it
MOST_OF_STRANGERS = 1 << 16  # bytes that whoever is not logged in may send: a log-in
MOST_TYPED = 4 << 20  # bytes of a form without files: a collage of a few hundred crops
READING = frozenset({"GET", "HEAD"})


class Guard:
    """Refuse what is too large or meant for another host; tell who asks; add what browsers must keep to."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let the station answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        desk: Desk = request.app.state.desk
        answer = _Answer(send, request, desk)
        request.state.worker, request.state.language, request.state.form_key = None, spoken(request), ""
        try:
            status = _refusal(request, desk) or await _recognise(request, desk, answer)
            if not status:
                await self._app(scope, receive, answer.send)
                return
        except UnreachableError:  # nobody knows who asks while the database does not answer
            status = 503
        except Exception as error:  # noqa: BLE001  # whatever it is: noted, and nobody is told what it was
            note(error)
            status = 500
        if not answer.begun:
            await _plain(request, status)(scope, receive, answer.send)


class _Answer:
    """An answer on its way, with what browsers must keep to."""

    def __init__(self, send: Send, request: Request, desk: Desk) -> None:
        self._send = send
        self._headers = _headers(request, desk)
        self.begun = False
        self.cookies = Response()  # carries those to be set

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in self._headers.items():
                headers.setdefault(name, value)
            for cookie in self.cookies.headers.getlist("set-cookie"):
                headers.append("set-cookie", cookie)
            message["headers"] = headers.raw
        await self._send(message)


async def _recognise(request: Request, desk: Desk, answer: _Answer) -> int:
    """Tell who asks; the status of a refusal, 0 if there is none."""
    if request.url.path.startswith(FILES):
        return 0
    key = request.cookies.get(COOKIE, "")
    found = await run_in_threadpool(_found, desk, key) if key else None
    if found is not None:
        request.state.worker, request.state.form_key = found.worker, found.form_key
        request.state.language = spoken(request, found.worker.language)
        return 0
    before = request.cookies.get(BEFORE) or secrets.token_urlsafe(32)
    request.state.form_key = before
    if request.cookies.get(BEFORE) != before:
        answer.cookies.set_cookie(BEFORE, before, httponly=True, samesite="strict", secure=desk.secure)
    return 413 if _length(request) > MOST_OF_STRANGERS else 0


def _refusal(request: Request, desk: Desk) -> int:
    """The status to refuse a request with whoever asks, 0 if there is no reason to."""
    headers = request.headers
    if not _is_for_us(headers, desk):
        return 421
    if "\0" in request.url.path or b"%00" in request.scope["query_string"]:
        return 400
    if "transfer-encoding" in headers or (request.method not in READING and "content-length" not in headers):
        return 411
    typed = not headers.get("content-type", "").lower().startswith("multipart/form-data")
    if _length(request) > (min(MOST_TYPED, desk.largest) if typed else desk.largest):
        return 413
    return 403 if request.method not in READING and _is_from_elsewhere(headers) else 0


def _length(request: Request) -> int:
    told = request.headers.get("content-length", "0")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 16 else 1 << 62


def _found(desk: Desk, key: str) -> Present | None:
    with desk.store.database.reading() as session:
        found = present(session, key)
    if found is not None and found.old:
        with desk.store.database.writing() as session:
            touch(session, key)
    return found


def _is_for_us(headers: Mapping[str, str], desk: Desk) -> bool:
    """Whether the address asked for is one of the station's: a page elsewhere cannot make its own name lead here."""
    host = headers.get("host", "")
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return not desk.hosts or name.lower() in desk.hosts


def _is_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that another site's page sends this. The form key stops it too; this stops it sooner."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


def _headers(request: Request, desk: Desk) -> Mapping[str, str]:
    if request.url.path.startswith(FILES) and request.url.query:
        return {**HEADERS, **LASTING}
    return {**HEADERS, **FRESH, **(OVER_TLS if desk.secure else {})}


def _plain(request: Request, status: int) -> Response:
    return HTMLResponse(plain_page(status, request.state.language), status)


def spoken(request: Request, own: str = "") -> Language:
    """The language to answer in: the one chosen in this browser, else the account's, else the browser's."""
    wanted = request.cookies.get(SPOKEN, own)
    for language in LANGUAGES:
        if language == wanted:
            return language
    return preferred(request.headers.get("accept-language", ""))
