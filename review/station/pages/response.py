"""Response control: the respondents' list against what came, and the list itself."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from starlette.responses import RedirectResponse, Response

from review.defused import defused
from review.station.ask import Ask
from review.station.shown import show
from review.station.uploads import harmless
from review.station.words import HERE, worded
from review.work.intake.batches import offices
from review.work.response.respondents import (
    Control,
    Line,
    RespondentError,
    Standing,
    control,
    deadline,
    load,
    tell_whose,
    years,
)

LINES = 100  # respondents a page
SEPARATOR = ";"  # what spreadsheets here expect between columns
MARK = "\ufeff"  # what makes them read UTF-8
COLUMNS = ("number", "name", "kato", "phone", "office")
SIEVES: Mapping[str, Callable[[Line], bool]] = {
    "all": lambda line: bool(line.number),
    "missing": lambda line: line.standing is Standing.MISSING,
    "came": lambda line: line.standing is Standing.CAME,
    "late": lambda line: line.standing is Standing.LATE,
    "notice": lambda line: line.standing is Standing.NOTICE,
    "twice": lambda line: bool(line.twice),
}
BESIDE = ("strangers", "unclear")  # what came and is on no line


def show_response(ask: Ask) -> Response:
    """A year's response: counts, and the lines wanted."""
    start = LINES * max(0, ask.number("page", 1) - 1)
    wanted, search = ask.query.get("show", "missing"), ask.query.get("search", "").strip()[:200]
    wanted = wanted if wanted in {*SIEVES, *BESIDE} else "missing"
    with ask.desk.store.database.reading() as session:
        known = years(session, ask.person)
        year = ask.query.get("year", "")
        year = year if year in known else next(iter(known), str(datetime.now(tz=HERE).year - 1))
        found = control(session, ask.person, year)
        lines = _wanted(found, wanted, search)
        return show(
            ask,
            "response.html",
            year=year,
            years=known or [year],
            counts=_counts(found),
            wanted=wanted,
            search=search,
            rows=lines[start : start + LINES],
            count=len(lines),
            start=start,
            lines=LINES,
            deadline=deadline(year),
            offices=[office.name for office in offices(session, ask.person)],
            listed=bool(found.lines),
        )


def missing(ask: Ask) -> Response:
    """Those that owe a form still, with their phones, as a table for a spreadsheet."""
    year = ask.query.get("year", "")
    with ask.desk.store.database.reading() as session:
        year = year if year in years(session, ask.person) else ""
        found = control(session, ask.person, year) if year else Control((), (), ())
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=SEPARATOR)
    writer.writerow(worded(f"station.response-{column}", ask.language) for column in COLUMNS)
    for line in filter(SIEVES["missing"], found.lines):
        writer.writerow(defused(getattr(line, column)) for column in COLUMNS)
    headers = {"content-disposition": f'attachment; filename="missing-{year or "none"}.csv"'}
    return Response((MARK + file.getvalue()).encode(), media_type="text/csv; charset=utf-8", headers=headers)


def load_now(ask: Ask) -> Response:
    """Take a list in place of the one before."""
    year = ask.text("year").strip()
    sent = next((file for file in ask.files("list") if file.filename), None)
    if sent is None:
        raise RespondentError("error.upload-nothing")
    name = harmless(sent.filename or "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{Path(name).suffix.lower()[:10]}"
        with path.open("wb") as file:
            shutil.copyfileobj(sent.file, file)
        rows = list(ask.desk.roster(path))
    with ask.desk.store.database.writing() as session:
        load(session, ask.person, year, ask.text("department"), rows)
    return RedirectResponse(f"/response?year={year}&show=all", 303)


def tell_now(ask: Ask) -> Response:
    """A notice is this respondent's."""
    year = ask.text("year").strip()
    with ask.desk.store.database.writing() as session:
        tell_whose(session, ask.person, ask.text("source"), year, ask.text("number"))
    return RedirectResponse(f"/response?year={year}&show=unclear", 303)


def _counts(found: Control) -> dict[str, int]:
    counts = Counter({name: sum(map(sieve, found.lines)) for name, sieve in SIEVES.items()})
    return counts | Counter(strangers=len(found.strangers), unclear=len(found.unclear))


def _wanted(found: Control, wanted: str, search: str) -> Sequence[object]:
    """Lines of the list, or forms that are on no line, that hold what is searched for."""
    looked = search.casefold()
    if wanted in BESIDE:
        forms = found.strangers if wanted == "strangers" else found.unclear
        return [each for each in forms if looked in f"{each.number} {each.file}".casefold()]
    lines = filter(SIEVES[wanted], found.lines)
    return [line for line in lines if looked in f"{line.number} {line.name}".casefold()]
