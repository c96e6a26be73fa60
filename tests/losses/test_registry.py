"""Every loss in the registry, by one set of rules: a loss added there inherits all of them."""

import dataclasses

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mseclf import LOSSES, logit

MP = mpmath.mp.clone()
MP.prec = 400
EPS = np.finfo(np.float64).eps
Z = np.concatenate([np.linspace(-30, 30, 61), [-np.log(2), np.log(2)]])
Y = [0.0, 1.0, 0.3, 0.5]


def sigma(z):
    return 1 / (1 + MP.exp(-z))


FORMULAS = {
    "mse": lambda y, z: (sigma(z) - y) ** 2 / 2,
    "bce": lambda y, z: -y * MP.log(sigma(z)) - (1 - y) * MP.log(sigma(-z)),
}
each_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
labels = st.floats(0, 1)
logits = st.floats(-60, 60)


def test_the_registry_names_each_loss_once_and_each_has_an_oracle():
    assert {name: loss.name for name, loss in LOSSES.items()} == {name: name for name in FORMULAS}


def test_neither_the_registry_nor_a_loss_can_be_changed():
    with pytest.raises(TypeError, match="does not support item assignment"):
        LOSSES["mse"] = LOSSES["bce"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        LOSSES["mse"].name = "other"


@each_loss
@pytest.mark.parametrize("y", Y)
def test_value_and_derivatives_are_those_of_the_formula(loss, y):
    """Differentiated numerically in 400 bits, so the algebra behind the code is not used to check it."""
    functions = (loss.loss, loss.gradient_logit, loss.second_derivative_logit)
    for order, function in enumerate(functions):
        expected = [float(MP.diff(lambda z: FORMULAS[loss.name](MP.mpf(y), z), MP.mpf(float(z)), order)) for z in Z]
        # A soft label's terms cancel at a zero; they are not larger than 1 there.
        np.testing.assert_allclose(function(y, Z), expected, rtol=16 * EPS, atol=4 * EPS if 0 < y < 1 else 0)


@each_loss
@given(y=labels, z=logits)
def test_the_gradient_is_the_slope_of_the_value(loss, y, z):
    """A central difference errs by h²/6 times the third derivative (at most 1/4 here) and by rounding over h."""
    h = 2.0**-16
    slope = (loss.loss(y, z + h) - loss.loss(y, z - h)) / (2 * h)
    assert abs(slope - loss.gradient_logit(y, z)) <= h**2 / 24 + 8 * EPS * (1 + abs(z)) / h


@each_loss
@given(y=labels, z=logits)
def test_the_second_derivative_is_the_slope_of_the_gradient(loss, y, z):
    h = 2.0**-16
    slope = (loss.gradient_logit(y, z + h) - loss.gradient_logit(y, z - h)) / (2 * h)
    assert abs(slope - loss.second_derivative_logit(y, z)) <= h**2 / 24 + 8 * EPS / h


@each_loss
@given(y=st.floats(1e-12, 1 - 1e-12), z=logits)
def test_the_optimum_is_the_label_itself(loss, y, z):
    """Both losses are proper: for a soft label the best prediction is y, with gradient 0 and curvature > 0."""
    best = logit(y)
    assert abs(loss.gradient_logit(y, best)) <= 8 * EPS * (1 + abs(best)) * y * (1 - y)
    assert loss.second_derivative_logit(y, best) > 0
    assert loss.loss(y, best) <= loss.loss(y, z) * (1 + 8 * EPS)


@each_loss
@given(y=labels, z=st.floats(allow_nan=False))
def test_the_loss_is_never_negative_and_the_gradient_points_away_from_the_label(loss, y, z):
    gradient = loss.gradient_logit(y, z)
    assert loss.loss(y, z) >= 0
    assert np.isfinite(gradient)
    if y in (0.0, 1.0):
        assert gradient <= 0 if y == 1 else gradient >= 0


@each_loss
@given(y=st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), z=st.floats(allow_nan=False))
def test_swapping_the_classes_mirrors_the_loss(loss, y, z):
    """1 - y is exact for these labels, so the mirror image is exact too."""
    assert loss.loss(1 - y, -z) == loss.loss(y, z)
    assert loss.gradient_logit(1 - y, -z) == -loss.gradient_logit(y, z)
    assert loss.second_derivative_logit(1 - y, -z) == loss.second_derivative_logit(y, z)


@each_loss
def test_infinite_logits_have_their_limits(loss):
    with np.errstate(all="raise"):
        assert loss.loss([1, 0], [np.inf, -np.inf]).tolist() == [0.0, 0.0]
        assert loss.gradient_logit([1, 0], [np.inf, -np.inf]).tolist() == [0.0, 0.0]
        assert loss.second_derivative_logit([1, 0, 0.5], [np.inf, np.inf, -np.inf]).tolist() == [0.0, 0.0, 0.0]
    wrong = {"mse": (0.5, 0.0), "bce": (np.inf, -1.0)}[loss.name]
    assert (loss.loss(1, -np.inf), loss.gradient_logit(1, -np.inf)) == wrong
