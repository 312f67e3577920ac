import pytest

torch = pytest.importorskip("torch", reason="training needs torch, reading does not")

from extract.readers.figurenet import ALPHABET  # noqa: E402 - only where torch is there
from training.train import digits_only  # noqa: E402


def test_signs_of_a_real_amount_count_as_blank_only_where_chosen():
    frames = torch.full((2, 3, len(ALPHABET) + 1), 1.0 / (len(ALPHABET) + 1)).log()
    bare = digits_only(frames, [True, False])
    assert torch.equal(bare[1], frames[1])
    assert bare[0, 0, ALPHABET.index(".") + 1] < -20
    assert float(bare[0].exp().sum(dim=1).mean()) == pytest.approx(1.0, abs=1e-5)
    assert float(bare[0, 0, 0].exp()) == pytest.approx(6 / (len(ALPHABET) + 1), abs=1e-6)
