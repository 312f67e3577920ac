"""Sets a net to the weights of an exported model, so that training goes on from what is shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from torch import nn


def start_from(net: Any, file: Path, pictures: Any) -> None:
    """The net reads like the model in the file; the pictures (a batch it takes) show how its layers' values are spread.

    An exported model has its batch normalisation folded into the convolutions. It is unfolded so that the net gives
    the same results, and nearly the same while it learns. ValueError if the model is of another shape.
    """
    convolutions = [each for each in net.modules() if isinstance(each, nn.Conv1d | nn.Conv2d)]
    norms = [each for each in net.modules() if isinstance(each, nn.BatchNorm1d | nn.BatchNorm2d)]
    folded = _folded(file)
    shapes = [tuple(each.weight.shape) for each in convolutions]
    if shapes != [tuple(weight.shape) for weight, _ in folded]:
        raise ValueError(f"{file}: the model's layers are not this net's")
    with torch.no_grad():
        for convolution, (weight, _) in zip(convolutions, folded, strict=True):
            convolution.weight.copy_(weight)
        convolutions[-1].bias.copy_(folded[-1][1])
        for norm, (_, bias) in zip(norms, folded, strict=False):
            norm.weight.fill_(1.0)
            norm.bias.copy_(bias)
            norm.running_mean.zero_()
            norm.running_var.fill_(1.0 - norm.eps)
        for norm, (mean, variance) in zip(norms, _spread(net, norms, pictures), strict=True):
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
            norm.weight.copy_((variance + norm.eps).sqrt())
            norm.bias.add_(mean)


def _folded(file: Path) -> list[tuple[Any, Any]]:
    """Weights and biases of the model's convolutions, in order."""
    graph = onnx.load(str(file)).graph
    values = {each.name: torch.from_numpy(numpy_helper.to_array(each).copy()) for each in graph.initializer}
    return [(values[n.input[1]], values[n.input[2]]) for n in graph.node if n.op_type == "Conv"]


def _spread(net: Any, norms: list[Any], pictures: Any) -> list[tuple[Any, Any]]:
    """Mean and variance of each channel before each normalisation."""
    seen: list[tuple[Any, Any]] = []

    def note(_: Any, inputs: Any) -> None:
        channels = inputs[0].transpose(0, 1).flatten(1)
        seen.append((channels.mean(1), channels.var(1)))

    hooks = [norm.register_forward_pre_hook(note) for norm in norms]
    net.eval()
    net(pictures)
    for hook in hooks:
        hook.remove()
    return seen
