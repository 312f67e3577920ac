"""Forms in the queue without reading any: figures of the corpus on a drawn page, with the doubts a test wants."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from corpus.figures import draw_amounts, plan
from extract.records import Source
from layouts.load import shipped_layouts
from layouts.model import Place
from review.flatten import plain
from review.keep import Filed
from review.rows import CellRow, FieldRow, FindingRow, FormRow, FormRows, ReadingRow
from review.store import Store
from review.work.schema import Paper, Task
from review.work.staff.people import department

LAYOUTS = shipped_layouts()
LAYOUT = LAYOUTS["2-uslugi-it.2026"]
COLUMNS = (430, 150)  # pixels: where the first column of figures begins, and how wide each is
ROWS = (90, 38)  # where the first line begins, and how high each is
WIDTH = COLUMNS[0] + 6 * COLUMNS[1] + 40  # pixels of a page
BIN = "020960639692"
FAULT = Decimal(7)  # by which a planted mistake is off


class Paperwork:
    """What a test knows of a form it made: its key, and what really stands on the paper."""

    def __init__(self, source: str, name: str, truth: Mapping[str, str]) -> None:
        self.source = source
        self.name = name
        self.key = (source, 1)
        self.truth = truth
        self.address = f"/forms/{source}/1"


def fill(
    store: Store,
    folder: Path,
    name: str,
    *,
    seed: int = 1,
    doubts: Sequence[str] = (),
    wrong: Mapping[str, str] | None = None,
    offers: Mapping[str, Sequence[str]] | None = None,
    blanks: Sequence[str] = (),
    lost: Sequence[str] = (),
    mistake: bool = False,
    sideways: bool = False,
    bin_: str = BIN,
    year: str = "2025",
    office: str = "",
    reasons: str = "low-confidence",
    fields: Sequence[FieldRow] = (),
    findings: Sequence[FindingRow] = (),
) -> Paperwork:
    """Put a form into the queue; `sideways`: its page was scanned lying on its side.

    `doubts`: places whose reading is in doubt; `wrong`: what the machine reads there instead; `offers`: the readings
    that compete there; `blanks`: bare cells of which it is in doubt whether they are bare; `lost`: cells whose page is
    not there; `mistake`: the respondent's total of line 1 is off, and everything is read well; `office`: the department
    that received it; `fields` and `findings`: further ones.
    """
    values = _values(seed)
    if mistake:
        values["s2/1/1"] = plain(Decimal(values["s2/1/1"]) + FAULT)
    path = folder / "papers" / name
    path.parent.mkdir(exist_ok=True)
    draw(values, name, path, sideways=sideways)
    source = hashlib.sha256(path.read_bytes()).hexdigest()
    doubtful = {place: (wrong or {}).get(place, values[place]) for place in (*doubts, *(wrong or {}), *blanks, *lost)}
    rows = _rows(values, doubtful, offers or {}, set(blanks), mistake=mistake, bin_=bin_, year=year, why=reasons)
    rows = replace(rows, fields=(*rows.fields, *fields), findings=(*rows.findings, *findings))
    store.came_in([Source(source, name, path)])
    if office:
        _give(store, source, office)
    rows = _asking(replace(rows, cells=tuple(_lost(row) if row.place in lost else row for row in rows.cells)))
    store.put(Filed(source, name, "versions"), [_on_its_side(rows) if sideways else rows])
    return Paperwork(source, name, values)


def inked(values: Mapping[str, str]) -> list[str]:
    """The places of a form where something stands."""
    return [place for place, value in values.items() if value]


def draw(values: Mapping[str, str], title: str, path: Path, *, sideways: bool = False) -> None:
    """The form's page: every line with its code, every figure in its cell."""
    lines = list(dict.fromkeys(place.rpartition("/")[0] for place in values))
    picture = Image.new("L", (WIDTH, ROWS[0] + len(lines) * ROWS[1] + 60), 255)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(22)
    pen.text((40, 30), f"2-uslugi (IT)   {title}", fill=0, font=font)  # the font has Latin letters only
    for line in lines:
        pen.text((60, box_of(f"{line}/1")[1] + 6), line, fill=0, font=font)
    for place, value in values.items():
        left, top, right, bottom = box_of(place)
        pen.rectangle((left, top, right, bottom), outline=90)
        pen.text((left + 8, top + 6), value.replace(".", ","), fill=0, font=font)
    (picture.transpose(Image.Transpose.ROTATE_90) if sideways else picture).save(path)


def box_of(place: str) -> tuple[int, int, int, int]:
    """The cell of a place on the drawn page, pixels."""
    lines = list(dict.fromkeys((p.section, p.line) for p in LAYOUT.places))
    section, line, column = place.removeprefix("s").split("/")
    row, slot = lines.index((int(section), line)), int(column) - 1
    left, top = COLUMNS[0] + slot * COLUMNS[1], ROWS[0] + row * ROWS[1]
    return left, top, left + COLUMNS[1], top + ROWS[1]


def _values(seed: int) -> dict[str, str]:
    rng = random.Random(seed)
    amounts: dict[Place, Decimal] = {}
    while len([value for value in amounts.values() if value]) < 12:
        amounts = draw_amounts(rng, LAYOUT, plan(rng, 1))
    return {str(place): plain(amounts[place]) if amounts.get(place) else "" for place in LAYOUT.places}


def _rows(
    values: Mapping[str, str],
    doubtful: Mapping[str, str],
    offers: Mapping[str, Sequence[str]],
    blanks: set[str],
    *,
    mistake: bool,
    bin_: str,
    year: str,
    why: str,
) -> FormRows:
    cells, readings = [], []
    for place in LAYOUT.places:
        name = str(place)
        value = doubtful.get(name, values[name])
        status = "review" if name in doubtful else "accepted"
        reason = "blank-doubtful" if name in blanks else why if name in doubtful else ""
        key = (1, place.section, place.line, int(place.column))
        cells.append(
            CellRow(
                *key,
                value,
                value,
                0.7 if reason else 0.99,
                status,
                reason,
                "net",
                "typed" if value else "none",
                1,
                *box_of(name),
                "px",
            )
        )
        for rank, text in enumerate(offers.get(name, [value] if value else []), start=1):
            readings.append(ReadingRow(1, name, rank, text, text, -0.3 * rank, "net"))
    fields = [
        FieldRow(1, field, "", text, text, 0.99, "accepted", "", 1, 60, 30, 300, 60, "px")
        for field, text in (("year", year), ("bin", bin_), ("region", "Алматы"))
    ]
    findings = (_sum_fails(values),) if mistake else ()
    doubt = [*(["cells-doubtful"] if doubtful else []), *(["rule-fails"] if mistake else [])]
    top = FormRow(
        1,
        LAYOUT.id,
        year,
        bin_,
        "",
        "Алматы",
        "",
        "",
        "1",
        "review" if doubt else "accepted",
        ";".join(doubt),
        figures=str(sorted(values.items())),
    )
    return FormRows(top, tuple(cells), tuple(fields), findings, tuple(readings))


def _lost(row: CellRow) -> CellRow:
    """The same cell on a page that nobody scanned."""
    nowhere = dict.fromkeys(("page", "x0", "y0", "x1", "y1"))
    return row._replace(written="", value="", reason="page-missing", reader="none", ink="none", unit="", **nowhere)


def _asking(rows: FormRows) -> FormRows:
    """The form in need of a person where any finding or field is."""
    asks = any(not row.informational for row in rows.findings) or any(field.status == "review" for field in rows.fields)
    return replace(rows, form=rows.form._replace(status="review")) if asks else rows


def _on_its_side(rows: FormRows) -> FormRows:
    """Every box where it lies on the page turned a quarter against the clock."""

    def turned(row):
        return row if row.x0 is None else row._replace(x0=row.y0, y0=WIDTH - row.x1, x1=row.y1, y1=WIDTH - row.x0)

    return replace(rows, cells=tuple(map(turned, rows.cells)), fields=tuple(map(turned, rows.fields)))


def _sum_fails(values: Mapping[str, str]) -> FindingRow:
    """What the check of line 1 says of a total that is off."""
    left = Decimal(values["s2/1/1"])
    told = {"section": "2", "at": "1", "total": "1", "terms": "2+3+5+6", "why": "why.none"}
    told |= {"left": plain(left), "right": plain(left - FAULT), "difference": plain(FAULT)}
    shown = ("arithmetic", "finding.rule-not-equal-line", tuple(told.items()))
    return FindingRow(1, "s2.columns", "table", "", "fails", "s2/1/1;s2/1/2", "", "", plain(FAULT), *shown)


def _give(store: Store, source: str, office: str) -> None:
    with store.database.writing() as session:
        session.get_one(Paper, source).department = department(session, office).id


def task_of(store: Store, form: Paperwork) -> Task:
    """A form's task as it stands."""
    with store.database.reading() as session:
        task = session.get_one(Task, form.key)
        session.expunge(task)
        return task
