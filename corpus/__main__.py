"""`python -m corpus make`, `score`, `benchmark` and `hostile`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus.benchmark.commands import add_commands, run
from corpus.hostile.make import make_fuzz, make_hostile
from corpus.kinds import KINDS
from corpus.make import make
from corpus.score import report
from layouts.load import load_layout

ORDINARY = "digital,docx,labels,units,tenge,scan300,scan200,fax,photo,stamped,turned,shuffled,bundle,labelscan"

EXAMPLES = """examples:
  python -m corpus make /tmp/forms --seed 7 --forms 50 --kinds digital,scan300
  python -m corpus make /tmp/proof --seed 100001 --forms 200 --kinds all
  python -m corpus benchmark make /tmp/small --part small
  python -m corpus benchmark score /tmp/small /tmp/answers --out /tmp/score.json
  python -m corpus hostile /tmp/hostile --seed 1
  qagaz read /tmp/forms --out /tmp/read; python -m corpus score /tmp/forms/truth.json /tmp/read/cells.csv
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m corpus", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = top.add_subparsers(dest="command", required=True)
    maker = commands.add_parser("make", help="write filled forms and truth.json into a folder")
    maker.add_argument("out", type=Path)
    maker.add_argument("--seed", type=int, default=1, help="from 100000 on: fonts and damages kept for evaluation")
    maker.add_argument("--forms", type=int, default=14, help="how many files")
    maker.add_argument(
        "--kinds",
        default=ORDINARY,
        help="names with commas between, or all that need neither real digits nor a browser",
    )
    maker.add_argument("--digits", type=Path, help="folder of real digits, for handreal and handreal200")
    maker.add_argument("--layout", type=Path, help="layout file of another edition or form; else the one shipped")
    maker.add_argument("--dense", action="store_true", help="every line used, every mark for nothing: for measuring")
    scorer = commands.add_parser("score", help="compare results with the truth")
    scorer.add_argument("truth", type=Path)
    scorer.add_argument("cells", type=Path, help="cells.csv; findings.csv and fields.csv beside it are scored too")
    scorer.add_argument("--kinds", default="", help="only these kinds")
    scorer.add_argument("-v", "--verbose", action="store_true", help="list what is wrong")
    add_commands(commands.add_parser("benchmark", help="the frozen benchmark: make, check, score, page, list"))
    hostile = commands.add_parser("hostile", help="write files made to break readers into a folder")
    hostile.add_argument("out", type=Path)
    hostile.add_argument("--seed", type=int, default=1)
    hostile.add_argument("--fuzz", type=int, default=0, help="write so many mutated pages instead")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when done, 2 for a kind that is not known."""
    chosen = parser().parse_args(arguments)
    if chosen.command == "score":
        print(report(chosen.truth, chosen.cells, kinds=chosen.kinds, verbose=chosen.verbose))
        return 0
    if chosen.command == "benchmark":
        return run(chosen)
    if chosen.command == "hostile":
        if chosen.fuzz:
            make_fuzz(chosen.out, chosen.seed, chosen.fuzz)
        else:
            print(make_hostile(chosen.out, chosen.seed))
        return 0
    kinds = (
        [name for name, kind in KINDS.items() if kind.hand != "real" and not kind.browser]
        if chosen.kinds == "all"
        else chosen.kinds.split(",")
    )
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        print(f"unknown kinds: {', '.join(unknown)}; known: {', '.join(KINDS)}", file=sys.stderr)
        return 2
    layout = load_layout(chosen.layout) if chosen.layout else None
    make(chosen.out, chosen.seed, chosen.forms, kinds, layout=layout, digits=chosen.digits, dense=chosen.dense)
    return 0


if __name__ == "__main__":
    sys.exit(main())
