"""What the station's log says of trouble: its kind and its place, never what anybody typed or sent."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from types import TracebackType
from typing import Any

LOG = logging.getLogger("qagaz.station")
OWN = ("review", "validate", "postprocess", "extract", "layouts", "qagaz")  # packages whose lines tell most

SERVER: dict[str, Any] = {  # how the server is set up
    "log_level": "warning",
    "access_log": False,  # addresses may tell what was searched for
    "server_header": False,
    "proxy_headers": False,  # whoever is at this machine could say to be anybody, and guess passwords without end
}


def note(error: BaseException) -> None:
    """Put something unforeseen on the log."""
    LOG.error("unforeseen: %s", kind_and_place(error))


def kind_and_place(error: BaseException) -> str:
    """What an error is and where it came from, and the same of what caused it.

    >>> kind_and_place(ValueError("a telephone number"))
    'ValueError'
    """
    return " from ".join(_one(each) for each in _causes(error))


def hush() -> None:
    """Let the server's own log keep to the same: no messages of errors, no addresses with what was asked."""
    for name, wordless in (("uvicorn.error", _without_message), ("uvicorn.access", _without_query)):
        logger = logging.getLogger(name)
        if wordless not in logger.filters:
            logger.addFilter(wordless)


def _without_message(entry: logging.LogRecord) -> bool:
    error = entry.exc_info[1] if isinstance(entry.exc_info, tuple) else None
    if error is not None:
        entry.msg, entry.args, entry.exc_info, entry.exc_text = f"unforeseen: {kind_and_place(error)}", (), None, None
    return True


def _without_query(entry: logging.LogRecord) -> bool:
    if isinstance(entry.args, tuple):
        entry.args = tuple(each.partition("?")[0] if isinstance(each, str) else each for each in entry.args)
    return True


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        error = error.__cause__ or error.__context__


def _one(error: BaseException) -> str:
    places = [f"{module}:{line}" for module, line in _lines(error.__traceback__)]
    own = [place for place in places if place.partition(".")[0] in OWN]
    wanted = dict.fromkeys([*own[-1:], *places[-1:]])
    return " ".join([type(error).__name__, *(f"at {place}" for place in wanted)])


def _lines(trace: TracebackType | None) -> Iterator[tuple[str, int]]:
    while trace is not None:
        yield str(trace.tb_frame.f_globals.get("__name__", "?")), trace.tb_lineno
        trace = trace.tb_next
