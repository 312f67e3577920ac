"""Cells of kept forms as tables: what readers claim of them, and what was decided, each with whether it is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import pandas as pd

from corpus.score import is_right
from layouts.model import Place
from postprocess.records import Figure
from training.forms import Kept, kept
from validate.cells import AGREED, witnesses
from validate.decide import decide
from validate.reasons import CONTROLS_UNDECIDED
from validate.records import CheckedCell, Status
from validate.settings import Settings
from validate.trust import Trust, shows_look, stratum_of

Row = dict[str, Any]


def verdicts_of(folders: Sequence[Path], trust: Trust, settings: Settings, jobs: int = 1) -> pd.DataFrame:
    """The same of every form kept in these folders, decided by so many processes; the order is that of the folders."""
    with Pool(jobs) as pool:
        parts = pool.map(partial(_folder, trust=trust, settings=settings), folders, chunksize=1)
    return pd.concat(parts, ignore_index=True)


def _folder(folder: Path, trust: Trust, settings: Settings) -> pd.DataFrame:
    return verdicts(kept([folder]), trust, settings)


def claims(forms: Iterable[Kept]) -> pd.DataFrame:
    """Every cell read from a picture, as the readers alone have it."""
    return pd.DataFrame([_claim(each, f) for each in forms for f in each.form.figures if f.reading.look])


def verdicts(forms: Iterable[Kept], trust: Trust, settings: Settings) -> pd.DataFrame:
    """Every cell of the forms, as decided under this trust."""
    return pd.DataFrame([row for each in forms for row in _verdicts(each, trust, settings)])


def _verdicts(kept: Kept, trust: Trust, settings: Settings) -> Iterator[Row]:
    checked = decide(kept.form, settings, trust)
    first: Mapping[Place, Figure] = {f.reading.place: f for f in kept.form.figures}
    for cell in checked.cells:
        yield _claim(kept, cell.figure) | _verdict(cell, first[cell.figure.reading.place])


def _claim(kept: Kept, figure: Figure) -> Row:
    reading = figure.reading
    place = reading.place
    truth = kept.truth[f"section{place.section}"][place.line][place.column]
    said = "" if figure.value is None else str(figure.value)
    return {
        "kind": kept.truth["kind"],
        "form": kept.name,
        "place": str(place),
        "written": truth["written"],
        "want": truth["thousand_tenge"],
        "found": reading.page > 0,
        "page": reading.page,
        "stratum": stratum_of(figure),
        "look": list(reading.look),
        "looked": shows_look(reading),
        "agreed": witnesses(figure) >= AGREED,
        "doubts": ";".join(figure.reasons),
        "said": said,
        "confidence": figure.confidence,
        "right": is_right(said, truth["written"], truth["thousand_tenge"]),
    }


def _verdict(cell: CheckedCell, first: Figure) -> Row:
    reading = cell.figure.reading
    return {
        "read": bool(reading.look),
        "top": reading.alternatives[0].text if reading.alternatives else "",
        "first": "" if first.value is None else str(first.value),
        "agreed": cell.evidence.agreed,
        "summed": cell.evidence.summed,
        "margin": cell.choice.margin if cell.choice else None,
        "broken": bool(cell.choice and cell.choice.broken) or CONTROLS_UNDECIDED in cell.reasons,
        "cleared": bool(cell.choice and cell.choice.cleared),
        "vouched": bool(cell.choice and cell.choice.vouched),
        "accepted": cell.status is Status.ACCEPTED,
        "reasons": ";".join(cell.reasons),
    }
