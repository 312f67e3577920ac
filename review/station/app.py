"""The station: every address it has, who may go there, and what answers."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from layouts.words import Language
from review.station.ask import ANSWERING, LOOKING, STEERING, page
from review.station.desk import Desk
from review.station.guard import Guard
from review.station.pages import (
    asking,
    collage,
    disputes,
    export,
    form,
    intake,
    login,
    people,
    pictures,
    places,
    record,
    response,
    saying,
    second,
    supervisor,
    waiting,
)  # fmt: skip
from review.station.quiet import hush
from review.station.shown import STATIC, plain_page

# To come in, go, and choose a language.
COMING = (
    Route("/login", page(login.show_login, public=True), name="login"),
    Route("/login", page(login.log_in_now, public=True), methods=["POST"]),
    Route("/logout", page(login.log_out_now), methods=["POST"]),
    Route("/language", page(login.speak, public=True), methods=["POST"]),
)
# The queue, and the form one works on.
FORMS = (
    Route("/", page(waiting.show_queue)),
    Route("/next", page(waiting.take_next, ANSWERING), methods=["POST"]),
    Route("/forms/{source}/{form:int}", page(form.show_form)),
    Route("/forms/{source}/{form:int}/claim", page(form.take, ANSWERING), methods=["POST"]),
    Route("/forms/{source}/{form:int}/answer", page(saying.answer_now, ANSWERING), methods=["POST"]),
    Route("/forms/{source}/{form:int}/undo", page(saying.undo, ANSWERING), methods=["POST"]),
    Route("/forms/{source}/{form:int}/remark", page(saying.remark, ANSWERING), methods=["POST"]),
    Route("/forms/{source}/{form:int}/release", page(form.let_go, ANSWERING), methods=["POST"]),
    Route("/forms/{source}/{form:int}/hand-over", page(form.give, ANSWERING), methods=["POST"]),
    Route("/forms/{source}/{form:int}/stay", page(form.stay, ANSWERING), methods=["POST"]),
    Route("/forms/{source}/{form:int}/looks/{look}/{card:int}.jpg", page(pictures.one_card, ANSWERING)),
    Route("/kato", page(places.find_place)),
    Route("/forms/{source}/{form:int}/figures", page(form.show_whole)),
    Route("/forms/{source}/{form:int}/pages/{page:int}.jpg", page(pictures.whole_page)),
    Route("/forms/{source}/{form:int}/crops/{place:path}.jpg", page(pictures.one_crop)),
)
# Work that goes across forms: collages, second keying, disputes, whom to ask.
ACROSS = (
    Route("/collage", page(collage.show_collage, ANSWERING)),
    Route("/collage", page(collage.keep_collage, ANSWERING), methods=["POST"]),
    Route("/second", page(second.show_second, ANSWERING)),
    Route("/second/next", page(second.take_second, ANSWERING), methods=["POST"]),
    Route("/second/key", page(second.key_now, ANSWERING), methods=["POST"]),
    Route("/second/leave", page(second.leave_second, ANSWERING), methods=["POST"]),
    Route("/second/disputes", page(disputes.show_dispute, ANSWERING)),
    Route("/second/disputes/next", page(disputes.take_dispute, ANSWERING), methods=["POST"]),
    Route("/second/disputes/decide", page(disputes.decide_now, ANSWERING), methods=["POST"]),
    Route("/second/disputes/leave", page(disputes.leave_dispute, ANSWERING), methods=["POST"]),
    Route("/asking", page(asking.show_asking)),
    Route("/asking/{source}/{form:int}/tried", page(asking.note_try, ANSWERING), methods=["POST"]),
    Route("/asking/{source}/{form:int}/stop", page(asking.stop_asking, ANSWERING), methods=["POST"]),
)
# What comes in, and who owes it.
INTAKE = (
    Route("/intake", page(intake.show_batches)),
    Route("/intake", page(intake.open_now, ANSWERING), methods=["POST"]),
    Route("/intake/{batch:int}", page(intake.show_batch)),
    Route("/intake/{batch:int}/papers", page(intake.show_papers)),
    Route("/intake/{batch:int}/papers", page(intake.take_in, ANSWERING), methods=["POST"]),
    Route("/intake/{batch:int}/count", page(intake.count_now, ANSWERING), methods=["POST"]),
    Route("/intake/{batch:int}/close", page(intake.close_now, ANSWERING), methods=["POST"]),
    Route("/intake/{batch:int}/open", page(intake.open_again_now, STEERING), methods=["POST"]),
    Route("/intake/{batch:int}/again", page(intake.read_again_now, ANSWERING), methods=["POST"]),
    Route("/intake/{batch:int}/assign", page(intake.assign_now, STEERING), methods=["POST"]),
    Route("/response", page(response.show_response)),
    Route("/response/missing.csv", page(response.missing)),
    Route("/response/list", page(response.load_now, STEERING), methods=["POST"]),
    Route("/response/notice", page(response.tell_now, ANSWERING), methods=["POST"]),
)
# Accounts: one's own, and those one looks after.
PEOPLE = (
    Route("/me", page(people.show_own)),
    Route("/me/password", page(people.change_own_password), methods=["POST"]),
    Route("/me/language", page(people.change_own_language), methods=["POST"]),
    Route("/me/logout", page(people.log_out_everywhere), methods=["POST"]),
    Route("/people", page(people.show_all, STEERING)),
    Route("/people", page(people.add, STEERING), methods=["POST"]),
    Route("/departments", page(people.add_place, STEERING), methods=["POST"]),
    Route("/people/{login}", page(people.show_one, STEERING)),
    Route("/people/{login}", page(people.change, STEERING), methods=["POST"]),
    Route("/people/{login}/password", page(people.give_password, STEERING), methods=["POST"]),
    Route("/people/{login}/active", page(people.open_or_close, STEERING), methods=["POST"]),
)
# For those who answer for the work: record, numbers, export.
ANSWERABLE = (
    Route("/record", page(record.show_record, LOOKING)),
    Route("/record/check", page(record.check, LOOKING), methods=["POST"]),
    Route("/supervisor", page(supervisor.show_standing, LOOKING)),
    Route("/supervisor/hand", page(supervisor.hand_form, STEERING), methods=["POST"]),
    Route("/supervisor/free", page(supervisor.free_form, STEERING), methods=["POST"]),
    Route("/supervisor/share", page(supervisor.set_share, STEERING), methods=["POST"]),
    Route("/export", page(export.show_export, LOOKING)),
    Route("/export", page(export.export_now, LOOKING), methods=["POST"]),
)


def build(desk: Desk) -> Starlette:
    """The station at a desk."""
    hush()
    station = Starlette(
        routes=[
            *COMING,
            *FORMS,
            *ACROSS,
            *INTAKE,
            *PEOPLE,
            *ANSWERABLE,
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(Guard)],
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
