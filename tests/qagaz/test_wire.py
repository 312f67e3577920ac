"""What workers say: every message comes over whole, and one that a paper made up is no message."""

from __future__ import annotations

import json
from multiprocessing import Pipe
from pathlib import Path

import pytest

from extract.records import Source
from qagaz.crowd import Job
from qagaz.results import FileResult, Told
from qagaz.wire import Begun, GarbledError, Ready, Stuck, hear, say
from validate.records import Status

SOURCE = Source("a" * 64, "in/a.pdf", Path("in/a.pdf"))
JOB = Job(SOURCE, Path("parts"), "v")
FAR = Job(Source("", "s3/a.pdf", Path("s3/a.pdf")), Path("parts"), "v", address="s3://bucket/a.pdf")
TOLD = Told("error.page-too-complex", (("file", "қағаз\n.pdf"), ("page", "3")), 4)


@pytest.fixture
def pipe():
    ours, theirs = Pipe()
    yield ours, theirs
    ours.close()
    theirs.close()


@pytest.mark.parametrize(
    "message",
    [
        Ready(),
        Begun(6),
        Stuck(TOLD),
        FileResult(SOURCE, (Status.ACCEPTED, Status.REVIEW), None, 6),
        FileResult(SOURCE, (Status.REJECTED,), TOLD, 0, anew=False),
    ],
)
def test_every_message_comes_over_whole(pipe, message):
    ours, theirs = pipe
    say(theirs, message)
    assert hear(ours, JOB) == message


def test_an_object_of_a_store_gets_its_hash(pipe):
    """The paper stays called and placed as the job has it, wherever its reader had put it."""
    ours, theirs = pipe
    say(theirs, FileResult(Source("b" * 64, "x", Path("/spool/x")), (Status.ACCEPTED,)))
    assert hear(ours, FAR).source == Source("b" * 64, "s3/a.pdf", Path("s3/a.pdf"))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[]", b"\xff", b"nul", b"[" * 100_000, b'["ready", 1]', b'["begun"]', b'["begun", "6"]',
        b'["stuck"]',
        b'["stuck", [1, [], 4]]', b'["stuck", ["error.crash", [["file", 1]], 4]]',
        b'["stuck", ["error.crash", [], "4"]]',
        b'["stuck", ["why.undecided", [["first", "error.nobody-knows"]], 4]]',
        b'["stuck", ["why.undecided", [["first", "why.undecided"]], 4]]',  # endless words
        b'["stuck", ["error.crash", [["file"]], 4]]',
        *(
            json.dumps(["done", *rest]).encode()
            for rest in (
                ("b" * 64, ["accepted"], None, 6, True),  # another paper's part
                ("../../x", ["accepted"], None, 6, True),
                ("a" * 64, ["great"], None, 6, True),
                ("a" * 64, [1], None, 6, True),
                ("a" * 64, ["accepted"], None, "6", True),
                ("a" * 64, ["accepted"], ["error.crash"], 6, True),
                ("a" * 64, ["accepted"], None, 6, 1),
                ("a" * 64, ["accepted"], None, 6),
            )
        ),
    ],
)  # fmt: skip
def test_what_is_no_message_is_told_so(pipe, content):
    ours, theirs = pipe
    theirs.send_bytes(content)
    with pytest.raises(GarbledError):
        hear(ours, JOB)


def test_an_object_of_a_store_has_no_path_for_its_hash(pipe):
    ours, theirs = pipe
    theirs.send_bytes(json.dumps(["done", "../" * 21 + "x", ["accepted"], None, 6, True]).encode())
    with pytest.raises(GarbledError):
        hear(ours, FAR)


def test_no_message_is_heard_of_a_job_nobody_gave(pipe):
    ours, theirs = pipe
    say(theirs, FileResult(SOURCE, (Status.ACCEPTED,)))
    with pytest.raises(GarbledError):
        hear(ours, None)


def test_objects_are_not_built_from_words(pipe):
    ours, theirs = pipe
    theirs.send(Ready())
    with pytest.raises(GarbledError):
        hear(ours, JOB)
