"""A small trial: real papers, three blows, and nothing is lost, doubled or otherwise."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from tests.qagaz.load.batch import make_batch
from tests.qagaz.load.blows import BLOWS
from tests.qagaz.load.kills import reference
from tests.qagaz.load.outcome import Outcome, compare
from tests.qagaz.load.program import Program, Work
from tests.qagaz.load.trial import Ring

BLOWS_DEALT = 3


def test_killed_and_called_again_a_run_comes_to_the_same(tmp_path):
    """Whatever befell it on the way: the same bytes, the same rows, no process and no half file left."""
    papers = make_batch(tmp_path / "papers", digital=4, scans=0)
    wanted = reference(tmp_path / "undisturbed", papers)
    assert wanted.outcome.forms.total() > 4
    done = Ring(papers, wanted, tmp_path / "trial", None, Random(7)).trial(1, BLOWS_DEALT)
    assert len(done.blows) == BLOWS_DEALT
    assert (done.lost, done.doubled, done.wrong) == (0, 0, [])


@pytest.mark.parametrize("kind", ["kill -9 of a worker", "full disk"])
def test_each_blow_meets_the_run(tmp_path, kind):
    """A worker that is killed costs no run its end; a full disk ends it with status 5."""
    papers = make_batch(tmp_path / "papers", digital=2, scans=0)
    program = Program(Work(papers, tmp_path / "out", tmp_path / "tmp", tmp_path / "log.txt"))
    while not program.workers():
        assert program.alive
    BLOWS[kind][1](program, Random(1))
    code = program.wait(240)
    assert program.gone(15)
    assert code == (4 if kind == "kill -9 of a worker" else 5)


def test_what_differs_is_told():
    """A comparison that could see nothing would prove nothing."""
    whole = Outcome(
        {"a.csv": "1", "b.csv": "2"}, Counter({("s", "f", "1"): 1, ("s", "f", "2"): 1}), {"forms": Counter("ab")}, ()
    )
    other = Outcome({"a.csv": "1", "b.csv": "3"}, Counter({("s", "f", "1"): 2}), {"forms": Counter("aa")}, (".x.tmp",))
    found = compare(other, whole)
    assert (found.lost, found.doubled) == (1, 1)
    assert [line.partition(":")[0] for line in found.wrong] == ["file b.csv", "half written", "store forms"]
    assert compare(whole, whole).wrong == ()
