"""Asks readers, with the settings that suit them best, and keeps their answers: readers are slow, tables are not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from training.peers.judge import judge
from training.peers.readers import Answer, Peer, processor_seconds
from training.peers.samples import Sample, digest

TRIED_ON = 120  # crops of each kind, spread over its forms, on which settings are compared
WARM = 4  # crops read before the clock starts: models load at the first


@dataclass(frozen=True, slots=True)
class Answers:
    """A reader's answers to all crops of a kind."""

    setting: str
    milliseconds: float  # of processor time a crop
    answers: tuple[Answer, ...]


def ask(peer: Peer, samples: Sequence[Sample], kept: Path | None = None) -> Answers:
    """The answers with the best setting, from the file in `kept` where these crops were asked about before."""
    file = kept / f"{_key(peer, samples)}.json" if kept else None
    if file and file.is_file():
        told = json.loads(file.read_text(encoding="utf-8"))
        return Answers(told["setting"], told["milliseconds"], tuple(Answer(*each) for each in told["answers"]))
    setting = best_setting(peer, samples)
    crops = [sample.crop for sample in samples]
    peer.read(crops[:WARM], setting)
    began = processor_seconds()
    answers = peer.read(crops, setting)
    spent = (processor_seconds() - began) * 1000 / max(1, len(crops))
    result = Answers(setting, spent, tuple(answers))
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(result)), encoding="utf-8")
    return result


def best_setting(peer: Peer, samples: Sequence[Sample]) -> str:
    """The setting with which most of some crops are read exactly; they are among those it is then measured on."""
    if len(peer.settings) == 1:
        return peer.settings[0]
    tried = samples[:: max(1, len(samples) // TRIED_ON)][:TRIED_ON]
    crops = [sample.crop for sample in tried]

    def right(setting: str) -> int:
        return sum(each.right for each in judge(tried, peer.read(crops, setting)))

    return max(peer.settings, key=right)


def _key(peer: Peer, samples: Sequence[Sample]) -> str:
    """A file name for this reader's answers to these crops."""
    name = "".join(sign if sign.isalnum() else "-" for sign in peer.name.lower())
    told = "\0".join([peer.identity, *peer.settings, str(TRIED_ON)])
    return f"{name}-{hashlib.sha256(told.encode()).hexdigest()[:8]}-{digest(samples)}"
