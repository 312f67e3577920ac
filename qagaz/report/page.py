"""The report as one page: no script, no address, pictures and looks inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from compare.rates import Rate, per_thousand
from compare.records import Party
from compare.run import Key
from compare.sampling import Drawn
from compare.tally import Split, matrix
from layouts.model import Place
from layouts.words import Language
from qagaz.offline import written
from qagaz.report.facts import Report, Shown
from qagaz.report.pictures import Lines, digit_map, form_map, rates, trust_chart
from qagaz.speech import worded
from review.station.words import number

FOLDER = Path(__file__).parent / "templates"
STYLE = "report.css"
PAGE = "report.html"

ALMOST = 0.999  # from here on a probability is not given in figures


class Crop(Protocol):
    """What the paper looks like in a cell of a form and file."""

    def placed(self, key: Key, place: Place) -> bool:
        """Whether the cell stands anywhere on the paper."""

    def __call__(self, key: Key, file: str, place: Place) -> str:
        """A data address; "" where it is not at hand."""


@dataclass(frozen=True, slots=True)
class Item:
    """One disagreement in words."""

    shown: Shown
    picture: str
    placed: bool  # whether the machine knows where the cell is on the paper
    awaits: bool  # whether the machine itself asked for a person
    machine: str
    manual: str
    paper: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """A cell on which both agreed, and whoever keyed it once more did not."""

    cell: Drawn
    picture: str
    agreed: str
    keyed: str


def write_page(report: Report, crop: Crop | None, language: Language) -> Iterator[str]:
    """The page, piece by piece; `crop` is None where no pictures of papers may stand in it."""

    def say(message: str, **parameters: object) -> str:
        shown = {name: number(value, language) if _is_number(value) else value for name, value in parameters.items()}
        return worded(message, shown, language)

    def count(value: object) -> str:
        whole = isinstance(value, float) and value.is_integer()
        return number(int(value) if whole else value, language)  # type: ignore[call-overload]

    told = report.comparison.tally
    yield from written(
        FOLDER / PAGE, FOLDER / STYLE,
        say=say, number=count, language=language, report=report, told=told, parties=tuple(Party),
        matching=report.comparison.matching, audited=report.audited,
        thousand=lambda share: count(per_thousand(share)),
        rate=lambda rate: count(per_thousand(rate.share)),
        sure=lambda share: "> " + count(99.9) if share > ALMOST else count(round(share * 100, 1)),
        interval=lambda rate: f"{count(per_thousand(rate.low))} – {count(per_thousand(rate.high))}",
        classes=matrix(told.classes),
        main=_main(report, say, count),
        splits={name: _sides(of, say, count, name) for name, of in report.splits.items()},
        maps=[
            (party, [form_map(layout, wrong, say("report.map")) for layout in report.layouts])
            for party, wrong in report.maps.items() if wrong
        ],
        digits=[(party, digit_map(counts, say("report.digits"))) for party, counts in told.digits.items() if counts],
        bins=[b for b in told.bins if b.cells],
        trust=trust_chart(told.bins, say("report.trust"), say("report.claimed"), say("report.found"), count),
        items=[_item(each, crop, say, count) for each in report.shown], pictured=crop is not None,
        missed=list(_missed(report, crop, say, count)),
    )  # fmt: skip


def _main(report: Report, say: Callable[..., str], count: Callable[[object], str]) -> Lines:
    """The rates that management looks at."""
    told = report.comparison.tally
    lines: list[tuple[str, Rate]] = [(say("told.compare-machine"), told.machine)]
    if report.audited:
        lines.append((say("told.compare-claimed"), report.audited.claimed))
    lines += [(say("told.compare-machine-all"), told.machine_all), (say("told.compare-person"), told.person)]
    return rates(lines, count)


def _sides(
    splits: Sequence[Split], say: Callable[..., str], count: Callable[[object], str], name: str
) -> tuple[Lines, Lines]:
    """A dimension's rates, the machine's and the person's."""
    labels = [say(f"ink.{s.value}") if name == "ink" else s.value for s in splits]
    machine = rates([(label, s.machine) for label, s in zip(labels, splits, strict=True)], count)
    person = rates([(label, s.person) for label, s in zip(labels, splits, strict=True)], count)
    return machine, person


def _item(each: Shown, crop: Crop | None, say: Callable[..., str], count: Callable[[object], str]) -> Item:
    difference, form = each.verdict.difference, each.compared.machine
    machine, manual, paper = (
        _said(value, say, count) for value in (difference.machine, difference.manual, each.verdict.paper)
    )
    picture = crop(form.key, form.file, difference.place) if crop else ""
    evidence = tuple(say(f"evidence.{name}") for name in each.verdict.evidence)
    placed = crop is None or crop.placed(form.key, difference.place)
    awaits = difference.place in form.cells and not form.cells[difference.place].accepted
    return Item(each, picture, placed, awaits, machine, manual, paper, evidence)


def _missed(
    report: Report, crop: Crop | None, say: Callable[..., str], count: Callable[[object], str]
) -> Iterator[Missed]:
    """What keying once more found in cells that agreed."""
    for cell, keyed in report.audited.audit.missed if report.audited else ():
        picture = crop(cell.key, cell.file, cell.place) if crop else ""
        yield Missed(cell, picture, _said(cell.agreed, say, count), _said(keyed, say, count))


def _said(value: Decimal | None, say: Callable[..., str], count: Callable[[object], str]) -> str:
    return say("report.blank") if value is None else count(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
