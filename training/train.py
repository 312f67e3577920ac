"""Trains the figure net for so many minutes: `python -m training.train --digits DIR --out MODEL.onnx`.

Cells are made by worker processes while the net learns; each chunk has its own seed, so what is learnt depends on
the seed, the fonts and the digit sets, and how far it gets on the minutes and the machine.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from extract.readers.figurenet import ALPHABET, WIDTHS, prepared
from training.amounts import load_amounts
from training.cells import AMOUNT_SHARE, Material, make_cells
from training.net import export, figure_net
from training.sample import Sample
from training.start import start_from

CHUNK = 1000  # cells a worker makes at a time
REFRESH = 24  # steps after which a chunk of fresh cells joins: each is seen one to two times
POOL = 60_000  # cells kept to draw from; older ones give way
FIRST = 3_000  # cells to have before the first step
USUAL = 128  # pixels; the width of most cells
AREA = 64 * 128  # pixels of width a batch holds: narrow cells come in larger batches
STEEPEST = 3e-3  # learning rate at its highest
CALM = 1e-2  # weight decay
VALIDATED = 500  # held-out cells, measured now and then
UNLABELLED = " ,.-'"  # signs that may stand in a real amount although its label holds the digits only
NEVER = -30.0  # logarithm that stands for the probability of what cannot be

Example = tuple[np.ndarray[Any, np.dtype[np.uint8]], str, str]  # what the net takes, the text, the kind of cell


def main() -> None:
    """Reads the command line, trains, writes the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--digits", type=Path, required=True, help="folder with the digit sets")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    parser.add_argument(
        "--checkpoint", type=Path, help="weights: gone on from if the file is there, written as it goes"
    )
    parser.add_argument("--start", type=Path, help="an exported model to go on from")
    parser.add_argument("--crops", type=Path, nargs="*", default=[], help="tables of cells cut out of forms")
    parser.add_argument("--all-amounts", action="store_true", help="every real amount teaches, none is kept to measure")
    parser.add_argument("--amount-share", type=float, default=AMOUNT_SHARE, help="real amounts among the cells")
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--rate", type=float, default=STEEPEST, help="learning rate at its highest")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1, help="processes that make cells")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(chosen.seed)
    every = frozenset(each.file for each in load_amounts(chosen.digits)) if chosen.all_amounts else None
    material = Material(chosen.digits, tuple(chosen.crops), every, chosen.amount_share)
    net = begun(material, chosen.seed, chosen.start)
    if chosen.checkpoint and chosen.checkpoint.is_file():
        net.load_state_dict(torch.load(chosen.checkpoint, weights_only=True))
    train(net, material, chosen.minutes, chosen.seed, chosen.workers, chosen.checkpoint, chosen.rate)
    export(net, str(chosen.out))


def begun(material: Material, seed: int, start: Path | None) -> Any:
    """The net before its first step: untrained, or as an exported model left it."""
    net = figure_net()
    if start:
        cells = make_cells(material, seed, CHUNK)
        usual = [each for each in map(prepared, (cell.picture for cell in cells)) if each.shape[1] == USUAL]
        start_from(net, start, tensor_of(usual, USUAL))
    return net


def train(
    net: Any,
    material: Material,
    minutes: float,
    seed: int,
    workers: int,
    checkpoint: Path | None = None,
    rate: float = STEEPEST,
) -> None:
    """Trains the net for so many minutes."""
    net.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=CALM)
    rng = random.Random(seed)
    held = [example(sample) for sample in make_cells(material, seed, VALIDATED, held_out=True)]
    held += [(prepared(a.picture), a.digits, "cheque") for a in load_amounts(material.digits) if a.held_out]
    start, shown, averaged = time.monotonic(), 0.0, 0.0
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        source = _Source(pool, material, seed, workers)
        examples: list[Example] = []
        seen = 0
        while len(examples) < FIRST:
            examples += source.wait()
        for step in itertools.count():
            share = (time.monotonic() - start) / (60 * minutes)
            if share >= 1:
                break
            set_rate(optimiser, share, rate)
            if step % REFRESH == 0:
                _refresh(examples, source, rng)
            batch = batch_of(examples, rng)
            seen += len(batch)
            loss = step_on(net, optimiser, batch)
            averaged = loss if not averaged else 0.98 * averaged + 0.02 * loss
            if share - shown > 0.08:
                shown = share
                print(f"{share:.0%} step {step} cells {seen} loss {averaged:.4f}, {_right(net, held)}", flush=True)
                _keep(net, checkpoint)
    print(f"done, cells {seen}, {_right(net, held)}", flush=True)
    _keep(net, checkpoint)


def _keep(net: Any, checkpoint: Path | None) -> None:
    """Writes the weights beside their place first, so that no half-written file is ever gone on from."""
    if checkpoint:
        fresh = checkpoint.with_suffix(".new")
        torch.save(net.state_dict(), fresh)
        fresh.replace(checkpoint)


def _chunk(material: Material, seed: int) -> list[Example]:
    return [example(sample) for sample in make_cells(material, seed, CHUNK)]


def example(sample: Sample) -> Example:
    """A cell as the net takes it."""
    return prepared(sample.picture), sample.text, sample.kind


class _Source:
    """Chunks of cells in the order of their seeds, a few made ahead and no more."""

    def __init__(self, pool: Any, material: Material, seed: int, workers: int) -> None:
        self._start: Callable[[int], Any] = lambda number: pool.apply_async(_chunk, (material, number))
        self._seeds = itertools.count(seed * 1_000_000)
        self._coming = [self._start(next(self._seeds)) for _ in range(workers + 1)]

    def wait(self) -> list[Example]:
        """The next chunk, waited for."""
        chunk: list[Example] = self._coming.pop(0).get()
        self._coming.append(self._start(next(self._seeds)))
        return chunk

    @property
    def ready(self) -> bool:
        """Whether the next chunk is made."""
        return bool(self._coming[0].ready())


def _refresh(examples: list[Example], source: _Source, rng: random.Random) -> None:
    """Adds a chunk to the pool if one is ready; once the pool is full, in the place of random older cells."""
    if not source.ready:
        return
    fresh = source.wait()
    if len(examples) < POOL:
        examples += fresh
        return
    for each in fresh:
        examples[rng.randrange(POOL)] = each


def batch_of(examples: Sequence[Example], rng: random.Random) -> list[Example]:
    """Cells of one width."""
    width = rng.choice(examples)[0].shape[1]
    wanted, found = max(8, AREA // width), list[Example]()
    while len(found) < wanted:
        example = rng.choice(examples)
        if example[0].shape[1] == width or (example[0].shape[1] < width and rng.random() < 0.1):
            found.append(example)
    return found


def set_rate(optimiser: Any, share: float, rate: float) -> None:
    """Up in the first twentieth, then down along a cosine to nothing."""
    warm = min(share / 0.05, 1.0)
    for group in optimiser.param_groups:
        group["lr"] = rate * max(warm, 0.02) * 0.5 * (1 + float(np.cos(np.pi * share)))


def step_on(net: Any, optimiser: Any, batch: Sequence[Example]) -> float:
    """One step of learning; the loss before it."""
    net.train()
    width = max(picture.shape[1] for picture, _, _ in batch)
    tensor = tensor_of([picture for picture, _, _ in batch], width)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        frames = net(tensor)
    labels = [[ALPHABET.index(sign) + 1 for sign in text] for _, text, _ in batch]
    loss = torch.nn.functional.ctc_loss(
        digits_only(frames.float(), [kind == "cheque" for _, _, kind in batch]).transpose(0, 1),
        torch.tensor([label for each in labels for label in each], dtype=torch.long),
        torch.full((len(batch),), frames.shape[1], dtype=torch.long),
        torch.tensor([len(each) for each in labels], dtype=torch.long),
        zero_infinity=True,
    )
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimiser.step()
    return float(loss.detach())


def tensor_of(pictures: Sequence[Any], width: int) -> Any:
    """Pictures of at most that width as a batch."""
    padded = np.zeros((len(pictures), 1, pictures[0].shape[0], width), dtype=np.float32)
    for place, picture in enumerate(pictures):
        padded[place, 0, :, : picture.shape[1]] = picture / np.float32(255.0)
    return torch.from_numpy(padded).contiguous(memory_format=torch.channels_last)


def digits_only(frames: Any, chosen: Sequence[bool]) -> Any:
    """The frames with, in the chosen cells, every unlabelled sign counted as blank: only their digits are taught."""
    if not any(chosen):
        return frames
    signs = [ALPHABET.index(sign) + 1 for sign in UNLABELLED]
    bare = frames.clone()
    bare[:, :, 0] = torch.logsumexp(frames[:, :, [0, *signs]], dim=2)
    bare[:, :, signs] = NEVER
    return torch.where(torch.tensor(chosen)[:, None, None], bare, frames)


def _right(net: Any, held: Sequence[Example]) -> str:
    """Share of held-out cells of each kind whose likeliest path reads right, spaces apart, as a line to print."""
    net.eval()
    right: dict[str, list[bool]] = {}
    with torch.no_grad():
        for width in WIDTHS:
            same = [each for each in held if each[0].shape[1] == width]
            for part in (same[i : i + 32] for i in range(0, len(same), 32)):
                paths = net(tensor_of([picture for picture, _, _ in part], width)).argmax(2).tolist()
                for path, (_, text, kind) in zip(paths, part, strict=True):
                    read = _collapsed(path)
                    kept = "".join(filter(str.isdigit, read)) if kind == "cheque" else "".join(read.split())
                    right.setdefault(kind, []).append(kept == "".join(text.split()))
    return "right: " + ", ".join(f"{kind} {sum(r) / len(r):.3f} of {len(r)}" for kind, r in sorted(right.items()))


def _collapsed(path: Sequence[int]) -> str:
    return "".join(ALPHABET[c - 1] for c, _ in itertools.groupby(path) if c)


if __name__ == "__main__":
    main()
