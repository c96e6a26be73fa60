"""The losses of a softmax: against mpmath, the binary losses, and what the subject says about K classes."""

import re

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

import mseclf
from mseclf import softmax, softmax_ce_gradient_logit, softmax_ce_loss, softmax_mse_gradient_logit, softmax_mse_loss

MP = mpmath.mp.clone()
MP.prec = 1400
EPS = np.finfo(np.float64).eps
FUNCTIONS = [softmax_mse_loss, softmax_mse_gradient_logit, softmax_ce_loss, softmax_ce_gradient_logit]
SUBNORMAL = MP.mpf(2) ** -1074


def example(seed):
    """Logits of all sizes, with a one-hot or soft label over 2 to 8 classes."""
    rng = np.random.default_rng(seed)
    K = int(rng.integers(2, 9))
    z = np.clip(rng.normal(0, 1, K) * np.exp(rng.uniform(-5, 5.5)), -370, 370)
    y = np.eye(K)[rng.integers(K)] if seed % 2 else rng.dirichlet(np.ones(K))
    return y, z


def others(values):
    return [sum(values) - v for v in values]


@pytest.mark.parametrize("seed", range(200))
def test_each_function_is_as_accurate_as_it_says(seed):
    """All errors are within D + 2K + 8 ulp (twice that for the squared error) of the sum of the terms' magnitudes."""
    y, z = example(seed)
    exponentials = [MP.exp(MP.mpf(float(v))) for v in z]
    p = [e / sum(exponentials) for e in exponentials]
    labels = [MP.mpf(float(v)) for v in y]
    r = [a - b for a, b in zip(p, labels, strict=True)]
    sizes = [(1 - b) * a + b * (1 - a) for a, b in zip(p, labels, strict=True)]
    ulps = MP.mpf(float(np.ptp(z)) + 2 * len(z) + 8) * MP.mpf(2) ** -52

    def close(computed, expected, size, factor):
        return abs(MP.mpf(float(computed)) - expected) <= factor * (ulps * size + SUBNORMAL)

    cross_entropy = -sum(b * MP.log(a) for a, b in zip(p, labels, strict=True))
    assert close(softmax_ce_loss(y, z), cross_entropy, cross_entropy, 1)
    assert close(softmax_mse_loss(y, z), sum(v**2 for v in r) / 2, sum(v**2 for v in sizes) / 2, 2)
    mse, ce, probabilities = softmax_mse_gradient_logit(y, z), softmax_ce_gradient_logit(y, z), softmax(z)
    inner = sum(a * b for a, b in zip(p, r, strict=True))
    weighted = others([a * b for a, b in zip(p, sizes, strict=True)])
    for k, rest in enumerate(others(p)):
        assert close(probabilities[k], p[k], p[k], 1)
        assert close(ce[k], r[k], sizes[k], 1)
        assert close(mse[k], p[k] * (r[k] - inner), p[k] * (sizes[k] * rest + weighted[k]), 2)


@given(st.integers(0, 2**32 - 1))
def test_the_gradients_are_the_slopes_of_the_losses(seed):
    rng = np.random.default_rng(seed)
    z, y = rng.normal(0, 3, 5), rng.dirichlet(np.ones(5))
    h = 2.0**-16
    steps = h * np.eye(5)
    for loss, gradient in [
        (softmax_mse_loss, softmax_mse_gradient_logit),
        (softmax_ce_loss, softmax_ce_gradient_logit),
    ]:
        slopes = (loss(y, z + steps) - loss(y, z - steps)) / (2 * h)
        np.testing.assert_allclose(slopes, gradient(y, z), rtol=0, atol=h**2 + 32 * EPS * np.ptp(z) / h)


@given(st.integers(0, 2**32 - 1))
def test_the_squared_error_gradient_is_the_jacobian_times_the_residual(seed):
    rng = np.random.default_rng(seed)
    z, y = rng.normal(0, 3, 6), np.eye(6)[rng.integers(6)]
    p = special.softmax(z)
    jacobian = np.diag(p) - np.outer(p, p)
    np.testing.assert_allclose(softmax_mse_gradient_logit(y, z), jacobian @ (p - y), rtol=0, atol=16 * EPS)


@given(st.integers(0, 2**32 - 1))
def test_moving_all_logits_together_changes_nothing(seed):
    """So the entries of each gradient sum to 0."""
    y, z = example(seed)
    for gradient in (softmax_mse_gradient_logit, softmax_ce_gradient_logit):
        assert abs(gradient(y, z).sum()) <= (np.ptp(z) + 8 * len(z)) * EPS


@given(st.integers(0, 1), st.floats(-30, 30))
def test_two_classes_are_the_binary_losses(y, z):
    label, logits = [1 - y, y], [0.0, z]
    assert softmax_mse_loss(label, logits) == pytest.approx(2 * mseclf.mse_loss(y, z), rel=64 * EPS)
    assert softmax_ce_loss(label, logits) == pytest.approx(mseclf.bce_loss(y, z), rel=64 * EPS)
    gradient = softmax_mse_gradient_logit(label, logits)[1]
    assert gradient == pytest.approx(2 * mseclf.mse_gradient_logit(y, z), rel=64 * EPS)
    assert softmax_ce_gradient_logit(label, logits)[1] == pytest.approx(mseclf.bce_gradient_logit(y, z), rel=64 * EPS)


@pytest.mark.parametrize("K", [2, 4, 8, 3, 10])
def test_at_uniform_probabilities_the_squared_error_has_one_kth_of_the_gradient(K):
    y, z = np.eye(K), np.zeros(K)
    mse, ce = softmax_mse_gradient_logit(y, z), softmax_ce_gradient_logit(y, z)
    np.testing.assert_allclose(K * mse, ce, rtol=8 * K * EPS)
    assert K not in (2, 4, 8) or np.array_equal(K * mse, ce)


def test_one_confidently_wrong_logit_among_ten():
    y, z = np.eye(10)[0], 10.0 * np.eye(10)[1]
    assert round(float(np.linalg.norm(softmax_mse_gradient_logit(y, z))), 5) == 0.00048
    assert round(float(np.linalg.norm(softmax_ce_gradient_logit(y, z))), 3) == 1.414


def test_a_gradient_that_one_minus_p_would_lose():
    """At a logit of 40, 1 - p is 0 in float64; the gradients are not."""
    y, z = [1, 0, 0], [40.0, 0.0, 0.0]
    ce, mse = softmax_ce_gradient_logit(y, z), softmax_mse_gradient_logit(y, z)
    np.testing.assert_allclose(ce, np.array([-2, 1, 1]) * np.exp(-40), rtol=1e-14)
    np.testing.assert_allclose(mse, np.array([-6, 3, 3]) * np.exp(-80), rtol=1e-13)


def test_infinite_logits_have_their_limits_in_silence():
    with np.errstate(all="raise"):
        assert softmax_ce_loss([[1, 0, 0], [0, 1, 0]], [np.inf, 0, -np.inf]).tolist() == [0.0, np.inf]
        assert softmax_ce_gradient_logit([0, 1, 0], [np.inf, 0, -np.inf]).tolist() == [1.0, -1.0, 0.0]
        assert softmax_mse_gradient_logit([0, 1, 0], [np.inf, 0, -np.inf]).tolist() == [0.0, 0.0, 0.0]
        assert softmax_mse_loss([0, 1, 0], [np.inf, 0, -np.inf]) == 1.0
        assert softmax_ce_loss([[0, 1], [1, 0]], [1.5e308, -1.5e308]).tolist() == [np.inf, 0.0]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_and_broadcasting(function, dtype):
    rng = np.random.default_rng(0)
    z, y = rng.normal(0, 20, (4, 1, 3)).astype(dtype), np.eye(3)[np.newaxis].astype(int)
    together = function(y, z)
    assert together.dtype == dtype
    assert together.shape[:2] == (4, 3)
    for i, j in np.ndindex(4, 3):
        np.testing.assert_allclose(together[i, j], function(y[0, j], z[i, 0]), rtol=8 * np.finfo(dtype).eps)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_soft_label_is_judged_in_its_own_precision(function):
    """Ten tenths in float16 sum to 0.99976: as near to 1 as float16 can be asked to come."""
    assert np.isfinite(function(np.full(10, 0.1, np.float16), np.zeros(10))).all()
    with pytest.raises(ValueError, match=r"^y must sum to 1 over its last axis: got 0\.999"):
        function(np.full(10, 0.1, np.float16).astype(np.float64), np.zeros(10))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("y", "z", "message"),
    [
        ([[1, 0], [1, 1]], [0.0, 0.0], "y must sum to 1 over its last axis: got 2.0 at index 1"),
        ([0, 0], [0.0, 0.0], "y must sum to 1 over its last axis: got 0.0"),
        ([2, -1], [0.0, 0.0], "y must be in [0, 1]: got 2.0 at index 0"),
        ([1, 0], [0.0, np.nan], "z must not be NaN: got nan at index 1"),
        ([1, 0, 0], [0.0, 0.0], "y must have as many classes as z in its last axis: got shapes (3,) and (2,)"),
        (1, [0.0], "y must have as many classes as z in its last axis: got shapes () and (1,)"),
        (1, 0.0, "z must have a last axis with at least one class: got shape ()"),
        ([[1, 0]] * 2, [[0.0, 0.0]] * 3, "y and z must have shapes that broadcast: got (2, 2) and (3, 2)"),
    ],
)
def test_nonsense_is_refused_with_rule_and_value(function, y, z, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        function(y, z)
