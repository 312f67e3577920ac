"""Small makers of readings and figures, so that a test states only what it is about."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from extract.records import Alternative, Box, Doubt, FieldReading, FormReading, Ink, Reading, Source
from layouts.load import load_layout
from layouts.model import FieldKind, FieldLayout, Layout, Place
from postprocess.normalise import normalise
from postprocess.records import FormFigures
from validate.trust import Step, Stratum, Trust

BOX = Box(0.0, 0.0, 10.0, 10.0)
SOURCE = Source("0" * 64, "form.pdf", Path("form.pdf"))
BIN, IIN = "020960639692", "871011480473"
# A calibration that lets typed figures through on two readers' word, written ones on theirs and a sum's.
TRUST = Trust(
    {"typed/clear": Stratum({}), "hand/clear": Stratum({})},
    {
        "typed": {
            "agreed": (Step(0.95, 9000, 0, 90, True, 0.0005),),
            "summed": (Step(3.0, 9000, 0, 90, True, 0.0005),),
        },
        "hand": {"agreed": (Step(0.95, 900, 9, 9, True, 0.02),), "summed": (Step(3.0, 9000, 1, 90, True, 0.0008),)},
    },
)
FIELDS = {"year": "2025", "bin": BIN, "hours": "1-2"}

Text = str | tuple[Alternative, ...]


@cache
def layout(name: str = "2-uslugi-it.2026") -> Layout:
    """A layout that ships with the package."""
    return load_layout(Path(__file__).parents[1] / "layouts" / "data" / f"{name}.toml")


def place(text: str) -> Place:
    """The place that `s2/1.7/1` names."""
    section, line, column = text.split("/")
    return Place(int(section[1:]), line, column)


def reading(at: Place, text: Text = "", *, ink: Ink | None = None, witnesses: int = 2, **more: Any) -> Reading:
    """A cell's reading: digital unless an ink is given; alternatives, or one certain text."""
    alternatives = ((Alternative(text, 0.0, "test"),) if text else ()) if isinstance(text, str) else text
    kind = (ink or Ink.DIGITAL) if alternatives else more.pop("blank_ink", Ink.NONE)
    unit = "pt" if kind is Ink.DIGITAL else "px"
    defaults = {"page": 1, "box": BOX, "unit": unit, "witnesses": witnesses, "readers": 2}
    return Reading(place=at, ink=kind, alternatives=alternatives, **{**defaults, **more})


def field_reading(field: str, text: str = "", *, ink: Ink = Ink.DIGITAL, **more: Any) -> FieldReading:
    """A field's reading, digital and certain unless told otherwise."""
    alternatives = (Alternative(text, 0.0, "test"),) if text else ()
    defaults = {"page": 1, "box": BOX, "unit": "pt", "witnesses": 2, "readers": 2, "empty": not text}
    return FieldReading(field, ink=ink if text else Ink.NONE, alternatives=alternatives, **{**defaults, **more})


def form_reading(
    cells: Mapping[str, Text] | None = None,
    *,
    of: Layout | None = None,
    fields: Mapping[str, str | FieldReading] | None = None,
    countries: Mapping[str, str] | None = None,
    ink: Ink | None = None,
    witnesses: int = 2,
    readings: Mapping[str, Reading] | None = None,
    doubts: tuple[Doubt, ...] = (),
) -> FormReading:
    """A whole form with these cells filled in ({"s2/1.7/1": "12,5"}) and all others blank."""
    form = of or layout()
    told = {place(key): text for key, text in (cells or {}).items()}
    given = {place(key): value for key, value in (readings or {}).items()}
    named = {place(key): text for key, text in (countries or {}).items()}
    header = FIELDS if fields is None else fields
    return FormReading(
        source=SOURCE,
        form=1,
        layout=form,
        pages=(1,),
        cells=tuple(given.get(at) or reading(at, told.get(at, ""), ink=ink, witnesses=witnesses) for at in form.places),
        countries=tuple(reading(at, named.get(at, "")) for at in form.country_places),
        fields=tuple(_field(field, header.get(field.id, "")) for field in form.fields),
        doubts=doubts,
    )


def _field(field: FieldLayout, told: str | FieldReading) -> FieldReading:
    if isinstance(told, FieldReading):
        return told
    return field_reading(field.id, told, chosen=(told,) if field.kind is FieldKind.OPTION and told else ())


def form_figures(cells: Mapping[str, Text] | None = None, **more: Any) -> FormFigures:
    """The same, normalised."""
    return normalise(form_reading(cells, **more))


def truths() -> list[dict[str, Any]]:
    """The truth of the sample forms; skips the test where they are not at hand."""
    folder = os.environ.get("QAGAZ_SAMPLES")
    if not folder:
        pytest.skip("QAGAZ_SAMPLES does not name a folder of sample forms")
    found: list[dict[str, Any]] = json.loads((Path(folder) / "truth.json").read_text(encoding="utf-8"))
    return found


def form_of(truth: Mapping[str, Any]) -> FormFigures:
    """A sample form as if read from a text layer without a fault."""
    cells, countries = {}, {}
    for section in (2, 3):
        for line, row in truth[f"section{section}"].items():
            for column, cell in row.items():
                held = cells if "thousand_tenge" in cell else countries
                held[f"s{section}/{line}/{column}"] = cell["written"]
    hours = layout().field("hours").options[truth["time"]]
    names = ("bin", "iin", "region", "kato")
    fields = {name: truth[name] for name in names} | {"year": str(truth["year"]), "hours": hours}
    return form_figures(cells, countries=countries, fields=fields)
