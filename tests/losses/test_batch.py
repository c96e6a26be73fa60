"""The batch forms: mean over m, gradient and Hessian in theta, one run or many."""

import re

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from mseclf import BCE, LOSSES, MSE

MP = mpmath.mp.clone()
MP.prec = 400
EPS = np.finfo(np.float64).eps
each_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
FORMULAS = {
    "mse": lambda y, s: (s - y) ** 2 / 2,
    "bce": lambda y, s: -y * MP.log(s) - (1 - y) * MP.log(1 - s),
}


def problem(seed, m=7, n=3, n_runs=5):
    rng = np.random.default_rng(seed)
    return rng.normal(0, 2, (n_runs, n)), rng.normal(0, 2, (m, n)), rng.integers(0, 2, m).astype(float)


def mean_loss(loss, theta, X, y):
    logits = [sum(MP.mpf(t) * MP.mpf(float(x)) for t, x in zip(theta, row, strict=True)) for row in X]
    return sum(FORMULAS[loss.name](MP.mpf(b), 1 / (1 + MP.exp(-z))) for b, z in zip(y, logits, strict=True)) / len(y)


def rounding(theta, X):
    """What rounding may do: each logit is off by n eps Σ|θx|, each sum by m eps, for terms at most 1 times |x|."""
    m, n = X.shape
    return EPS * ((n + 2) * (np.abs(theta) @ np.abs(X).T).max() + m + 16) * np.abs(X).max() ** 2


@each_loss
@pytest.mark.parametrize("seed", range(3))
def test_value_gradient_and_hessian_are_those_of_the_mean(loss, seed):
    """Partial derivatives of the formula, taken numerically in 400 bits."""
    theta, X, y = problem(seed)
    point = tuple(float(t) for t in theta[0])
    n = len(point)
    unit = np.eye(n, dtype=int)
    tolerance = rounding(theta[:1], X)

    def derivative(orders):
        return float(MP.diff(lambda *t: mean_loss(loss, t, X, y), point, tuple(int(o) for o in orders)))

    gradient = [derivative(unit[i]) for i in range(n)]
    hessian = [[derivative(unit[i] + unit[j]) for j in range(n)] for i in range(n)]
    np.testing.assert_allclose(loss.batch_loss(point, X, y), float(mean_loss(loss, point, X, y)), rtol=tolerance)
    np.testing.assert_allclose(loss.gradient_theta(point, X, y), gradient, rtol=0, atol=tolerance)
    np.testing.assert_allclose(loss.hessian_theta(point, X, y), hessian, rtol=0, atol=tolerance)


@each_loss
@given(seed=st.integers(0, 2**32 - 1), m=st.integers(1, 20), n=st.integers(1, 6), n_runs=st.integers(1, 6))
def test_many_runs_at_once_are_the_runs_one_by_one(loss, seed, m, n, n_runs):
    theta, X, y = problem(seed, m, n, n_runs)
    shapes = {loss.batch_loss: (n_runs,), loss.gradient_theta: (n_runs, n), loss.hessian_theta: (n_runs, n, n)}
    for function, shape in shapes.items():
        together = function(theta, X, y)
        alone = np.stack([function(row, X, y) for row in theta])
        assert together.shape == shape == alone.shape
        np.testing.assert_allclose(together, alone, rtol=8 * EPS, atol=rounding(theta, X))


@each_loss
@given(seed=st.integers(0, 2**32 - 1))
def test_the_hessian_is_exactly_symmetric_and_the_weighted_gram_matrix(loss, seed):
    theta, X, y = problem(seed, m=30, n=5)
    hessian = loss.hessian_theta(theta, X, y)
    assert np.array_equal(hessian, np.swapaxes(hessian, 1, 2))
    d = loss.second_derivative_logit(y, X @ theta[0])
    np.testing.assert_allclose(hessian[0], X.T @ np.diag(d) @ X / 30, rtol=0, atol=rounding(theta[:1], X))


@given(seed=st.integers(0, 2**32 - 1))
def test_the_cross_entropy_is_convex(seed):
    theta, X, y = problem(seed, m=10)
    eigenvalues = np.linalg.eigvalsh(BCE.hessian_theta(theta, X, y))
    assert eigenvalues.min() >= -16 * EPS * eigenvalues.max()


def test_the_squared_error_is_not_convex():
    X, y = np.array([[1.0]] * 4 + [[20.0]] * 4), np.array([1, 1, 1, 0, 0, 0, 0, 1])
    theta = np.linspace(-0.3, 1.5, 200)[:, np.newaxis]
    assert MSE.hessian_theta(theta, X, y).min() < 0 < MSE.hessian_theta(theta, X, y).max()


def test_one_weight_has_two_minima_for_the_squared_error_and_one_for_the_cross_entropy():
    X, y = np.array([[1.0]] * 4 + [[20.0]] * 4), np.array([1, 1, 1, 0, 0, 0, 0, 1])
    theta = np.linspace(-1, 3, 4001)
    turns = {}
    for name, loss in LOSSES.items():
        slope = loss.gradient_theta(theta[:, np.newaxis], X, y)[:, 0]
        turns[name] = theta[:-1][np.sign(slope[:-1]) < np.sign(slope[1:])]
    np.testing.assert_allclose(turns["mse"], [-0.05055, 1.09861], atol=1e-3)
    assert len(turns["bce"]) == 1
    deep, shallow = (
        optimize.brentq(lambda t: MSE.gradient_theta([t], X, y)[0], a, b, xtol=1e-14)
        for a, b in [(-0.1, 0.1), (0.8, 1.4)]
    )
    assert round(float(MSE.batch_loss([deep], X, y)), 5) == 0.11106
    assert float(MSE.batch_loss([shallow], X, y)) == pytest.approx(15 / 64, abs=1e-8)


def test_at_the_origin_the_squared_error_is_exactly_a_quarter():
    _, X, y = problem(0, m=8, n=4)
    origin = np.zeros(4)
    assert np.array_equal(4 * MSE.gradient_theta(origin, X, y), BCE.gradient_theta(origin, X, y))
    assert np.array_equal(4 * MSE.hessian_theta(origin, X, y), BCE.hessian_theta(origin, X, y))


def test_scipys_optimiser_accepts_gradient_and_hessian_of_logistic_regression():
    """Labels that cannot be separated, so that a finite optimum exists."""
    X = np.array([[1.0, -2.0], [1.0, -1.0], [1.0, 0.5], [1.0, 1.0], [1.0, 3.0]])
    y = np.array([0.0, 1.0, 0.0, 1.0, 1.0])
    arguments = {"jac": BCE.gradient_theta, "hess": BCE.hessian_theta, "args": (X, y)}
    found = optimize.minimize(BCE.batch_loss, np.zeros(2), method="trust-exact", options={"gtol": 1e-12}, **arguments)
    assert found.success
    assert np.abs(BCE.gradient_theta(found.x, X, y)).max() <= 1e-12


@each_loss
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_is_kept_and_saturation_makes_no_noise(loss, dtype):
    theta, X, y = (np.asarray(a, dtype) for a in problem(1))
    with np.errstate(all="raise"):
        for function in (loss.batch_loss, loss.gradient_theta, loss.hessian_theta):
            assert function(theta * dtype(300), X, y).dtype == dtype
            assert np.isfinite(function(theta * dtype(300), X, y)).all()
            assert function(theta, X, y.astype(int)).dtype == dtype


@each_loss
@pytest.mark.parametrize(
    ("theta", "X", "y", "message"),
    [
        ([np.nan], [[1.0]], [1], "theta must be finite: got nan at index 0"),
        ([1.0], [[1.0], [np.inf]], [1, 0], "X must be finite: got inf at index (1, 0)"),
        ([1.0], [[1.0], [2.0]], [1, 2], "y must be in [0, 1]: got 2.0 at index 1"),
        ([1.0], [1.0, 2.0], [1, 0], "X must have shape (m, n) with m >= 1: got shape (2,)"),
        ([1.0], np.empty((0, 1)), [], "X must have shape (m, n) with m >= 1: got shape (0, 1)"),
        (
            [1.0],
            [[1.0], [2.0]],
            [[1], [0]],
            "y must have shape (m,), one label for each row of X: got shape (2, 1), X has (2, 1)",
        ),
        ([1.0, 2.0], [[1.0]], [1], "theta must have shape (n,) or (n_runs, n): got shape (2,), X has (1, 1)"),
        (1.0, [[1.0]], [1], "theta must have shape (n,) or (n_runs, n): got shape (), X has (1, 1)"),
        ([[[1.0]]], [[1.0]], [1], "theta must have shape (n,) or (n_runs, n): got shape (1, 1, 1), X has (1, 1)"),
    ],
)
def test_nonsense_is_refused_with_rule_and_value(loss, theta, X, y, message):
    for function in (loss.batch_loss, loss.gradient_theta, loss.hessian_theta):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            function(theta, X, y)


@each_loss
def test_logits_that_overflow_are_refused(loss):
    """Whether inf - inf or a fused inf comes out depends on the machine; neither is the logit, which is 0."""
    with pytest.raises(ValueError, match=r"^the logits X theta must be finite: got (nan|-?inf) at index 0$"):
        loss.gradient_theta([1e308, 1e308], [[10.0, -10.0]], [1])
