"""The whole way from settled reviews to readers in use: gathered, cut, parted, sifted, learnt, measured, installed."""

from __future__ import annotations

import importlib.util
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from compare.sheets import Keyed
from extract.readers.calibration import Calibration
from extract.readers.combine import read_figures
from extract.readers.default import default_readers, learned_readers
from extract.records import Readers
from layouts.errors import QagazError
from layouts.model import Layout, Notice
from qagaz.learn.calibrate import LEAST_AUDITS, audits_of, refitted, weighted
from qagaz.learn.cut import cut
from qagaz.learn.frozen import Known
from qagaz.learn.gate import Verdict, verdict
from qagaz.learn.gather import gather
from qagaz.learn.parts import parted
from qagaz.learn.records import Aside, Item, Part, Use
from qagaz.learn.suspects import suspicious
from qagaz.learn.taught import LEAST_CORRECTIONS, lessons
from qagaz.learned import Learned
from qagaz.opener import Opener
from review.store import Store

TORCH = ("torch", "onnx")
Sift = Callable[..., list[Aside]]


class LearnError(QagazError):
    """Nothing can be learnt: too little was settled, or a library is missing."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How to learn."""

    seed: str = "1"  # of the parting, and of what the net is shown
    fine_tune: bool = False
    minutes: float = 5.0  # the net learns for so long at most
    papers: tuple[Path, ...] = ()  # folders to look for papers in
    sheets: tuple[Keyed, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What there is to learn from, after everything doubtful was taken out."""

    items: tuple[Item, ...]
    aside: tuple[Aside, ...]
    cells: Mapping[bool, int]  # accepted or not → inked cells of the run

    @property
    def counts(self) -> Counter[str]:
        """How many cells of each use stand on each side."""
        return Counter(f"{item.settled.use.value}-{item.part.value}" for item in self.items)


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What was learnt, not yet in use."""

    lines: Mapping[str, Calibration]
    model: bytes = field(default=b"", repr=False)  # ONNX; empty where the net stays


def material(
    store: Store, wish: Wish, forms: tuple[Mapping[str, Layout], Sequence[Notice]], now: Learned | None
) -> Material:
    """What people settled in a store, with pictures, parted and sifted."""
    gathered = gather(store, wish.sheets)
    with Opener() as opener:
        items, unseen = cut(gathered.settled, store, wish.papers, forms, default_readers(), opener.pages)
    return sifted(items, gathered.cells, wish.seed, readers_of(now), unseen)


def sifted(
    items: Sequence[Item],
    cells: Mapping[bool, int],
    seed: str,
    readers: Readers,
    unseen: Sequence[Aside] = (),
    sift: Sift = suspicious,
) -> Material:
    """Items parted, and what is doubtful of them set aside."""
    kept, of_writers = parted(items, seed)
    aside = sift(kept, read_figures(readers, [item.crop for item in kept]))
    gone = {each.spot for each in aside}
    return Material(
        tuple(item for item in kept if item.settled.spot not in gone), (*unseen, *of_writers, *aside), cells
    )


def study(found: Material, wish: Wish, now: Learned | None, workshop: Path) -> Learnt:
    """New lines, and a new net where that is wished. LearnError where too little was settled, or torch is missing."""
    audits = audits_of(found.items, Part.TEACH)
    if len(audits) < LEAST_AUDITS:
        raise LearnError("error.learn-few-audits", cells=len(audits), least=LEAST_AUDITS)
    model = now.model if now else None
    net = b""
    if wish.fine_tune:
        net = _tuned(found, wish, model, workshop)
        model = workshop / "tuned.onnx"
        model.write_bytes(net)
    elif model is not None:
        net = model.read_bytes()
    return Learnt(refitted(weighted(audits, found.cells), model), net)


def need_torch() -> None:
    """LearnError, with the remedy, where what teaches nets is not installed."""
    missing = [name for name in TORCH if importlib.util.find_spec(name) is None]
    if missing:
        raise LearnError("error.learn-no-torch", missing=", ".join(missing), remedy="pip install 'qagaz[training]'")


def _tuned(found: Material, wish: Wish, model: Path | None, workshop: Path) -> bytes:
    need_torch()
    from training.tune import tuned  # noqa: PLC0415 - torch is there for whoever teaches the net only

    taught, rehearsed = lessons(found.items, wish.seed)
    if len(taught) < LEAST_CORRECTIONS:
        raise LearnError("error.learn-few-corrections", cells=len(taught), least=LEAST_CORRECTIONS)
    out = workshop / "fresh.onnx"
    tuned(taught, rehearsed, out, start=model, seed=wish.seed, minutes=wish.minutes)
    return out.read_bytes()


def readers_of(now: Learned | None) -> Readers:
    """The readers in use."""
    return now.readers() if now else default_readers()


def measured(learnt: Learnt, found: Material, now: Learned | None, benchmark: Sequence[Known]) -> Verdict:
    """What was learnt beside what is in use, on the benchmark and on everything held out."""
    held = [item for item in found.items if item.part is Part.HELD and item.settled.use is not Use.REHEARSAL]
    if not audits_of(held, Part.HELD):
        raise LearnError("error.learn-nothing-held")
    audits = weighted(audits_of(held, Part.HELD), found.cells)
    corrections = [item for item in held if item.settled.use is Use.CORRECTION]
    measured_on = [*audits, *corrections] if learnt.model else audits
    with tempfile.TemporaryDirectory(prefix="qagaz-") as folder:
        model = Path(folder) / "figurenet.onnx" if learnt.model else None
        if model is not None:
            model.write_bytes(learnt.model)
        return verdict(readers_of(now), learned_readers(model, learnt.lines), benchmark, measured_on)
