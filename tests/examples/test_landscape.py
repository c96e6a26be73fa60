"""Proposition 3 of docs/beyond/curvature.md, in exact arithmetic: how many stationary points one weight has.

With u = exp(theta) each sigmoid is u^x / (1 + u^x), so the slope is a polynomial in u over something positive, and
Sturm's theorem counts its positive roots.
"""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from mseclf.losses import bce_gradient_theta, mse_gradient_theta

u = sp.symbols("u")
# Scale -> (positive labels, negative labels): the eight points of examples/landscape.py.
POINTS = {1: (3, 1), 20: (1, 3)}


def slope_numerator(loss: str) -> sp.Poly:
    """The numerator of the summed slope, without its factors u, which have no positive root."""
    power = {"mse": 3, "bce": 1}[loss]
    total = sp.Integer(0)
    for scale, (ones, zeros) in POINTS.items():
        grown = u**scale
        push = zeros * grown**2 - ones * grown if loss == "mse" else zeros * grown - ones
        others = sp.prod([(1 + u**other) ** power for other in POINTS if other != scale])
        total += scale * push * others
    polynomial = sp.Poly(sp.expand(total), u)
    while polynomial.eval(0) == 0:
        polynomial = polynomial.quo(sp.Poly(u, u))
    return polynomial


def between(polynomial: sp.Poly, left: float, right: float) -> int:
    """Count the roots with theta between left and right; the ends become rationals, off by 1e-15."""
    return int(polynomial.count_roots(*(sp.Rational(Fraction(float(np.exp(theta)))) for theta in (left, right))))


@pytest.mark.parametrize(("loss", "count"), [("mse", 3), ("bce", 1)])
def test_number_of_stationary_points(loss, count):
    assert slope_numerator(loss).count_roots(0, None) == count


def test_degree_named_on_the_page():
    assert slope_numerator("mse").degree() == 61


@pytest.mark.parametrize("theta", [-0.05055, 0.29170, 1.09861])
def test_stationary_points_to_five_digits(theta):
    assert between(slope_numerator("mse"), theta - 1e-5, theta + 1e-5) == 1


def test_best_weight_of_cross_entropy():
    assert between(slope_numerator("bce"), -0.05149, -0.05148) == 1


@pytest.mark.parametrize("loss", ["mse", "bce"])
@pytest.mark.parametrize("theta", [-0.4, 0.1, 0.5])
def test_the_polynomial_is_the_package_s_slope(loss, theta):
    x = np.repeat([1.0, 20.0], 4)[:, None]
    y = np.array([1, 1, 1, 0, 0, 0, 0, 1.0])
    gradient = {"mse": mse_gradient_theta, "bce": bce_gradient_theta}[loss]
    grown = {scale: np.exp(scale * theta) for scale in POINTS}
    power = {"mse": 3, "bce": 1}[loss]
    denominator = np.prod([(1 + g) ** power for g in grown.values()])
    # The polynomial lost factors of u: both "mse" terms carry u^1 and u^20, so only u^1 could be divided out.
    lost = grown[1] if loss == "mse" else 1.0
    exact = float(slope_numerator(loss).eval(sp.Float(np.exp(theta), 40))) * lost / denominator / len(y)
    np.testing.assert_allclose(gradient(np.array([theta]), x, y)[0], exact, rtol=1e-11)
