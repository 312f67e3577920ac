import pytest

torch = pytest.importorskip("torch", reason="training needs torch, reading does not")
pytest.importorskip("onnx", reason="training needs onnx, reading does not")

from training.net import export, figure_net  # noqa: E402 - only where torch is there
from training.start import start_from  # noqa: E402


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A net that has seen some noise, and its model."""
    torch.manual_seed(1)
    net = figure_net()
    for _ in range(3):
        net(torch.rand(8, 1, 32, 64))
    file = tmp_path_factory.mktemp("model") / "net.onnx"
    export(net, str(file))
    return net, file


def test_a_net_goes_on_from_a_model_as_if_it_had_learnt_it_itself(exported):
    before, file = exported
    after, pictures = figure_net(), torch.rand(16, 1, 32, 64)
    start_from(after, file, pictures)
    with torch.no_grad():
        assert torch.allclose(before.eval()(pictures), after.eval()(pictures), atol=1e-4)


def test_a_model_of_another_shape_is_refused(exported):
    other = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3))
    with pytest.raises(ValueError, match="not this net's"):
        start_from(other, exported[1], torch.rand(2, 1, 32, 64))
