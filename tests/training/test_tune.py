"""A net goes on from the one that ships, and reads nearly as before after a few steps."""

from __future__ import annotations

import pytest

from extract.readers.figurenet import FigureNet
from extract.records import Crop
from qagaz.learn.frozen import frozen
from training.sample import Sample

pytest.importorskip("torch", reason="teaches nets only where the extra `training` is installed")
pytest.importorskip("onnx", reason="teaches nets only where the extra `training` is installed")


def test_a_few_steps_leave_a_net_that_reads(tmp_path):
    """It learns with one of two weights: the other half stays what it was."""
    from training.tune import tuned  # noqa: PLC0415 - it imports torch

    known = [k for k in frozen() if k.group == "typed"][::4]
    samples = [Sample(k.crop.clean, k.value.replace(".", ","), "correction") for k in known]
    out = tmp_path / "tuned.onnx"
    assert tuned(samples[:20], samples[20:40], out, steps=3, minutes=1.0) == 3
    crops = [Crop(k.crop.clean, k.crop.clean) for k in known[:20]]
    before, after = ([a[0].text for a in FigureNet(model).read(crops)] for model in (None, out))
    assert sum(a == b for a, b in zip(before, after, strict=True)) >= 18
    assert FigureNet(out).name != FigureNet().name
