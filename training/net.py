"""The net: convolutions down to one row of frames, dilated ones along it, a class for each character a frame."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import nn

from extract.readers.figurenet import ALPHABET, HEIGHT

WIDE = 160  # channels of the part along the line
DILATIONS = (1, 2, 4, 8, 1)  # frames; together they see about the height of the line to both sides


def figure_net() -> Any:
    """The net, untrained: batch × 1 × 32 × width, ink 1 on 0, to batch × width/2 × classes, log-probabilities."""
    layers = [
        *_conv(1, 32, 5, stride=2),
        *_conv(32, 48, 3),
        nn.MaxPool2d((2, 1)),
        *_conv(48, 80, 3),
        *_conv(80, 80, 3),
        nn.MaxPool2d((2, 1)),
        *_conv(80, 112, 3),
        nn.Conv2d(112, WIDE, (HEIGHT // 8, 1), bias=False),
        nn.BatchNorm2d(WIDE),
        nn.ReLU(inplace=True),
        nn.Flatten(2),
        nn.Dropout1d(0.05),
    ]
    for dilation in DILATIONS:
        layers += [
            nn.Conv1d(WIDE, WIDE, 3, padding=dilation, dilation=dilation, bias=False),
            nn.BatchNorm1d(WIDE),
            nn.ReLU(inplace=True),
        ]
    layers += [nn.Conv1d(WIDE, len(ALPHABET) + 1, 1), _Frames()]
    return nn.Sequential(*layers)


class _Frames(nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """Channels × frames to frames × log-probabilities."""

    def forward(self, channels: Any) -> Any:
        return channels.transpose(1, 2).log_softmax(2)


def _conv(before: int, after: int, size: int, *, stride: int = 1) -> list[Any]:
    return [
        nn.Conv2d(before, after, size, stride=stride, padding=size // 2, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
    ]


def export(net: Any, file: str) -> None:
    """Writes the net as ONNX (opset 17) with the batch and the width left open."""
    net.eval()
    example = torch.zeros(2, 1, HEIGHT, 128)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the newer exporter folds no normalisation
        torch.onnx.export(
            net,
            (example,),
            file,
            opset_version=17,
            dynamo=False,
            input_names=["picture"],
            output_names=["frames"],
            dynamic_axes={"picture": {0: "batch", 3: "width"}, "frames": {0: "batch", 1: "frames"}},
        )
