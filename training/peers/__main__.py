"""Compares the figure reader with others on the same crops.

`python -m training.peers --crops CELLS.parquet… --digits DIR --out peers.md` writes the comparison as Markdown.
A crops file is what `training.harvest` writes of evaluation forms. Other readers are no dependencies: install them
beside the project in an environment for the purpose; what is not there is left out and named.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from training.peers.ask import Answers, ask
from training.peers.engines import NotInstalled, engine_peers
from training.peers.judge import Judged, judge, verdict_on
from training.peers.readers import Peer, one_core, own_peers
from training.peers.samples import LeftOut, Sample, cheques, load_cells
from training.peers.table import Row, document

TYPED = ("scan", "fax", "photo", "rough", "stamped", "colour", "tiff")  # beginnings of kinds that are printed
MOST = 2000


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the command line, asks every reader, writes the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crops", type=Path, nargs="*", default=[], help="Parquet files of cells")
    parser.add_argument("--digits", type=Path, help="folder with real amounts")
    parser.add_argument("--out", type=Path, required=True, help="Markdown file to write")
    parser.add_argument("--most", type=int, default=MOST, help="crops a kind at most; 0 is all")
    parser.add_argument("--kept", type=Path, help="folder in which answers are kept for the next time")
    chosen = parser.parse_args(arguments)
    one_core()
    samples, left = gather(chosen.crops, chosen.digits, chosen.most)
    told, missing = compare(samples, chosen.kept)
    rows = {kind: [_row(name, a, judge(samples[kind], a.answers)) for name, a in each] for kind, each in told.items()}
    text = document(rows, pooled(samples, told), missing=missing, left=left)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(text, encoding="utf-8")


def gather(files: Sequence[Path], digits: Path | None, most: int) -> tuple[dict[str, list[Sample]], list[LeftOut]]:
    """The samples by kind, and what was left out of each."""
    samples: dict[str, list[Sample]] = {}
    left: list[LeftOut] = []
    for file in files:
        found, counts = load_cells(file, most)
        left += counts
        for sample in found:
            samples.setdefault(sample.kind, []).append(sample)
    for sample in cheques(digits, most) if digits else []:
        samples.setdefault(sample.kind, []).append(sample)
    return samples, left


def compare(
    samples: dict[str, list[Sample]], kept: Path | None
) -> tuple[dict[str, list[tuple[str, Answers]]], list[str]]:
    """What each reader says of each kind, and which readers are not there."""
    told: dict[str, list[tuple[str, Answers]]] = {kind: [] for kind in samples}
    missing: list[str] = []
    for make in [*own_peers(), *engine_peers()]:
        try:
            peer: Peer = make()
        except NotInstalled as error:
            missing.append(str(error))
            continue
        for kind, each in samples.items():
            answers = ask(peer, each, kept)
            told[kind].append((peer.name, answers))
            print(f"{peer.name}: {kind}: {answers.milliseconds:.1f} ms ({answers.setting})", file=sys.stderr)
    return told, missing


def pooled(samples: dict[str, list[Sample]], told: dict[str, list[tuple[str, Answers]]]) -> dict[str, list[Row]]:
    """The same for all typed kinds together and for all written by hand."""
    pools = {"All typed kinds together": True, "All kinds written by hand together": False}
    found: dict[str, list[Row]] = {}
    for title, typed in pools.items():
        judged: dict[str, list[Judged]] = {}
        spent: dict[str, float] = {}
        kinds = [kind for kind in told if kind.startswith(TYPED) == typed]
        for kind in kinds if len(kinds) > 1 else []:
            for name, answers in told[kind]:
                judged.setdefault(name, []).extend(judge(samples[kind], answers.answers))
                spent[name] = spent.get(name, 0.0) + answers.milliseconds * len(answers.answers)
        if judged:
            found[title] = [
                Row(name, "", spent[name] / max(1, len(each)), verdict_on(each)) for name, each in judged.items()
            ]
    return found


def _row(name: str, answers: Answers, judged: Sequence[Judged]) -> Row:
    return Row(name, answers.setting, answers.milliseconds, verdict_on(judged))


if __name__ == "__main__":
    main()
