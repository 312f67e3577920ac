"""`qagaz read`: papers and PDF files to checked figures."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping

from layouts.errors import QagazError
from layouts.model import RuleSet
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.assemble import Counts, Receipt
from qagaz.commands.clusters import add_cluster, crowd_of
from qagaz.commands.folders import own_folder
from qagaz.commands.reading import add_reading, equipment_of, limits_of
from qagaz.confine import EVERYTHING, offered
from qagaz.inputs import InputError
from qagaz.progress import Meter
from qagaz.run import Request, read_with
from qagaz.speech import plain, tell, worded
from validate.records import Status

ACCEPTED = 0
REVIEW = 3
REJECTED = 4


class ReceiptError(QagazError):
    """A department without a batch, or a batch without a department."""


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.texts("inputs", "INPUT")
    arguments.repeated("--list", "FILE")
    arguments.path("--out", "DIR", required=True)
    add_reading(arguments)
    arguments.add("--department", metavar="NAME", default="")
    arguments.add("--batch", metavar="NAME", default="")
    arguments.number("--partitions", "N", 0)
    arguments.flag("--again")
    add_cluster(arguments)
    arguments.flag("--json")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Read everything; 0 all accepted, 3 something awaits review, 4 something was rejected."""
    receipt = Receipt(parsed.department.strip(), parsed.batch.strip())
    if bool(receipt.department) != bool(receipt.batch):
        raise ReceiptError("error.receipt-half")
    if not parsed.inputs and not parsed.list:
        raise InputError("error.no-inputs")
    request = Request(
        tuple(parsed.inputs),
        parsed.out,
        language,
        parsed.db,
        parsed.jobs,
        limits_of(parsed),
        receipt,
        lists=tuple(parsed.list),
        partitions=parsed.partitions,
        again=parsed.again,
        layouts=parsed.layouts,
    )
    if request.out.exists():  # the run makes it, once it is known what to read with
        own_folder(request.out, language)
    with Meter(language) as meter:
        counts = read_with(equipment_of(parsed), request, meter.watch, crowd_of(parsed, language))
    if missing := sorted(EVERYTHING - offered()):
        names = ", ".join(worded(f"unconfined.{each}", {}, language) for each in missing)
        tell("told.unconfined", language, missing=names)
    if not counts.files:
        tell("told.nothing-to-read", language)
    elif counts.unchanged and not counts.read:
        tell("told.nothing-left", language)
    if parsed.json:
        print(json.dumps(as_json(counts), ensure_ascii=False))
    else:
        print(summary(counts, language, plain(str(parsed.out))))
    return status_of(counts.statuses)


def status_of(statuses: Mapping[str, int]) -> int:
    """The exit status of a run whose forms stand so.

    >>> status_of({"accepted": 3}), status_of({"accepted": 3, "review": 1}), status_of({"review": 1, "rejected": 1})
    (0, 3, 4)
    """
    if statuses.get(Status.REJECTED.value):
        return REJECTED
    return REVIEW if statuses.get(Status.REVIEW.value) else ACCEPTED


def summary(counts: Counts, language: Language, out: str) -> str:
    """How the run came out, in a few lines."""
    told = {"files": counts.files, "accepted": counts.accepted_cells, "review": counts.review_cells, "out": out}
    lines = [worded("told.files", told, language)]
    lines += [
        f"  {count:6}  {worded(f'status.{status}', {}, language)}"
        for status, count in sorted(counts.statuses.items())
        if count
    ]
    lines.append(worded("told.cells", told, language))
    if any(counts.failing[each] for each in RuleSet):
        lines.append(worded("told.rule-sets", {each.value: counts.failing[each] for each in RuleSet}, language))
    lines.append(worded("told.results", told, language))
    if counts.statuses[Status.REVIEW.value]:
        lines.append(worded("told.ask", told, language))
    return "\n".join(lines)


def as_json(counts: Counts) -> dict[str, object]:
    """The same for machines."""
    statuses = {status.value: counts.statuses[status.value] for status in Status}
    cells = {"accepted": counts.accepted_cells, "review": counts.review_cells}
    failing = {each.value: counts.failing[each] for each in RuleSet}
    return {"files": counts.files, "confined": sorted(offered()), "forms": statuses, "cells": cells, "failing": failing}


COMMAND = Command(
    "read",
    build,
    run,
    (
        "qagaz read scans --out results",
        "qagaz read day-1 day-2/form.pdf --out results --jobs 4 --language ru",
        "qagaz read archive --out results --db postgresql+psycopg://user@host/qagaz",
        "qagaz read archive --out results --cluster tcp://10.0.0.1:8786",
        "qagaz read form.tif --out results --json",
        "qagaz read s3://archive/2026 --out results --partitions 10000",
        "find archive -name '*.pdf' | qagaz read --list - --out results",
        "qagaz read scans --out results --max-error 0.5/1000",
        "qagaz read scans --out results --rules published",
        "qagaz read scans --out results --department Алматы --batch 2026-03-12",
        "qagaz read scans --out results --previous 2024/figures.csv --respondents list.csv --kato kato.csv",
    ),
)
