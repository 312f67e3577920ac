"""`python -m corpus benchmark …`: make a part, check it, score a system's tables, set systems side by side."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from corpus.benchmark.answers import FormatError
from corpus.benchmark.check import check_folder, check_truths
from corpus.benchmark.frozen import Listed, described, frozen_list, list_text, make_part, of_part, pixels, truths
from corpus.benchmark.page import page, renewed
from corpus.benchmark.plan import FAMILIES, PARTS, SEED, Item, everything, planned
from corpus.benchmark.score import save_score, score_folder, table

UNLIKE = 1  # exit status: the truth is not as listed
USAGE = 2


def add_commands(parser: argparse.ArgumentParser) -> None:
    """The commands of the benchmark and their options."""
    commands = parser.add_subparsers(dest="deed", required=True)
    maker = commands.add_parser("make", help="write the papers of a part and truth.json; goes on where it was stopped")
    maker.add_argument("out", type=Path)
    _part(maker)
    maker.add_argument(
        "--seed", type=int, default=SEED, help="another one: forms of the same kinds that nobody has seen"
    )
    maker.add_argument("--digits", type=Path, help="folder of real digits, for the part hands")
    checker = commands.add_parser("check", help="is what was made what is listed? Without a folder: truth made anew")
    checker.add_argument("folder", type=Path, nargs="?")
    _part(checker)
    scorer = commands.add_parser("score", help="score a system's cells.csv, fields.csv and forms.csv")
    scorer.add_argument("truth", type=Path, help="the folder that was made, or its truth.json")
    scorer.add_argument("answers", type=Path, help="folder of the tables; that of a run of qagaz is one")
    scorer.add_argument("--system", default="", help="what to call it")
    scorer.add_argument("--out", type=Path, help="JSON file to write")
    paged = commands.add_parser("page", help="several scores side by side, as Markdown")
    paged.add_argument(
        "scores", type=Path, nargs="+", help="JSON files; the first is what the others are compared with"
    )
    paged.add_argument("--out", type=Path, help="file whose tables to renew; printed without")
    lister = commands.add_parser("list", help="print the list anew, for the next version")
    lister.add_argument("--made", type=Path, nargs="*", default=[], help="folders with papers whose bytes to list")


def _part(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--part", choices=PARTS, default="small")
    parser.add_argument("--kinds", default="", help="only these, with commas between, or a family in quotes")


def _items(chosen: argparse.Namespace) -> list[Item]:
    wanted = FAMILIES.get(chosen.kinds) or tuple(kind for kind in chosen.kinds.split(",") if kind)
    return [item for item in planned(chosen.part) if not wanted or item.kind in wanted]


def run(chosen: argparse.Namespace) -> int:
    """Runs one command; 0 when done, 1 where the truth is not as listed, 2 for tables that cannot be scored."""
    match chosen.deed:
        case "make":
            return _make(chosen)
        case "check":
            return _check(chosen)
        case "score":
            return _score(chosen)
        case "page":
            scores = [json.loads(path.read_text(encoding="utf-8")) for path in chosen.scores]
            _put(chosen.out, page(scores))
            return 0
        case _:
            print(list_text(_listed_anew(chosen.made)), end="")
            return 0


def _make(chosen: argparse.Namespace) -> int:
    items = _items(chosen)
    if not items:
        print(f"nothing of {chosen.kinds} in {chosen.part}; families: {', '.join(FAMILIES)}", file=sys.stderr)
        return USAGE
    if chosen.part == "hands" and chosen.digits is None:
        print("hands are drawn with real digits: name their folder with --digits", file=sys.stderr)
        return USAGE
    make_part(chosen.out, items, seed=chosen.seed, digits=chosen.digits, told=lambda name: print(name, file=sys.stderr))
    return 0


def _check(chosen: argparse.Namespace) -> int:
    items = _items(chosen)
    kinds = {item.kind for item in items}
    rows = [row for row in of_part(frozen_list(), chosen.part) if row.kind in kinds]
    verdict = check_folder(rows, chosen.folder) if chosen.folder else check_truths(rows, truths(items))
    print(verdict)
    return 0 if verdict.whole else UNLIKE


def _score(chosen: argparse.Namespace) -> int:
    try:
        scored: dict[str, Any] = score_folder(chosen.truth, chosen.answers, system=chosen.system)
    except FormatError as error:
        print(error, file=sys.stderr)
        return USAGE
    if chosen.out:
        save_score(chosen.out, scored)
    print(table(scored))
    return 0


def _listed_anew(made: list[Path]) -> list[Listed]:
    rows = []
    for item, entries in truths(everything()):
        row = described(item, entries)
        found = next((print_ for folder in made if (print_ := _print(folder, row.name))), "")
        rows.append(described(item, entries, made=found))
    return rows


def _print(folder: Path, name: str) -> str:
    papers = folder / "papers"
    done = any((folder / "made").glob(f"*-{name}.json"))
    return pixels(papers, name) if done else ""


def _put(out: Path | None, text: str) -> None:
    if out is None:
        print(text)
    else:
        out.write_text(renewed(out, text), encoding="utf-8")
