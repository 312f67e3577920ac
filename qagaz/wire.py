"""What a process that reads papers says to the one that started it, as JSON.

A reader that a paper has taken over may say anything: no object is built from its words, and no path.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from layouts.errors import QagazError
from layouts.words import LANGUAGES, has
from layouts.words import say as say_words
from qagaz.crowd import Job
from qagaz.results import FileResult, Told
from validate.records import Status

MOST_BYTES = 1 << 20  # of one message; a paper of thousands of forms takes a tenth of it
HASH = re.compile(r"[0-9a-f]{64}")


class GarbledError(ValueError):
    """What a reader said is none of the messages."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker's readers are made; it waits for a job."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The worker opens a file of so many pages."""

    pages: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """The run cannot go on: no readers, or no room for results."""

    told: Told


Message = Ready | Begun | Stuck | FileResult


def say(connection: Connection, message: Message) -> None:
    """Send a message; OSError if nobody listens."""
    connection.send_bytes(json.dumps(_spelled(message)).encode())


def hear(connection: Connection, job: Job | None) -> Message:
    """The next message about the job the worker has; EOFError or OSError if it is gone, GarbledError if it raves."""
    content = connection.recv_bytes(MOST_BYTES)
    try:
        return _message(json.loads(content), job)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise GarbledError(content[:100]) from error


def spelled_error(told: Told) -> list[object]:
    """Words to come, as JSON has them."""
    return [told.message_id, [list(pair) for pair in told.parameters], told.exit_code]


def error_of(value: list[object]) -> Told:
    """The same read back; ValueError or TypeError if it is nothing of the kind, or cannot be put into words."""
    message_id, parameters, exit_code = value
    if not isinstance(message_id, str) or type(exit_code) is not int or not isinstance(parameters, list):
        raise TypeError(value)
    told = Told(message_id, tuple((_text(name), _text(said)) for name, said in parameters), exit_code)
    try:
        if has(message_id):  # another one is shown as it is
            say_words(message_id, dict(told.parameters), LANGUAGES[0])
    except (QagazError, RecursionError) as error:  # words that nobody can say would end whoever says them
        raise ValueError(message_id) from error
    return told


def _spelled(message: Message) -> list[object]:
    match message:
        case Ready():
            return ["ready"]
        case Begun(pages):
            return ["begun", pages]
        case Stuck(told):
            return ["stuck", spelled_error(told)]
        case FileResult(source, statuses, rejected, pages, anew):
            return ["done", source.sha256, statuses, rejected and spelled_error(rejected), pages, anew]


def _message(value: list[object], job: Job | None) -> Message:
    match value:
        case ["ready"]:
            return Ready()
        case ["begun", int(pages)] if job is not None:
            return Begun(pages)
        case ["stuck", [*error]]:
            return Stuck(error_of(error))
        case ["done", str(sha256), [*statuses], rejected, int(pages), bool(anew)] if job is not None:
            if sha256 != job.source.sha256 and not (job.address and (not sha256 or HASH.fullmatch(sha256))):
                raise ValueError(sha256)  # a part's name follows from it
            told = error_of(rejected) if isinstance(rejected, list) else None
            source = replace(job.source, sha256=sha256)
            return FileResult(source, tuple(Status(_text(each)) for each in statuses), told, pages, anew)
    raise ValueError(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
