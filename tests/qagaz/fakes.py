"""A pipeline that reads nothing: files hold the name of what is to come of them."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from extract.records import Alternative, Box, FieldReading, FormReading, Ink, Reading, Source
from layouts.errors import Rejected
from layouts.model import (
    Column,
    ColumnKind,
    FieldKind,
    FieldLayout,
    Layout,
    Line,
    Notice,
    Place,
    TableLayout,
    Words,
)
from postprocess.records import FieldValue, Figure, FormFigures, Value
from qagaz.versions import Versions
from qagaz.worker import read_one
from validate.records import (
    Cause,
    CheckedCell,
    CheckedField,
    CheckedForm,
    Choice,
    Evidence,
    Finding,
    Outcome,
    Status,
)

WORDS = Words("Барлығы", "Всего")
LAYOUT = Layout(
    id="tiny.2026",
    index=Words("1-шағын", "1-малая"),
    title=WORDS,
    valid_from=date(2026, 1, 1),
    orders=(),
    unit="thousand tenge",
    tables=(
        TableLayout(
            2,
            WORDS,
            ("А",),
            (WORDS,),
            (Line("1", WORDS), Line("1.1", WORDS), Line("1.10", WORDS)),
            (Column("1", ColumnKind.AMOUNT, WORDS), Column("2", ColumnKind.AMOUNT, WORDS)),
        ),
    ),
    fields=(
        FieldLayout("bin", FieldKind.BOXES, (WORDS,), 12, "bin"),
        FieldLayout("year", FieldKind.BOXES, (WORDS,), 4),
    ),
    rules=(),
    sha256="0" * 64,
)
AMOUNTS = ("12.5", "10", "", "1000000", "0", "")
BIN = "020960639692"
FORMS = {"form", "doubt", "mistake", "slow", "chosen"}


VERSIONS = Versions("0", "code", "layouts", "settings", "tesseract", "libraries")
OTHER_TESSERACT = "QAGAZ_FAKE_TESSERACT"


def equip():
    """The fake pipeline, made in a worker."""
    return digitise


def equip_cramped():
    """A worker on a disk that takes no file above 200 bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
    return digitise


@dataclass(frozen=True)
class Equipment:
    """The same with versions of its own, which a worker may have others of."""

    def __call__(self):
        return digitise

    def versions(self):
        return replace(VERSIONS, tesseract=os.environ.get(OTHER_TESSERACT, VERSIONS.tesseract))


class Equipped:
    """The fake pipeline as commands make it, whatever they are told."""

    def __init__(self, *_, **__) -> None:
        pass

    def __call__(self):
        return digitise

    def versions(self) -> Versions:
        return VERSIONS


def equip_failing():
    """Readers that cannot be made."""
    raise Rejected("error.no-tesseract")


def digitise(source: Source) -> Iterator[CheckedForm | Notice]:
    """What a file's words order: several words give several forms."""
    for number, word in enumerate(source.path.read_text(encoding="utf-8").split()[1:], start=1):
        yield from _one(source, number, word)


def _one(source: Source, number: int, word: str) -> Iterator[CheckedForm | Notice]:
    if word in FORMS:
        time.sleep(0.5 * (word == "slow"))
        wanted = {name: word == name for name in ("doubt", "mistake", "chosen")}
        yield make_form(source, number, **wanted)
    elif word == "notice":
        yield Notice("no-activity", (WORDS,), "1" * 64)
    else:
        _misbehave(source, word)


def _misbehave(source: Source, word: str) -> None:
    match word:
        case "reject":
            raise Rejected("error.not-this-form", file=source.file, pages=1)
        case "bug":
            raise ValueError(word)
        case _ if word.startswith("tell:"):
            raise ValueError(source.path.read_text(encoding="utf-8"))
        case "crash":
            os.abort()
        case "fell":
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(600)
        case "hang":
            time.sleep(600)
        case "eat":
            eaten = [bytearray(os.urandom(1 << 20) * 10) for _ in range(1000)]
            time.sleep(600 if eaten else 0)
        case "hoard":
            bytearray(64 << 30)


def make_form(
    source: Source, number: int = 1, *, doubt: bool = False, mistake: bool = False, chosen: bool = False
) -> CheckedForm:
    """A form with six cells, two of them bare; `doubt` puts one to review, `mistake` breaks a sum.

    `chosen` lets the controls choose the first one against the readers.
    """
    readings = tuple(_reading(place, text) for place, text in zip(LAYOUT.places, AMOUNTS, strict=True))
    figures = tuple(_figure(reading, text) for reading, text in zip(readings, AMOUNTS, strict=True))
    codes = tuple(_field(name, text) for name, text in (("bin", bin_of(source, number)), ("year", "2025")))
    boxes = tuple(code.reading for code in codes)
    paper = FormReading(source, number, LAYOUT, (number,), readings, (), boxes)
    cells = tuple(CheckedCell(figure, Status.ACCEPTED, ()) for figure in figures)
    if doubt:
        cells = (CheckedCell(figures[0], Status.REVIEW, ("low-confidence", "seal")), *cells[1:])
    if chosen:
        cells = (replace(cells[0], evidence=Evidence(summed=True), choice=CHOICE), *cells[1:])
    findings = (FINDING,) if mistake else ()
    reasons = ("cells-doubtful",) if doubt else ("rule-fails",) if mistake else ()
    return CheckedForm(
        FormFigures(paper, figures, codes),
        cells,
        tuple(CheckedField(code, Status.ACCEPTED, ()) for code in codes),
        findings,
        Status.REVIEW if reasons else Status.ACCEPTED,
        reasons,
    )


def bin_of(source: Source, number: int = 1) -> str:
    """Every form is another respondent's, but those in files called twin."""
    return BIN if "twin" in source.file else f"{int(source.sha256[:8], 16) * 10 + number:012}"


FINDING = Finding(
    "s2.columns",
    "table",
    "9",
    Outcome.FAILS,
    (Place(2, "1.1", "1"), Place(2, "1", "1")),
    Decimal("12.5"),
    Decimal(10),
    Cause.ARITHMETIC,
    "finding.made-up",
    (("line", "1.1"),),
)


CHOICE = Choice(Decimal(99), 7.78, Decimal(99), ("s2.total@1",), ("s2.columns@1",))


def _reading(place: Place, text: str) -> Reading:
    seen = (Alternative(text, -0.01, "fake 1"), Alternative("99", -4.6, "fake 2")) if text else ()
    ink = Ink.TYPED if text else Ink.NONE
    said = (*seen, Alternative("", 0.0, "fake 3")) if seen else ()
    return Reading(place, 1, Box(10.123456, 20, 30, 40.5), "px", ink, seen, said=said)


def _figure(reading: Reading, text: str) -> Figure:
    values = tuple(Value(seen.text, Decimal(seen.text), seen.logp, seen.reader) for seen in reading.alternatives)
    return Figure(reading, text, Decimal(text) if text else None, values, 0.98765)


def _field(name: str, text: str) -> FieldValue:
    row = Alternative(text, -0.01, "fake 1")
    own = (row, replace(row, reader="fake 1 boxes"))
    seen = FieldReading(name, 1, Box(1, 2, 3, 4), "px", Ink.TYPED, (row,), said=own)
    return FieldValue(name, "", seen, text, text, 0.99)


class Alone:
    """A crowd of one, in this very process: nothing guards it, and it needs no start."""

    def __init__(self, equip, jobs, limits):
        self._digitise = equip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def run(self, jobs):
        return (read_one(job, self._digitise) for job in jobs)

    def stop(self):
        raise NotImplementedError


class Reluctant(Alone):
    """Stopped after some files, as by Ctrl-C."""

    left = 2

    def run(self, jobs):
        for number, result in enumerate(super().run(jobs)):
            yield result
            if number + 1 == self.left:
                raise KeyboardInterrupt
