"""How well the net reads amounts of people it never saw: `python -m training.folds --digits DIR --start BASE.onnx`.

The base has seen the first half of the list of real amounts, so only the second half can tell. It is parted into runs
of neighbours, which may be by one hand. For each run a net goes on from the base, learning from the first half, the
other runs, and the mixture the base learnt from; then it reads the run. So each amount of the second half is read once,
by a net that never saw it. Some people wrote the same amount twice: what has the digits of an amount of the run teaches
nothing, and those whose digits stand in the first half too, where the base saw them, are also left out of a line of
their own. `--out` writes a net that has learnt from every amount in the same way: how well that one
reads real amounts, the folds tell and nothing else can.
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from extract.readers.combine import FigureReading, combine
from extract.readers.figurenet import FigureNet
from extract.readers.ppocr import PpOcr
from extract.records import Alternative, Crop
from review.intervals import wilson
from training.amounts import Amount, load_amounts, varied
from training.cells import Material, make_cells
from training.measure import judge
from training.net import export, figure_net
from training.sample import Sample
from training.start import start_from
from training.train import CALM, USUAL, Example, batch_of, example, set_rate, step_on, tensor_of

FOLDS = 5
STEPS = 200  # a net
MIXED = 6_000  # cells of the base's own mixture, made once for all nets
REAL_SHARE = 0.25  # real amounts among what a net goes on with
RATE = 1e-3  # learning rate at its highest

Said = list[tuple[Alternative, ...]]


@dataclass(frozen=True, slots=True)
class Course:
    """How a net goes on from the base."""

    base: Path
    mixture: Sequence[Example]
    seed: int
    steps: int
    rate: float
    real_share: float

    def taught(self, amounts: Sequence[Amount]) -> Any:
        """The base after some steps on these amounts and the mixture."""
        torch.manual_seed(self.seed)
        rng = random.Random(self.seed)
        count = round(len(self.mixture) * self.real_share / (1 - self.real_share))
        drawn = (rng.choice(amounts) for _ in range(count))
        examples = [*self.mixture, *(example(Sample(varied(a.picture, rng), a.digits, "cheque")) for a in drawn)]
        net = figure_net()
        usual = [picture for picture, _, _ in self.mixture if picture.shape[1] == USUAL]
        start_from(net, self.base, tensor_of(usual, USUAL))
        net.to(memory_format=torch.channels_last)
        optimiser = torch.optim.AdamW(net.parameters(), lr=self.rate, weight_decay=CALM)
        for step in range(self.steps):
            set_rate(optimiser, step / self.steps, self.rate)
            step_on(net, optimiser, batch_of(examples, rng))
        return net


def main() -> None:
    """Reads the command line, teaches a net a fold, prints what they read, writes the net taught everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--digits", type=Path, required=True, help="folder with the digit sets")
    parser.add_argument("--start", type=Path, required=True, help="the exported model every net goes on from")
    parser.add_argument("--crops", type=Path, nargs="*", default=[], help="tables of cells cut out of forms")
    parser.add_argument("--out", type=Path, help="the ONNX file of a net that learns from every amount")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--mixed", type=int, default=MIXED, help="cells of the base's own mixture")
    parser.add_argument("--real-share", type=float, default=REAL_SHARE)
    parser.add_argument("--folds", type=int, default=FOLDS, help="0 to teach only the net that is written")
    parser.add_argument("--seed", type=int, default=21)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    amounts = load_amounts(chosen.digits)
    material = Material(chosen.digits, tuple(chosen.crops), frozenset())
    mixture = [example(sample) for sample in make_cells(material, chosen.seed * 1_000_000, chosen.mixed)]
    course = Course(chosen.start, mixture, chosen.seed, chosen.steps, chosen.rate, chosen.real_share)
    if chosen.out:
        export(course.taught(amounts), str(chosen.out))
        print(f"written {chosen.out}", flush=True)
    if chosen.folds:
        measured(course, amounts, chosen.folds)


def measured(course: Course, amounts: Sequence[Amount], folds: int) -> None:
    """Prints what the nets of the folds, PP-OCR and both together read of the amounts the base never saw."""
    known, unseen = {a.digits for a in amounts if not a.held_out}, [a for a in amounts if a.held_out]
    said: Said = []
    with tempfile.TemporaryDirectory() as folder:
        for number, run in enumerate(runs(unseen, folds)):
            told = {a.digits for a in run}
            net = course.taught([a for a in amounts if a.digits not in told])
            file = Path(folder) / f"{number}.onnx"
            export(net, str(file))
            said += FigureNet(file).read([Crop(a.picture, a.picture) for a in run])
            print(line(f"fold {number + 1}", run, said[-len(run) :]), flush=True)
    crops = [Crop(a.picture, a.picture) for a in unseen]
    other = PpOcr().read(crops)
    columns = {
        "base, alone": FigureNet(course.base).read(crops),
        "folds, alone": said,
        "PP-OCR, alone": other,
        "folds and PP-OCR": [each.alternatives for each in combine(said, other)],
    }
    new = [i for i, a in enumerate(unseen) if a.digits not in known]
    for name, column in columns.items():
        print(line(name, unseen, column))
        print(line(f"{name}, new amounts", [unseen[i] for i in new], [column[i] for i in new]))


def runs(unseen: Sequence[Amount], folds: int) -> list[list[Amount]]:
    """The amounts in so many runs of neighbours, as equal as can be."""
    bounds = [len(unseen) * k // folds for k in range(folds + 1)]
    return [list(unseen[low:high]) for low, high in itertools.pairwise(bounds)]


def line(name: str, amounts: Sequence[Amount], said: Sequence[tuple[Alternative, ...]]) -> str:
    """How many are read right, with Wilson's interval."""
    judged = [
        judge(Sample(a.picture, a.digits, "cheque"), FigureReading(each, 1, 1))
        for a, each in zip(amounts, said, strict=True)
    ]
    right = sum(each.right for each in judged)
    low, high = wilson(right, len(judged))
    return f"{name:30} {right:4}/{len(judged):4} {right / len(judged):.3f} ({low:.3f} to {high:.3f})"


if __name__ == "__main__":
    main()
