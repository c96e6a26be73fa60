"""The network of examples/two_moons.py: its hand-written gradients against automatic differentiation."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from mseclf.links import sigmoid_derivative
from mseclf.losses import LOSSES

EXAMPLE = Path(__file__).parents[1] / "examples" / "two_moons.py"
LAYERS = ("W", "v", "c")


@pytest.fixture(scope="module")
def moons() -> Iterator[ModuleType]:
    """The example's definitions, without the run at its end."""
    tree = ast.parse(EXAMPLE.read_text(encoding="utf-8"))
    run = next(i for i, node in enumerate(tree.body) if isinstance(node, ast.Assign) and "main()" in ast.unparse(node))
    module = ModuleType("two_moons_definitions")
    sys.modules[module.__name__] = module
    exec(compile(ast.Module(tree.body[:run], type_ignores=[]), EXAMPLE, "exec"), module.__dict__)
    yield module
    del sys.modules[module.__name__]


def mean_loss(name: str, layers: tuple, X: np.ndarray, y: np.ndarray):
    """The mean loss of one network, written for autograd and sharing nothing with the package."""
    W, v, c = layers
    z = v @ anp.tanh(W @ X) + c
    if name == "mse":
        return anp.mean((y - 1 / (1 + anp.exp(-z))) ** 2) / 2
    return anp.mean(anp.logaddexp(0, z) - y * z)


@pytest.mark.parametrize("name", ["mse", "bce"])
@pytest.mark.parametrize("output_bias", [0.0, -3.0, -8.0])
def test_gradients_agree_with_automatic_differentiation(moons, name, output_bias):
    X, y = moons.two_moons(m=40, seed=7)
    net = moons.start(output_bias, seeds=(5, 6))
    hidden, z = moons.forward(net, X)
    by_hand = moons.backward(net, X, hidden, LOSSES[name].gradient_logit(y, z) / len(y))
    for run in range(2):
        layers = tuple(getattr(net, layer)[run] for layer in LAYERS)
        automatic = grad(lambda parts: mean_loss(name, parts, X, y))(layers)
        for layer, expected in zip(LAYERS, automatic, strict=True):
            actual = getattr(by_hand, layer)[run]
            assert actual.shape == expected.shape
            np.testing.assert_allclose(actual, expected, rtol=1e-11, atol=1e-15 * np.abs(expected).max(), err_msg=layer)


@pytest.mark.parametrize("layer", LAYERS)
def test_one_factor_for_each_example_in_every_layer(moons, layer):
    X, y = moons.two_moons(m=6, seed=3)
    net = moons.start(-5.0, seeds=(1,))
    for x_i, y_i in zip(X.T[:, :, None], y, strict=True):
        hidden, z = moons.forward(net, x_i)
        mse, bce = (moons.backward(net, x_i, hidden, LOSSES[n].gradient_logit(y_i, z)) for n in ("mse", "bce"))
        np.testing.assert_allclose(getattr(mse, layer), sigmoid_derivative(z) * getattr(bce, layer), rtol=1e-14)


def test_a_wrong_factor_is_noticed(moons, monkeypatch):
    X, y = moons.two_moons(m=6)
    monkeypatch.setattr(moons, "sigmoid_derivative", lambda z: 1.0001 * sigmoid_derivative(z))
    assert moons.largest_difference(moons.start(0.0), X, y) > 5e-5


def test_two_moons_are_two_balanced_arcs(moons):
    X, y = moons.two_moons(m=200, noise=0.0)
    assert y.sum() == 100
    np.testing.assert_allclose(np.linalg.norm(X[:2, y == 0], axis=0), 1, rtol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(X[:2, y == 1] - [[1.0], [0.5]], axis=0), 1, rtol=1e-12)


def test_a_seed_gives_the_same_network_whatever_runs_beside_it(moons):
    alone, beside = moons.start(-1.0, seeds=(3,)), moons.start(-1.0, seeds=(1, 3))
    for layer in LAYERS:
        np.testing.assert_array_equal(getattr(alone, layer)[0], getattr(beside, layer)[1])


def test_training_that_never_arrives_says_nan(moons, monkeypatch):
    monkeypatch.setattr(moons, "BUDGET", 3)
    X, y = moons.two_moons()
    assert np.isnan(moons.train("mse", 2.0, moons.start(-12.0), X, y)).all()
