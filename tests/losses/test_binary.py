"""What the subject says about the binary losses, number by number, and SciPy as a second source."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special

from mseclf import (
    bce_gradient_logit,
    bce_loss,
    mse_gradient_logit,
    mse_loss,
    mse_second_derivative_logit,
    sigmoid_derivative,
)

EPS = np.finfo(np.float64).eps
logits = st.floats(-700, 700)
labels = st.floats(0, 1)


@given(labels, logits)
def test_the_cross_entropy_is_scipys(y, z):
    p = special.expit(z)
    by_entropy = -special.xlogy(y, p) - (1 - y) * special.log_expit(-z)
    if p > 1e-300:
        assert bce_loss(y, z) == pytest.approx(by_entropy, rel=2e-15 * (1 + 1 / max(abs(np.log(p)), 1e-16)), abs=1e-15)


@given(labels, logits)
def test_the_cross_entropy_is_softplus_minus_y_z(y, z):
    assert bce_loss(y, z) == pytest.approx(np.logaddexp(0, z) - y * z, rel=1e-15, abs=4 * EPS * (1 + abs(z)))


@given(labels, logits)
def test_the_ratio_of_the_gradients_is_the_derivative_of_the_sigmoid(y, z):
    """Bit for bit: the code multiplies the very same two numbers."""
    assert mse_gradient_logit(y, z) == bce_gradient_logit(y, z) * sigmoid_derivative(z)


def test_the_gradient_is_largest_where_the_true_class_gets_one_third():
    found = optimize.minimize_scalar(lambda z: mse_gradient_logit(1, z), bounds=(-5, 5), options={"xatol": 1e-10})
    assert found.x == pytest.approx(-np.log(2), abs=1e-7)
    assert -found.fun == pytest.approx(4 / 27, rel=8 * EPS)


def test_the_curvature_changes_sign_exactly_at_one_third():
    """-log 2 is not a float: at its neighbours the sign must differ, and at the nearest float it is nearly nothing."""
    z = -np.log(2.0)
    assert mse_second_derivative_logit(1, np.nextafter(z, 0)) > 0
    assert mse_second_derivative_logit(1, np.nextafter(z, -1)) < 0
    assert mse_second_derivative_logit(0, -np.nextafter(z, 0)) > 0
    assert mse_second_derivative_logit(0, -np.nextafter(z, -1)) < 0
    assert 0 < abs(mse_second_derivative_logit(1, z)) < 1e-17


def test_the_extremes_of_the_curvature():
    p = (9 + np.array([1, -1]) * np.sqrt(33)) / 24
    largest, smallest = mse_second_derivative_logit(1, special.logit(p))
    assert largest == pytest.approx(13 / 1536 + 55 * np.sqrt(33) / 4608, rel=1e-14)
    assert smallest == pytest.approx(13 / 1536 - 55 * np.sqrt(33) / 4608, rel=1e-14)
    everywhere = mse_second_derivative_logit(1, np.linspace(-40, 40, 200001))
    assert smallest * (1 + 1e-12) <= everywhere.min() <= smallest * (1 - 1e-7)
    assert largest * (1 - 1e-7) <= everywhere.max() <= largest * (1 + 1e-12)
    assert (round(float(largest), 5), round(float(smallest), 5)) == (0.07703, -0.0601)


def test_a_confident_mistake_separates_the_two_losses():
    z = np.array([-5.0, -20.0, -100.0, -700.0])
    np.testing.assert_allclose(bce_gradient_logit(1, z), -1, rtol=0.007)
    np.testing.assert_allclose(mse_gradient_logit(1, z), -np.exp(z), rtol=0.03)


@pytest.mark.parametrize(
    ("dtype", "one_from", "dead_from"), [(np.float16, 7.625, -11.094), (np.float32, 16.6355, -88.7228)]
)
def test_the_gradient_lives_where_the_naive_form_is_dead(dtype, one_from, dead_from):
    """The table of finite precision: the naive form is exactly 0 there, in the format itself."""
    z = np.array([dead_from * 1.001, one_from * 1.02], dtype)
    with np.errstate(over="ignore"):
        naive = 1 / (1 + np.exp(-z))
    y = np.array([1, 0], dtype)
    assert ((naive - y) * naive * (1 - naive)).tolist() == [0, 0]
    ours = mse_gradient_logit(y, z)
    assert ours[1] > 0
    assert ours[0] < 0 or dtype is np.float32  # exp(-88.8) squared away: 2.7e-39 is subnormal in float32
    assert mse_gradient_logit(1, dtype(dead_from)) < 0


def test_large_batches_agree_with_single_examples():
    """A vector unit may round otherwise than the scalar code: within the stated accuracy, never more."""
    rng = np.random.default_rng(0)
    y, z = rng.integers(0, 2, 1000), rng.normal(0, 20, 1000)
    for function in (mse_loss, bce_loss, mse_gradient_logit):
        single = np.array([function(int(a), float(b)) for a, b in zip(y, z, strict=True)])
        np.testing.assert_allclose(function(y, z), single, rtol=16 * EPS)
