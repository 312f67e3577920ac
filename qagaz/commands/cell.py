"""`qagaz cell`: what pictures of single cells say."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from decimal import Decimal

from extract.records import Ink
from layouts.errors import Rejected
from layouts.words import Language
from postprocess.amounts import Amount
from qagaz.arguments import Arguments, Command
from qagaz.cell import BATCH, CellResult, Meant, Picture, find_pictures, open_pictures, read_pictures
from qagaz.speech import reason_in_words, tell, worded
from qagaz.worker import settle_threads

TOP = 3
REJECTED = 4
DIGITS = 6  # significant ones of a probability


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.paths("images", "IMAGE")
    arguments.number("--top", "N", TOP)
    arguments.number("--dpi", "N", 0)
    arguments.flag("--json")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Read every picture; 0, or 4 where one could not be read."""
    # Imported here: help and a wrong path need no models.
    from extract.readers.default import default_readers  # noqa: PLC0415

    settle_threads()
    teller = Teller(language, parsed.top, as_json=parsed.json)
    waiting: list[Picture] = []

    def read() -> None:
        for result in read_pictures(waiting, default_readers(), float(parsed.dpi)) if waiting else []:
            teller.tell(result)
        waiting.clear()

    for file, path in find_pictures(parsed.images):
        try:
            for picture in open_pictures(file, path):
                waiting.append(picture)
                if len(waiting) >= BATCH:
                    read()
        except Rejected as error:
            read()
            teller.reject(file, error)
    read()
    return REJECTED if teller.rejected else 0


class Teller:
    """Prints results and what went wrong, for people or for machines, in the order of the inputs."""

    def __init__(self, language: Language, top: int, *, as_json: bool) -> None:
        self.rejected = 0
        self._language = language
        self._top = top
        self._json = as_json

    def tell(self, result: CellResult) -> None:
        """One picture: a block of lines, or one line of JSON."""
        if self._json:
            print(json.dumps(as_json(result, self._top), ensure_ascii=False))
        else:
            print("\n".join(block(result, self._top, self._language)))

    def reject(self, file: str, error: Rejected) -> None:
        """A picture that cannot be read: its message on stderr, for machines its code too."""
        self.rejected += 1
        tell(error.message_id, self._language, **error.parameters)
        if self._json:
            print(json.dumps({"file": file, "error": error.message_id.removeprefix("error.")}, ensure_ascii=False))


def block(result: CellResult, top: int, language: Language) -> list[str]:
    """A picture's lines: what it is, its best readings one a line, what makes a person look."""
    told = {
        "file": result.file if result.page == 1 else f"{result.file}, {result.page}",
        "kind": worded(f"cell.ink.{result.ink.value}", {}, language),
        "ink": percent(result.inked),
        "dpi": round(result.scale.dpi),
        "known": worded(f"cell.scale.{result.scale.known}", {}, language),
    }
    shown = result.readings[: top or None]
    width = max((len(meant.reading.text) for meant in shown), default=0)
    lines = [worded("cell.head", told, language)]
    lines += [_line(meant, width, language) for meant in shown]
    lines += [f"  ! {reason_in_words(reason, language)}" for reason in result.reasons]
    return lines


def _line(meant: Meant, width: int, language: Language) -> str:
    said = " | ".join(_amount(amount, language) for amount in meant.amounts)
    return f"  {percent(meant.probability):>8}  {meant.reading.text:{width}}  {said}  [{', '.join(meant.readers)}]"


def _amount(amount: Amount, language: Language) -> str:
    if amount.value is None:
        return worded("cell.no-amount", {}, language)
    return worded("cell.amount", {"value": f"{amount.value:f}"}, language)


def as_json(result: CellResult, top: int) -> dict[str, object]:
    """The same for machines."""
    return {
        "file": result.file,
        "page": result.page,
        "kind": "blank" if result.ink is Ink.NONE else result.ink.value,
        "ink": _rounded(result.inked),
        "dpi": round(result.scale.dpi, 1),
        "dpi_from": result.scale.known,
        "reasons": list(result.reasons),
        "readings": [
            {
                "text": meant.reading.text,
                "probability": _rounded(meant.probability),
                "readers": list(meant.readers),
                "amounts": _amounts(meant.amounts),
            }
            for meant in result.readings[: top or None]
        ],
    }


def _amounts(amounts: Sequence[Amount]) -> list[dict[str, object]]:
    def plain(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    return [
        {"thousand_tenge": plain(amount.value), "share": amount.share, "reasons": list(amount.reasons)}
        for amount in amounts
    ]


def percent(probability: float) -> str:
    """A probability for people; never 100 %, for nothing is certain.

    >>> percent(0.5), percent(0.99999), percent(0.00001)
    ('50.0 %', '>99.9 %', '<0.1 %')
    """
    if probability > 0.999:
        return ">99.9 %"
    return "<0.1 %" if probability < 0.001 else f"{probability * 100:.1f} %"


def _rounded(probability: float) -> float:
    return float(f"{probability:.{DIGITS}g}")


COMMAND = Command(
    "cell",
    build,
    run,
    (
        "qagaz cell cell.png",
        "qagaz cell crops --top 5 --language ru",
        "qagaz cell one.jpg two.tif --dpi 300",
        "qagaz cell crops --json > readings.jsonl",
    ),
)
