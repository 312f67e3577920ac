"""What a page is asked: one frozen record, read from the request before any page runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from secrets import compare_digest
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from layouts.errors import QagazError
from layouts.words import Language
from review.database import DatabaseError, UnreachableError
from review.station.desk import Desk
from review.station.shown import show, unavailable
from review.station.visits import COOKIE
from review.work.staff.people import Role, Worker

MOST_FIELDS = 2000  # of one form sent: a collage has a few hundred
MOST_BYTES = 1 << 20  # of one field that is no file
MOST_NUMBER = (1 << 31) - 1  # in an address: what the databases' integers hold

EVERYONE = frozenset(Role)
ANSWERING = frozenset({Role.OPERATOR, Role.SUPERVISOR})
STEERING = frozenset({Role.SUPERVISOR})
LOOKING = frozenset({Role.SUPERVISOR, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Ask:
    """A request whose sender is known, on the desk it is about."""

    desk: Desk
    worker: Worker | None  # None only on pages that need no log-in
    language: Language
    form_key: str  # what forms on the page must send back
    path: Mapping[str, Any]
    query: Mapping[str, str]
    sent: FormData
    address: str  # of the sender
    cookie: str  # key of the visit
    fragment: bool  # only the changed part of the page is wanted
    url: str  # path and query

    @property
    def person(self) -> Worker:
        """Who asks; a page that needs a log-in always has one."""
        assert self.worker is not None
        return self.worker

    def text(self, name: str, default: str = "") -> str:
        """One field of the form sent."""
        value = self.sent.get(name, default)
        return _whole(value) if isinstance(value, str) else default

    def texts(self, name: str) -> Sequence[str]:
        """Every field of this name."""
        return [_whole(value) for value in self.sent.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> Sequence[UploadFile]:
        """Files sent in a field of this name."""
        return [value for value in self.sent.getlist(name) if isinstance(value, UploadFile)]

    def number(self, name: str, default: int = 0) -> int:
        """A whole number of the address's query."""
        value = self.query.get(name, "")
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else default


Page = Callable[[Ask], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def page(handler: Page, roles: frozenset[Role] = EVERYONE, *, public: bool = False) -> Endpoint:
    """A page for those in these roles. `handler` runs in a thread of its own: it may wait for database and disk.

    Whatever is sent must carry the visit's form key. QagazErrors become a page that says what is wrong.
    """

    async def endpoint(request: Request) -> Response:
        worker: Worker | None = request.state.worker
        if worker is None and not public:
            return _to_login(request)
        if worker is not None and worker.role not in roles:
            raise HTTPException(403)
        async with _sent(request) as sent:
            ask = _ask(request, worker, sent)
            return await run_in_threadpool(_answered, handler, ask)

    return endpoint


def is_fragment(request: Request) -> bool:
    """Whether the station's own script asks."""
    return request.headers.get("x-requested-with") == "qagaz"


def _answered(handler: Page, ask: Ask) -> Response:
    try:
        return handler(ask)
    except UnreachableError:
        return unavailable(ask.language)
    except DatabaseError:
        raise  # what it says is for the log
    except QagazError as error:
        return show(ask, "trouble.html", status=409, message_id=error.message_id, told=error.parameters)


def _whole(text: str) -> str:
    """Text that every database can keep; lines stay lines, and what was no text does not become nothing."""
    return text if text.isprintable() else text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _ask(request: Request, worker: Worker | None, sent: FormData) -> Ask:
    if any(isinstance(value, int) and value > MOST_NUMBER for value in request.path_params.values()):
        raise HTTPException(404)
    url = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Ask(
        desk=request.app.state.desk,
        worker=worker,
        language=request.state.language,
        form_key=request.state.form_key,
        path=request.path_params,
        query=dict(request.query_params),
        sent=sent,
        address=request.client.host if request.client else "",
        cookie=request.cookies.get(COOKIE, ""),
        fragment=is_fragment(request),
        url=url,
    )


class _sent:  # noqa: N801 - used like a function
    """The form a request carries, its files closed in the end; 400 where it is broken, 413 where it is too large."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._form = FormData()

    async def __aenter__(self) -> FormData:
        if self._request.method == "POST":
            try:
                self._form = await self._request.form(max_files=1000, max_fields=MOST_FIELDS, max_part_size=MOST_BYTES)
            except (MultiPartException, ClientDisconnect) as error:  # broken, or broken off
                raise HTTPException(400) from error
            except OSError as error:  # what is sent is kept aside on the disk first
                raise HTTPException(507) from error
            try:
                _check_form_key(self._request, self._form)
            except HTTPException:
                await self._form.close()
                raise
        return self._form

    async def __aexit__(self, *_: object) -> None:
        await self._form.close()


def _check_form_key(request: Request, sent: FormData) -> None:
    told = sent.get("form_key") or request.headers.get("x-form-key", "")
    if not isinstance(told, str) or not compare_digest(_whole(told).encode(), request.state.form_key.encode()):
        raise HTTPException(403)


def _to_login(request: Request) -> Response:
    if is_fragment(request):
        return Response(status_code=401)
    url = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = (
        request.url_for("login").path if request.method != "GET" or url == "/" else f"/login?next={quote(url, safe='')}"
    )
    return RedirectResponse(target, 303)
