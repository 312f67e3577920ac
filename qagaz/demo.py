"""The demonstration: made-up forms go the whole way, from paper to exported figures."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from corpus.demo import demo_forms
from extract.intake import find_sources
from layouts.words import Language
from qagaz.assemble import Counts
from qagaz.commands.questions import as_text
from qagaz.equipment import Equipment
from qagaz.look import look
from qagaz.manifest import RUN
from qagaz.opener import Opener
from qagaz.parts import Parts
from qagaz.run import PARTS, Request, Watch, read_with
from qagaz.speech import worded
from qagaz.tables import FIGURES, TableWriter
from review.questions import Question
from review.store import Store
from review.work.saying import Given

SHOWN_FINDINGS = 2  # a form
SHOWN_QUESTIONS = 3
SHOWN_FORM = "04-scan-with-seal"  # the file whose pages are drawn: it shows what the program copes with
WHO = "demo"

Say = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the demonstration's files lie."""

    forms: Path
    results: Path
    pictures: Path

    @staticmethod
    def under(out: Path) -> Folders:
        """The three of them in one folder."""
        return Folders(out / "forms", out / "results", out / "pictures")


def run_demo(out: Path, language: Language, watch: Watch) -> Counts:
    """Make the forms, read them, show results and questions, settle one, export, draw one file's pages."""
    folders = Folders.under(out)
    say = _sayer(language)
    say("demo.making", folder=folders.forms)
    _make(folders)
    say("demo.reading")
    counts = read_with(Equipment(), Request((folders.forms,), folders.results, language), watch)
    print("\n".join(result_lines(folders.results, language)))
    with Store.beside(folders.results) as store:
        _ask(store, folders, language, say)
        _settle_one(store, folders, say)
        _export(store, folders, say)
    _draw(folders, language)
    say("demo.end", results=folders.results, pictures=folders.pictures, program=program(sys.argv[0]))
    return counts


def program(called: str) -> str:
    """How to call the program again: by its path where its name alone does not find it, as after `make demo`.

    >>> program("/somewhere/.venv/bin/pytest")
    'qagaz'
    """
    found = Path(called).name == "qagaz" and shutil.which("qagaz") is None
    return called if found else "qagaz"


def _sayer(language: Language) -> Say:
    def say(message: str, **told: object) -> None:
        print("\n" + worded(message, told, language))

    return say


def _make(folders: Folders) -> None:
    if (folders.results / RUN).is_file():  # an earlier demonstration's, and nothing else
        shutil.rmtree(folders.results)
    demo_forms(folders.forms)
    (folders.forms / "truth.json").replace(folders.forms.parent / "truth.json")  # it is no paper


def result_lines(results: Path, language: Language) -> Iterator[str]:
    """One line a form: file, status, cells read for certain and for a person; under it its findings as sentences."""
    cells = {key: Counter(row["status"] for row in rows) for key, rows in _by_form(results / "cells.csv")}
    findings = {
        key: [row["message"] for row in rows if row["set"] != "published"]
        for key, rows in _by_form(results / "findings.csv")
    }
    forms = _rows(results / "forms.csv")
    width = max((len(row["file"]) for row in forms), default=0) + 3
    for row in forms:
        key = (row["file"], row["form"])
        count = cells.get(key, Counter())
        status = worded(f"status.{row['status']}", {}, language)
        told = {"accepted": count["accepted"], "review": count["review"]}
        tail = worded("demo.cells", told, language) if key in cells else ""
        yield f"  {row['file']:{width}} {status:32} {tail}".rstrip()
        said = findings.get(key, [])
        yield from (f"  {'':{width}} – {message}" for message in said[:SHOWN_FINDINGS])
        if len(said) > SHOWN_FINDINGS:
            yield f"  {'':{width}} … +{len(said) - SHOWN_FINDINGS}"


def _by_form(path: Path) -> Iterator[tuple[tuple[str, str], list[dict[str, str]]]]:
    for key, rows in groupby(_rows(path), key=lambda row: (row["file"], row["form"])):
        yield key, list(rows)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ask(store: Store, folders: Folders, language: Language, say: Say) -> None:
    questions = list(store.questions())
    say("demo.asking", count=len(questions), shown=min(SHOWN_QUESTIONS, len(questions)))
    for question in questions[:SHOWN_QUESTIONS]:
        print(as_text(question, language, folders.results))


def _settle_one(store: Store, folders: Folders, say: Say) -> None:
    """Answer one doubtful figure as a person would who looks at the paper."""
    question = next((q for q in store.questions() if q.kind == "figure"), None)
    if question is None:
        return
    value = _on_paper(folders.forms.parent / "truth.json", question)
    store.settle([Given(question.file, question.form, question.place, value, who=WHO)])
    say("demo.settled", file=question.file, place=question.place, read=question.value or "–", value=value)


def _on_paper(truth: Path, question: Question) -> str:
    """What the maker wrote there; the machine's own proposal where that is not known."""
    section, line, column = question.place.removeprefix("s").split("/")
    for entry in json.loads(truth.read_text(encoding="utf-8")):
        if (entry["file"], entry["form"]) == (question.file, question.form):
            cell = entry[f"section{section}"][line][column]
            return str(cell["thousand_tenge"]) if cell["written"] else "blank"
    return "confirm"


def _export(store: Store, folders: Folders, say: Say) -> None:
    figures = list(store.figures())
    with TableWriter(folders.results, replace(FIGURES, formats=("csv",))) as writer:
        writer.add(tuple(figure) for figure in figures)
        writer.finish()
        writer.commit()
    forms = len({(figure.source, figure.form) for figure in figures})
    say("demo.exported", forms=forms, figures=len(figures), file=folders.results / "figures.csv")


def _draw(folders: Folders, language: Language) -> None:
    parts = Parts(folders.results / PARTS)
    with Opener() as opener:
        for source in find_sources([folders.forms]).sources:
            if source.file.startswith(SHOWN_FORM):
                for _path in look(source, list(parts.forms(source)), folders.pictures, language, opener.pages):
                    pass
