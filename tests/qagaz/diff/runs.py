"""Result folders as a run leaves them, made of rows: what `qagaz diff` reads of one, and nothing else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from extract.records import Source
from qagaz.parts import Parts
from qagaz.tables import FORMS, TableWriter
from review.flatten import flatten
from tests.qagaz import fakes


def rows_of(content="a", **wanted):
    """The rows of a fake form of a paper with these bytes."""
    return flatten(fakes.make_form(source_of(content), **wanted))


def source_of(content, file="a.pdf"):
    return Source(hashlib.sha256(content.encode()).hexdigest(), file, Path(file))


def a_run(folder, papers, versions="1", made_with=None):
    """A result folder; `papers` are (name, content, forms in rows), in the order of the names."""
    parts = Parts(folder / "parts")
    folder.mkdir(parents=True, exist_ok=True)
    with TableWriter(folder, FORMS) as table:
        for file, content, forms in papers:
            source = source_of(content, file)
            with parts.writer(source, versions) as part:
                for rows in forms:
                    part.add(rows)
                part.commit()
            table.add((source.sha256, file, *rows.form[:-1]) for rows in forms)
        table.finish()
        table.commit()
    (folder / "versions.json").write_text(json.dumps(made_with or {"qagaz": versions}), encoding="utf-8")
    return folder
