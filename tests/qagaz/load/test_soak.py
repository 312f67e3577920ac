"""What the long run's judge sees: growth, files left open, files left behind."""

from __future__ import annotations

from tests.qagaz.load.looks import Look
from tests.qagaz.load.soak import judged, tenths

TOLD = {"left": [], "half": [], "processes": False, "parts": 100, "forms": 100, "code": 3}


def looks(*, growth: float = 0.0, handles: int = 0) -> list[Look]:
    return [
        Look(float(n), n, 100.0, 500.0 + growth * n, 0.0, 0.5 * n, 30 + (handles * n) // 100, 0, assembling=False)
        for n in range(101)
    ]


def test_a_flat_run_is_as_it_should_be():
    """One paper a second, half a second of the processor each, from the first tenth to the last."""
    assert list(judged(looks(), TOLD)) == []
    assert {(round(rate, 3), round(spent, 3)) for rate, spent in tenths(looks())} == {(1.0, 0.5)}


def test_memory_that_grows_open_files_and_files_left_are_told():
    """Each by itself."""
    assert [line[:10] for line in judged(looks(growth=2.0), TOLD)] == ["memory of "]
    assert [line[:10] for line in judged(looks(handles=2), TOLD)] == ["open files"]
    assert len(list(judged(looks(), TOLD | {"left": ["a"], "half": ["b"], "parts": 99}))) == 3
