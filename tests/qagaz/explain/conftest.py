"""Forms whose values are explained: kept as a run keeps them, or read by the program."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extract.records import Source
from layouts.model import Each, Relation, Rule, RuleSet, Words
from qagaz import cli
from qagaz.commands import explain as explain_command
from qagaz.explain import Wanted, explain
from qagaz.parts import Parts
from review.flatten import flatten
from review.keep import Filed
from review.store import Store
from tests.qagaz import fakes

WORDS = {
    "columns": Words("Бағандар қосылады", "Графы складываются", "Columns add up"),
    "total": Words("Жолдар қосылады", "Строки складываются", "Lines add up"),
}


def rule(name, rule_set, clause, each, left, right):
    sentence, cited = WORDS[name.rpartition(".")[2]], Words(f"{clause} (kk)", f"{clause} (ru)", clause)
    return Rule(name, rule_set, 2, clause, sentence, each, Relation.EQUAL, left, right, cited=cited)


LAYOUT = replace(
    fakes.LAYOUT,
    rules=(
        rule("s2.columns", RuleSet.TABLE, "heading", Each.LINE, ("1",), ("2",)),
        rule("s2.total", RuleSet.TABLE, "row 1", Each.COLUMN, ("1",), ("1.1", "1.10")),
        rule("published.columns", RuleSet.PUBLISHED, "item 9, control 1", Each.LINE, ("1",), ("2",)),
        rule("published.total", RuleSet.PUBLISHED, "item 9, control 3", Each.COLUMN, ("1",), ("1.1",)),
    ),
)


@pytest.fixture
def kept(tmp_path):
    """Keeps forms as a run does, part and store, under `tmp_path`; gives the explanation of a place of one of them."""

    def keep(form, file="a.pdf", versions="versions 1"):
        source = Source(form.form.reading.source.sha256, file, Path(file))
        rows = flatten(form)
        with Parts(tmp_path / "parts").writer(source, versions) as part:
            part.add(rows)
            part.commit()
        with Store.beside(tmp_path) as store:
            store.put(Filed(source.sha256, file, versions), [rows])

    return keep


@pytest.fixture
def explained(tmp_path):
    def go(place="s2/1/1", *, file="a.pdf", form=1, column="", section=0):
        with Store.beside(tmp_path) as store:
            return explain(tmp_path, store, Wanted(file, form, place, column, section), {LAYOUT.id: LAYOUT})

    return go


@pytest.fixture
def command(run, papers, tmp_path, monkeypatch, capsys):
    """Reads forms of these words into `out` and runs commands there; gives the status, stdout and stderr of each."""
    monkeypatch.setattr(explain_command, "known_forms", lambda _folder: ({LAYOUT.id: LAYOUT}, ()))
    monkeypatch.setenv("QAGAZ_LANGUAGE", "en")
    out = str(tmp_path / "out")

    def go(name, *given):
        capsys.readouterr()
        status = cli.main([name, out, *given])
        told = capsys.readouterr()
        return status, told.out, told.err

    def read(words):
        run(papers(a=words))
        return go

    return read
