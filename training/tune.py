"""A short course for a net that reads already: settled cells of one house, and the old beside the new.

The net goes on from an exported one. Half of what it sees are corrections, the rest cells that it reads right already.
At the end its weights are the mean of those before and after (Wortsman et al., Robust fine-tuning of zero-shot models,
CVPR 2022): most of what is new is learnt, and little of the old forgotten.
"""

from __future__ import annotations

import copy
import itertools
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from extract.readers.figurenet import model_file
from training.crops import worn_again
from training.net import export, figure_net
from training.sample import Sample
from training.start import start_from
from training.train import CALM, USUAL, Example, batch_of, example, set_rate, step_on, tensor_of

RATE = 6e-4  # learning rate at its highest: a fifth of the first training's
STEPS = 240  # at most
WORN = 4  # how often each correction is shown, each time worn a little otherwise
KEPT = 0.5  # share of the weights before in the mean


def tuned(
    taught: Sequence[Sample],
    rehearsed: Sequence[Sample],
    out: Path,
    *,
    start: Path | None = None,
    seed: str = "1",
    minutes: float = 5.0,
    steps: int = STEPS,
) -> int:
    """Writes the net as ONNX; how many steps it took. `start`: the shipped net unless told."""
    torch.manual_seed(int.from_bytes(seed.encode()[:7], "big"))
    torch.set_num_threads(1)
    rng = random.Random(seed)
    new = [example(Sample(worn_again(s.picture, rng), s.text, s.kind)) for s in taught for _ in range(WORN)]
    old = [example(s) for s in rehearsed]
    net = _begun(start or model_file(), [*new, *old])
    before = copy.deepcopy(net.state_dict())
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=CALM)
    begun, taken = time.monotonic(), 0
    for step in itertools.count():
        share = max(step / steps, (time.monotonic() - begun) / (60 * minutes))
        if share >= 1:
            break
        set_rate(optimiser, share, RATE)
        step_on(net, optimiser, batch_of(new if step % 2 == 0 or not old else old, rng))
        taken += 1
    net.load_state_dict(_mean(before, net.state_dict()))
    export(net, str(out))
    return taken


def _begun(start: Path, examples: Sequence[Example]) -> Any:
    net = figure_net()
    usual = [picture for picture, _, _ in examples if picture.shape[1] <= USUAL]
    start_from(net, start, tensor_of(usual[:1000], USUAL))
    net.to(memory_format=torch.channels_last)
    return net


def _mean(before: Any, after: Any) -> Any:
    """Between the two sets of weights; counters stay."""
    return {
        name: KEPT * old + (1 - KEPT) * after[name] if old.is_floating_point() else after[name]
        for name, old in before.items()
    }
