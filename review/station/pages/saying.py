"""What is said about a form: answers, corrections, the respondent's word, notes; and all of it taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from layouts.errors import QagazError
from review.answers import FORM, Act, AnswerError, Origin, parse_answer
from review.case import Case, open_case
from review.station.ask import Ask
from review.station.pages.codes import is_sure, odd_code
from review.station.pages.form import Trouble, address_of, back, key_of, refused, shown, told_off
from review.station.pages.sides import spoiled
from review.station.pages.steps import MISSING, NOUGHTS, REST, TOGETHER, Step, next_after, step_of, steps_of
from review.told import Key
from review.work.answering import answer, is_kept, note
from review.work.claims import claim_next, seen_task
from review.work.collages.noughts import check
from review.work.response.spoken import call
from review.work.saying import Given
from review.work.taking_back import SIDE_BY_SIDE, take_back
from review.work.tasks import WAITING, Renewed

AS_A_WHOLE = frozenset({"confirm", "tenge", "millions"})  # answers to a finding, not to a cell
DASHES = re.compile(r"^\s*[-–—]\s*$")  # written for zero
BLANK = "blank"
OTHERS_BLANK = "others-blank"
CONFIRM = "confirm"


def answer_now(ask: Ask) -> Response:
    """Keep what was typed about one step, and go on: to the next step, or to the next form when this one is settled."""
    key = key_of(ask)
    layouts = ask.desk.store.layouts
    try:
        with ask.desk.store.database.writing() as session:
            seen_task(session, ask.person, key)
            case = open_case(session, layouts, key)
            before = steps_of(session, case)
            given = _given(ask, case)
            if ask.text("do") in AS_A_WHOLE and not is_kept(session, ask.person, key, given, ask.text("token")):
                _check_keys(ask, before)
            if ask.text("at") == NOUGHTS and not ask.text("undo"):
                looked = check(session, ask.person, key, ask.text("look"), {one.place: one.value for one in given})
                if looked.missed:
                    return shown(ask, session, key, looked.look.own[0], missed=looked.look)
                given = [one for one in given if one.place in looked.look.own]
            if (odd := _odd(ask, case, given)) is not None:
                return _refused(ask, session, odd)
            renewed = answer(session, layouts, ask.person, key, given, ask.text("token"), ask.desk.share)
            following = _following(ask, session, renewed, before)
    except QagazError as error:
        return _refusal(ask, error)
    return _go_on(ask, key, *following)


def undo(ask: Ask) -> Response:
    """Take back the last answer of one's own about the form, and show the place it was about."""
    key = key_of(ask)
    try:
        with ask.desk.store.database.writing() as session:
            place = take_back(
                session, ask.desk.store.layouts, ask.person, key, ask.text("token"), ask.desk.share
            )  # fmt: skip
            steps = steps_of(session, open_case(session, ask.desk.store.layouts, key))
    except QagazError as error:
        return _refusal(ask, error)
    return back(ask, key, step_of(steps, place))


def remark(ask: Ask) -> Response:
    """Keep a note; or that the respondent is to be asked, with which the form leaves one's hands."""
    key = key_of(ask)
    act = Act.ASK if ask.text("act") == Act.ASK.value else Act.NOTE
    said = Given(key[0], key[1], FORM, "", ask.text("note"), ask.person.login)
    try:
        if act is Act.NOTE and not said.note.strip():
            raise AnswerError("error.note-empty")
        with ask.desk.store.database.writing() as session:
            note(session, ask.desk.store.layouts, ask.person, key, said, act, ask.desk.share, ask.text("token"))
            following = claim_next(session, ask.person) if act is Act.ASK else None
    except QagazError as error:
        return _refusal(ask, error)
    return _go_on(ask, key, following, "") if act is Act.ASK else back(ask, key, ask.text("at"))


def _check_keys(ask: Ask, steps: tuple[Step, ...]) -> None:
    """AnswerError where an answer to findings is sent for a cell, or for findings that are not asked together now."""
    keys = tuple(ask.texts("key"))
    if any("@" not in key for key in keys if key != FORM):
        raise AnswerError("error.look-unknown")
    if len(keys) > 1 and keys not in {tuple(question.place for question in step.questions) for step in steps}:
        raise AnswerError("error.look-unknown")


def _given(ask: Ask, case: Case) -> list[Given]:
    """The answers sent, unchecked; AnswerError where nothing was typed. Untouched rows of a list say nothing."""
    origin = Origin.RESPONDENT if ask.text("origin") == Origin.RESPONDENT.value else Origin.OPERATOR
    words = ask.text("note")
    if origin is Origin.RESPONDENT:
        words = call(ask.text("who"), ask.text("phone"), ask.text("on"), words).note
    elif ask.text("at") in TOGETHER or (ask.text("do") in AS_A_WHOLE and len(ask.texts("key")) > 1):
        words = words or SIDE_BY_SIDE
    key, who = key_of(ask), ask.person.login
    if ask.text("undo"):
        return [Given(*key, ask.text("place"), "", words, who, origin, undo=True)]
    said = list(_said(ask, case))
    if not said:
        raise AnswerError("error.nothing-changed" if ask.text("list") else "error.nothing-typed")
    return [Given(*key, place, value, words, who, origin, sure=is_sure(ask, place, value)) for place, value in said]


def _said(ask: Ask, case: Case) -> Iterator[tuple[str, str]]:
    """Place and words of each answer."""
    if ask.text("do") == "exclude":
        yield FORM, ask.text("do")
    elif ask.text("do") in AS_A_WHOLE:
        yield from ((key, ask.text("do")) for key in ask.texts("key"))
    elif chip := ask.text("chip"):
        yield ask.text("place"), chip
    else:
        for place, value in zip(ask.texts("place"), ask.texts("value"), strict=False):
            if _is_blank(ask, case, place, value):
                yield place, BLANK
            elif ask.text("at") == REST and not _is_figure(case, place):
                yield place, _kept_or_typed(case, place, value)
            elif value.strip():
                yield place, DASHES.sub("0", value)


def _is_blank(ask: Ask, case: Case, place: str, value: str) -> bool:
    """Whether it is said that nothing is written there: by its button, or where an empty input says so."""
    if place in ask.texts(BLANK):
        return True
    others = ask.text("do") == OTHERS_BLANK and ask.text("at") == MISSING and _is_lost(case, place)
    return not value.strip() and (others or ask.text("at") == NOUGHTS)


def _is_lost(case: Case, place: str) -> bool:
    """Whether a cell's page is not there: only of such nothing has to be seen to say that they are blank."""
    cell = case.cell(place)
    return cell is not None and cell.page is None


def _is_figure(case: Case, place: str) -> bool:
    cell = case.cell(place)
    return cell is not None and cell.figure


def _kept_or_typed(case: Case, place: str, value: str) -> str:
    """What was typed over a reading; that it is right where it was left as it is."""
    cell = case.cell(place)
    return CONFIRM if cell is not None and value.strip() == cell.value.strip() else value


def _odd(ask: Ask, case: Case, given: list[Given]) -> Trouble | None:
    """A figure that no reader read and that breaks a control, or a code that no register would hold.

    It is taken when it is sent a second time.
    """
    if (odd := odd_code(ask.desk.classifier, given)) is not None:
        return odd
    if len(given) != 1 or given[0].undo or ask.text("origin") == Origin.RESPONDENT.value:
        return None
    one = given[0]
    cell = case.cell(one.place)
    if cell is None or not cell.figure:
        return None
    act, value = parse_answer(one.place, one.value, figure=True)
    if act is not Act.ANSWER or ask.text("sure") == f"{one.place}={value}":
        return None
    broken = spoiled(case, one.place, value)
    if not broken:
        return None
    return Trouble(
        "station.sure-of-it", {"value": value or "∅", "count": len(broken)}, f"{one.place}={value}"
    )  # fmt: skip


def _refused(ask: Ask, session: Session, trouble: Trouble) -> Response:
    """Beside what was typed for a script; the page anew for a browser without."""
    if ask.fragment:
        return refused(ask, trouble)
    return shown(ask, session, key_of(ask), ask.text("at"), trouble=trouble)


def _refusal(ask: Ask, error: QagazError) -> Response:
    if ask.fragment:
        return told_off(ask, error)
    with ask.desk.store.database.reading() as session:
        trouble = Trouble(error.message_id, dict(error.parameters))
        return shown(ask, session, key_of(ask), ask.text("at"), trouble=trouble)


Following = tuple[Key | None, str]


def _following(ask: Ask, session: Session, renewed: Renewed, before: tuple[Step, ...]) -> Following:
    """The form that comes next, None where there is none, and its step."""
    task, case = renewed
    if task.state in WAITING and task.open:
        steps = steps_of(session, case)
        return case.key, next_after(before, ask.text("at") or ask.text("place"), steps)
    return claim_next(session, ask.person), ""


def _go_on(ask: Ask, key: Key, following: Key | None, at: str) -> Response:
    if following is None:
        target = f"/?none=1&done={address_of(key)}"
        if ask.fragment:
            return Response(status_code=204, headers={"x-leave": target})
        return RedirectResponse(target, 303)
    if following != key:
        if not ask.fragment:
            return RedirectResponse(f"{address_of(following)}?done={address_of(key)}", 303)
        return back(ask, following, done=address_of(key))
    return back(ask, key, at)
