"""The station: every address it has, who may go there, and what answers."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from layouts.words import Language
from review.station.ask import ANSWERING, LOOKING, STEERING, page
from review.station.desk import Desk
from review.station.guard import guard
from review.station.pages import export, form, login, pictures, supervisor, waiting
from review.station.shown import STATIC, plain_page


def build(desk: Desk) -> Starlette:
    """The station at a desk."""
    routes = [
        Route("/login", page(login.show_login, public=True), name="login"),
        Route("/login", page(login.log_in_now, public=True), methods=["POST"]),
        Route("/logout", page(login.log_out_now), methods=["POST"]),
        Route("/language", page(login.speak, public=True), methods=["POST"]),
        Route("/", page(waiting.show_queue)),
        Route("/next", page(waiting.take_next, ANSWERING), methods=["POST"]),
        Route("/forms/{source}/{form:int}", page(form.show_form)),
        Route("/forms/{source}/{form:int}/claim", page(form.take, ANSWERING), methods=["POST"]),
        Route("/forms/{source}/{form:int}/answer", page(form.answer_now, ANSWERING), methods=["POST"]),
        Route("/forms/{source}/{form:int}/release", page(form.let_go, ANSWERING), methods=["POST"]),
        Route("/forms/{source}/{form:int}/pages/{page:int}.jpg", page(pictures.whole_page)),
        Route("/forms/{source}/{form:int}/crops/{place:path}.jpg", page(pictures.one_crop)),
        Route("/supervisor", page(supervisor.show_standing, LOOKING)),
        Route("/supervisor/hand", page(supervisor.hand_form, STEERING), methods=["POST"]),
        Route("/supervisor/free", page(supervisor.free_form, STEERING), methods=["POST"]),
        Route("/supervisor/share", page(supervisor.set_share, STEERING), methods=["POST"]),
        Route("/export", page(export.show_export, LOOKING)),
        Route("/export", page(export.export_now, LOOKING), methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    station = Starlette(
        routes=routes,
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=guard)],
        exception_handlers={HTTPException: _refused, Exception: _broken},
    )
    station.state.desk = desk
    return station


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    language: Language = getattr(request.state, "language", "ru")
    return HTMLResponse(plain_page(status, language), status)


async def _broken(_request: Request, _error: Exception) -> Response:
    """Something unforeseen; what it was stands in the program's log, without what was sent."""
    return PlainTextResponse("500", 500)
