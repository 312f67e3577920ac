"""Reads the benchmark's papers with a baseline: `python -m training.baselines NAME PAPERS --out DIR`.

NAME is pdfplumber (text layers only), tesseract or rapidocr. DIR gets the tables that `python -m corpus benchmark
score` takes. Stopped and called again, it goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from training.baselines import digital, scanned
from training.baselines.answers import Form, Text, write
from training.peers.readers import processor_seconds

NAMES = ("pdfplumber", "tesseract", "rapidocr")
Read = Callable[[Path], list[Form]]


def main() -> None:
    """Reads the command line and every paper, in order of their names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # Tesseract's threads are in each other's way
    read, confident = _reader(chosen.name)
    kept = chosen.out / "kept"
    kept.mkdir(parents=True, exist_ok=True)
    write(chosen.out, _all(read, chosen.papers, kept), confident=confident)


def _reader(name: str) -> tuple[Read, bool]:
    if name == "pdfplumber":
        return digital.read, digital.CONFIDENT
    engine = scanned.reader(name)
    return lambda file: scanned.read(file, engine, scanned.SETTINGS[name]), scanned.CONFIDENT


def _all(read: Read, papers: Path, kept: Path) -> Iterator[tuple[str, list[Form]]]:
    for file in sorted(papers.iterdir()):
        done = kept / f"{file.name}.json"
        if not done.is_file():
            began = processor_seconds()
            forms = read(file)
            done.write_text(_packed(forms, processor_seconds() - began), encoding="utf-8")
            print(f"{file.name}: {len(forms)} forms, {processor_seconds() - began:.1f} s", file=sys.stderr)
        yield file.name, _unpacked(done.read_text(encoding="utf-8"))


def _packed(forms: list[Form], seconds: float) -> str:
    told = [{"cells": [[*place, *text] for place, text in form.cells.items()], "fields": form.fields} for form in forms]
    return json.dumps({"seconds": round(seconds, 2), "forms": told}, ensure_ascii=False)


def _unpacked(text: str) -> list[Form]:
    return [
        Form(
            {(section, line, column): Text(said, sure) for section, line, column, said, sure in form["cells"]},
            {name: Text(*said) for name, said in form["fields"].items()},
        )
        for form in json.loads(text)["forms"]
    ]


if __name__ == "__main__":
    main()
