"""What the later chapters prove in their text, once more and by other means than their examples use."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from mseclf import BCE, MSE, sigmoid, sigmoid_derivative


def least_squares(x: list[Fraction], y: list[int]) -> tuple[Fraction, Fraction]:
    """Slope and intercept in exact arithmetic."""
    m, mean_x, mean_y = len(x), sum(x) / len(x), Fraction(sum(y), len(y))
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum((a - mean_x) ** 2 for a in x)
    assert m == len(y)
    return slope, mean_y - slope * mean_x


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([0, 1, 5, 7, 9], [0, 0, 1, 1, 1]),
        ([3, -2, 8, 4], [0, 1, 1, 0]),
        ([1, 2, 3, 4, 5, 6, 20], [0, 0, 0, 0, 0, 1, 1]),
    ],
)
def test_without_the_sigmoid_the_midpoint_of_the_means_goes_to_the_larger_class(x, y):
    x = [Fraction(value) for value in x]
    slope, intercept = least_squares(x, y)
    output = [slope * value + intercept for value in x]
    q = Fraction(sum(y), len(y))
    explained = sum((value - q) ** 2 for value in output) / (len(y) * q * (1 - q))
    means = [sum(a for a, b in zip(x, y, strict=True) if b == label) / y.count(label) for label in (0, 1)]
    middle = slope * sum(means) / 2 + intercept
    assert middle - Fraction(1, 2) == (q - Fraction(1, 2)) * (1 - explained)


def machine(inputs: np.ndarray) -> np.ndarray:
    """The hard-margin machine without a bias, by trying every set of support vectors; labels are in the signs."""
    best = None
    for size in range(1, len(inputs) + 1):
        for support in itertools.combinations(range(len(inputs)), size):
            chosen = inputs[list(support)]
            theta = chosen.T @ np.linalg.solve(chosen @ chosen.T, np.ones(size))
            if np.all(inputs @ theta >= 1 - 1e-9) and (best is None or theta @ theta < best @ best):
                best = theta
    assert best is not None
    return best


def test_without_the_sigmoid_the_exact_fit_is_the_machine_just_where_no_coefficient_is_negative():
    random = np.random.default_rng(0)
    seen = set()
    for _ in range(40):
        inputs = random.standard_normal((5, int(random.integers(6, 40))))
        coefficients = np.linalg.solve(inputs @ inputs.T, np.ones(5))
        same = np.allclose(inputs.T @ coefficients, machine(inputs))
        assert same == bool(np.all(coefficients >= 0))
        seen.add(same)
    assert seen == {True, False}, "both cases were met"


@pytest.mark.parametrize(("loss", "power"), [(BCE, 1), (MSE, 2)])
def test_rates_both_steps_fit_the_same_response_with_other_weights(loss, power):
    random = np.random.default_rng(power)
    X, theta = random.standard_normal((30, 3)), random.standard_normal(3)
    y = (random.random(30) < 0.5).astype(float)
    z = X @ theta
    root = np.sqrt(sigmoid_derivative(z) ** power)
    response = z + (y - sigmoid(z)) / sigmoid_derivative(z)
    fitted = np.linalg.lstsq(X * root[:, None], response * root, rcond=None)[0]
    curvature = (X.T * sigmoid_derivative(z) ** power) @ X / len(X)
    np.testing.assert_allclose(fitted, theta - np.linalg.solve(curvature, loss.gradient_theta(theta, X, y)), rtol=1e-8)
    if loss is BCE:  # scoring is Newton's method there
        np.testing.assert_allclose(curvature, loss.hessian_theta(theta, X, y), rtol=1e-12)


def test_rates_decay_keeps_descent_in_its_ball():
    random = np.random.default_rng(0)
    X = 5 * random.standard_normal((20, 2))
    y = (X @ [1.0, 2.0] > 0).astype(float)
    for decay in (1e-4, 1e-2):
        theta, losses = np.zeros(2), []
        for _ in range(3000):
            losses.append(float(MSE.batch_loss(theta, X, y)) + decay / 2 * float(theta @ theta))
            theta = theta - 0.2 * (MSE.gradient_theta(theta, X, y) + decay * theta)
            assert np.linalg.norm(theta) <= 1 / (2 * np.sqrt(decay))
        assert np.all(np.diff(losses) <= 1e-12)


@pytest.mark.parametrize("q", [0.2, 0.6, 0.9])
@pytest.mark.parametrize("kappa", [0.1, 0.5, 0.8])
def test_family_generalised_cross_entropy_stretches_the_logit(q, kappa):
    z = np.linspace(-25, 25, 500_001)
    risk = q * (1 - sigmoid(z) ** kappa) / kappa + (1 - q) * (1 - sigmoid(-z) ** kappa) / kappa
    assert z[risk.argmin()] == pytest.approx(np.log(q / (1 - q)) / (1 - kappa), abs=2e-4)


@pytest.mark.parametrize("q", [0.2, 0.6, 0.9])
def test_family_class_weights_multiply_the_odds(q):
    z = np.linspace(-10, 10, 200_001)
    risk = 5 * q * BCE.loss(1, z) + (1 - q) * BCE.loss(0, z)
    assert np.exp(z[risk.argmin()]) == pytest.approx(5 * q / (1 - q), rel=2e-4)
