"""The report's files beside the tables: the page, and a workbook of the same."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from compare.rates import Rate, per_thousand
from compare.tally import matrix
from layouts.words import Language
from qagaz.opener import Opener
from qagaz.parts import TEMPORARY
from qagaz.quality import disagreements, matches
from qagaz.report.crops import Crops
from qagaz.report.facts import Report
from qagaz.report.page import write_page
from qagaz.tables import CLASSES, COMPARISON, MATCHING, RATES, Row
from qagaz.workbook import write_workbook

PAGE = "report.html"
WORKBOOK = "comparison.xlsx"


def write_report(out: Path, report: Report, papers: Sequence[Path], language: Language) -> None:
    """The page and the workbook; pictures of papers stand in the page where folders of papers are told. OSError."""
    with tempfile.TemporaryDirectory(prefix=".report-", dir=out) as album, Opener() as opener:
        crops = Crops(papers, Path(album), report, opener.pages) if papers and report.named else None
        _replace(out / PAGE, write_page(report, crops, language))
    if report.named:
        comparison = report.comparison
        write_workbook(
            out / WORKBOOK,
            [
                (RATES, _rates(report)),
                (CLASSES, _classes(report)),
                (COMPARISON, disagreements(comparison.compared)),
                (MATCHING, matches(comparison.matching)),
            ],
        )


def _replace(target: Path, pieces: Iterable[str]) -> None:
    temporary = target.with_name(f".{target.name}{TEMPORARY}")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _rates(report: Report) -> Iterator[Row]:
    told = report.comparison.tally
    yield _rate("all", "", "machine-accepted", told.machine)
    if report.audited:
        yield _rate("all", "", "machine-claimed", report.audited.claimed)
    yield _rate("all", "", "machine", told.machine_all)
    yield _rate("all", "", "person", told.person)
    for split in told.splits:
        yield _rate(split.dimension, split.value, "machine", split.machine)
        yield _rate(split.dimension, split.value, "person", split.person)


def _rate(what: str, value: str, party: str, rate: Rate) -> Row:
    shares = (rate.share, rate.low, rate.high)
    return what, value, party, rate.hits, rate.cells, rate.forms, *(per_thousand(share) for share in shares)


def _classes(report: Report) -> Iterator[Row]:
    for slip, counts in matrix(report.comparison.tally.classes):
        yield slip.value, *counts
