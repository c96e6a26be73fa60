"""The links against SciPy, their limits and identities. (Their accuracy in ulp: test_accuracy.py.)"""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special

from mseclf import log_sigmoid, logit, sigmoid, sigmoid_derivative, softmax

# SciPy's expit gives 0 below -709, where the sigmoid is still a subnormal number.
Z = np.concatenate([np.linspace(-700, 700, 4001), np.linspace(-5, 5, 1001)])
EPS = np.finfo(np.float64).eps
any_logit = st.floats(allow_nan=False)
finite_logit = st.floats(-700, 700)


@pytest.mark.parametrize(
    ("ours", "scipy"), [(sigmoid, special.expit), (log_sigmoid, special.log_expit)], ids=["sigmoid", "log_sigmoid"]
)
def test_a_link_agrees_with_scipy(ours, scipy):
    np.testing.assert_allclose(ours(Z), scipy(Z), rtol=8 * EPS)


def test_logit_agrees_with_scipy():
    p = np.concatenate([np.linspace(0, 1, 1001), np.geomspace(1e-300, 0.5, 200)])
    np.testing.assert_allclose(logit(p), special.logit(p), rtol=8 * EPS)


def test_softmax_agrees_with_scipy():
    z = np.random.default_rng(0).normal(0, 30, (50, 4, 7))
    np.testing.assert_allclose(softmax(z), special.softmax(z, axis=-1), rtol=300 * EPS)


def test_the_sigmoid_at_the_ends_and_in_the_middle():
    with np.errstate(all="raise"):
        assert sigmoid([-np.inf, -745.0, 0.0, 37.0, np.inf]).tolist() == [0.0, 5e-324, 0.5, 1.0, 1.0]
        assert sigmoid_derivative([-np.inf, 0.0, np.inf]).tolist() == [0.0, 0.25, 0.0]
        assert log_sigmoid([-np.inf, np.inf]).tolist() == [-np.inf, 0.0]
        assert logit([0.0, 0.5, 1.0]).tolist() == [-np.inf, 0.0, np.inf]


def test_float16_takes_logits_that_its_own_exponential_could_not():
    z = np.array([-65504, -89, -17, 17, 89, 65504], np.float16)
    with np.errstate(all="raise"):
        assert sigmoid(z).tolist() == [0.0, 0.0, 5.960464477539063e-08, 1.0, 1.0, 1.0]


@given(any_logit)
def test_the_two_probabilities_sum_to_one(z):
    assert abs(sigmoid(z) + sigmoid(-z) - 1) <= EPS


@given(any_logit)
def test_the_derivative_is_even_and_at_most_a_quarter(z):
    derivative = sigmoid_derivative(z)
    assert derivative == sigmoid_derivative(-z)
    assert 0 <= derivative <= 0.25


@given(finite_logit)
def test_the_derivative_is_the_inverse_hyperbolic_cosine_squared(z):
    assert sigmoid_derivative(z) == pytest.approx(1 / (4 * np.cosh(z / 2) ** 2), rel=16 * EPS)


@given(finite_logit, finite_logit)
def test_the_sigmoid_never_decreases_by_more_than_its_error(z_1, z_2):
    low, high = sorted((z_1, z_2))
    assert sigmoid(low) <= sigmoid(high) * (1 + 6 * EPS)


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_logit_is_undone_by_the_sigmoid(p):
    """The logit's rounding, |logit| · eps/2, comes back multiplied by σ' ≤ p."""
    assert abs(sigmoid(logit(p)) - p) <= (4 + abs(logit(p))) * EPS * p + 5e-324


@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.floats(-1e4, 1e4)))
def test_softmax_gives_probabilities_and_ignores_a_common_shift(z):
    p = softmax(z)
    assert p.shape == z.shape
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=8 * EPS)
    np.testing.assert_allclose(softmax(z + 2.0**14), p, rtol=2e4 * 16 * EPS, atol=1e-300)


@given(finite_logit)
def test_two_classes_are_the_sigmoid(z):
    np.testing.assert_allclose(softmax([0.0, z]), [sigmoid(-z), sigmoid(z)], rtol=8 * EPS, atol=1e-323)


def test_softmax_takes_infinite_logits_where_a_limit_exists():
    with np.errstate(all="raise"):
        assert softmax([np.inf, 0.0, -5.0]).tolist() == [1.0, 0.0, 0.0]
        assert softmax([-np.inf, 0.0, 0.0]).tolist() == [0.0, 0.5, 0.5]
        assert softmax([1.5e308, -1.5e308]).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_softmax_keeps_the_dtype(dtype):
    assert softmax(np.zeros((2, 3), dtype)).dtype == dtype


NO_LIMIT = "z must not hold its maximum twice when that is infinite, as softmax has no limit there: got "


@pytest.mark.parametrize(
    ("function", "argument", "message"),
    [
        (logit, 1.5, "y_hat must be in [0, 1]: got 1.5"),
        (logit, [0.5, np.nan], "y_hat must be in [0, 1]: got nan at index 1"),
        (sigmoid, [0.0, np.nan], "z must not be NaN: got nan at index 1"),
        (softmax, [0.0, np.nan], "z must not be NaN: got nan at index 1"),
        (softmax, 1.0, "z must have a last axis with at least one class: got shape ()"),
        (softmax, np.empty((3, 0)), "z must have a last axis with at least one class: got shape (3, 0)"),
        (softmax, [np.inf, np.inf], NO_LIMIT + "inf at index 0"),
        (softmax, [[0.0, 1.0], [-np.inf, -np.inf]], NO_LIMIT + "-inf at index (1, 0)"),
    ],
)
def test_nonsense_is_refused_with_rule_and_value(function, argument, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        function(argument)
