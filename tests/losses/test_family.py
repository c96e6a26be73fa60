"""The family between and beyond the two losses, and the excess risks."""

import re

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

import mseclf
from mseclf import bce_excess_risk, family_gradient_logit, family_second_derivative_logit, mse_excess_risk, sigmoid

EPS = np.finfo(np.float64).eps
Z = np.linspace(-300, 300, 1201)
MP = mpmath.mp.clone()
MP.prec = 2400
labels = st.floats(0, 1)
inside = st.floats(0, 1, exclude_min=True, exclude_max=True)
probabilities = inside | inside.map(lambda p: 2.0 ** (-1 - 999 * p)) | inside.map(lambda p: 0.5 + p * 2.0**-40)


@pytest.mark.parametrize(
    ("k", "gradient", "second_derivative"),
    [
        (0, mseclf.bce_gradient_logit, mseclf.bce_second_derivative_logit),
        (1, mseclf.mse_gradient_logit, mseclf.mse_second_derivative_logit),
    ],
)
@pytest.mark.parametrize("y", [0, 1, 0.3])
def test_the_family_holds_both_losses(k, gradient, second_derivative, y):
    tolerance = {"rtol": 16 * EPS, "atol": EPS * (y not in (0, 1))}
    np.testing.assert_allclose(family_gradient_logit(y, Z, k), gradient(y, Z), **tolerance)
    magnitude = np.exp(-np.abs(Z)) * 4
    errors = np.abs(family_second_derivative_logit(y, Z, k) - second_derivative(y, Z))
    assert (errors <= 16 * EPS * magnitude).all()


@given(labels, st.floats(-30, 30), st.floats(-1, 3))
def test_the_second_derivative_is_the_slope_of_the_gradient(y, z, k):
    h = 2.0**-16
    high, low = family_gradient_logit(y, z + h, k), family_gradient_logit(y, z - h, k)
    size = max(abs(high), abs(low), 1.0) * (1 + abs(k)) ** 3
    assert abs((high - low) / (2 * h) - family_second_derivative_logit(y, z, k)) <= size * (
        h**2 + 64 * EPS * (1 + abs(z)) / h
    )


@pytest.mark.parametrize("k", [-1, -0.75, -0.5, -0.25, 0])
@pytest.mark.parametrize("y", [0, 1])
def test_convex_for_k_from_minus_one_to_zero(y, k):
    assert (family_second_derivative_logit(y, Z, k) >= 0).all()


@pytest.mark.parametrize("k", [-1.01, -1.5, 0.01, 0.5, 1, 2])
@pytest.mark.parametrize("y", [0, 1])
def test_not_convex_outside(y, k):
    assert (family_second_derivative_logit(y, np.linspace(-10, 10, 401), k) < 0).any()


@pytest.mark.parametrize("k", [-1, -0.5, 0, 0.3, 1, 2])
def test_infinite_logits_have_their_limits(k):
    with np.errstate(all="raise"):
        right, wrong = family_gradient_logit(1, [np.inf, -np.inf], k)
    assert right == (-1 if k == -1 else 0)
    assert wrong == (-np.inf if k < 0 else -1 if k == 0 else 0)


def test_a_small_weight_times_a_large_power_is_not_lost_to_overflow():
    """y e^{-kz} with y = 5e-324 and k = -1 is of size 1 at z = -744, where e^{744} alone is infinite."""
    assert family_gradient_logit(5e-324, -740.0, -1) == pytest.approx(
        1 - 5e-324 * np.exp(700.0) * np.exp(40.0), rel=1e-12
    )


@given(labels, st.floats(allow_nan=False), st.floats(-100, 100))
def test_no_exponent_gives_nan_or_a_warning(y, z, k):
    with np.errstate(all="raise"):
        gradient, second_derivative = family_gradient_logit(y, z, k), family_second_derivative_logit(y, z, k)
    assert not np.isnan(gradient)
    assert not np.isnan(second_derivative)


def test_where_both_terms_overflow_the_wrong_side_wins():
    """k = -5: (1 - y) e^{5z} against y e^{4z}."""
    assert family_gradient_logit(0.5, [300.0, -300.0], -5).tolist() == [np.inf, -np.inf]


@pytest.mark.parametrize("k", [np.nan, np.inf, -100.5])
def test_an_exponent_out_of_range_is_refused(k):
    for function in (family_gradient_logit, family_second_derivative_logit):
        with pytest.raises(ValueError, match=rf"^k must be in \[-100, 100\]: got {k}$"):
            function(1, 0.0, k)


@given(labels, labels)
def test_the_excess_risks_are_what_the_losses_cost_on_average(q, y_hat):
    """E over Y of the loss at y_hat, minus the same at q."""
    brier = q * (1 - y_hat) ** 2 / 2 + (1 - q) * y_hat**2 / 2 - q * (1 - q) / 2
    assert mse_excess_risk(q, y_hat) == pytest.approx(brier, abs=4 * EPS)
    divergence = special.rel_entr(q, y_hat) + special.rel_entr(1 - q, 1 - y_hat)
    assert bce_excess_risk(q, y_hat) == pytest.approx(divergence, rel=8 * EPS, abs=8 * EPS)


@given(probabilities, probabilities)
def test_the_excess_risks_are_as_accurate_as_they_say(q, y_hat):
    q_, y_hat_ = MP.mpf(q), MP.mpf(y_hat)
    terms = [a * MP.log(a / b) for a, b in ((q_, y_hat_), (1 - q_, 1 - y_hat_))]
    size = abs(terms[0]) + abs(terms[1])
    subnormal = MP.mpf(2) ** -1074
    assert abs(MP.mpf(float(bce_excess_risk(q, y_hat))) - sum(terms)) <= 8 * EPS * size + 2 * subnormal
    half_square = (q_ - y_hat_) ** 2 / 2
    assert abs(MP.mpf(float(mse_excess_risk(q, y_hat))) - half_square) <= 2 * EPS * half_square + subnormal


@given(labels, st.floats(-30, 0))
def test_the_excess_risk_is_the_regret_of_the_loss_in_the_logit(q, z):
    """For z <= 0 only: a probability near 1 no longer knows its logit."""
    regret = mseclf.bce_loss(q, z) - mseclf.bce_loss(q, mseclf.logit(q))
    assert abs(bce_excess_risk(q, sigmoid(z)) - regret) <= 16 * EPS * (1 + abs(z))


@given(labels, labels)
def test_the_cross_entropy_costs_at_least_four_times_the_half_squared_error(q, y_hat):
    """Pinsker: KL >= 2 (q - y_hat)². The halves of EPS allow for the rounding of KL where it is nearly 0."""
    assert bce_excess_risk(q, y_hat) >= 4 * mse_excess_risk(q, y_hat) - 4 * EPS


@given(labels)
def test_the_best_prediction_is_the_probability_itself(q):
    assert mse_excess_risk(q, q) == bce_excess_risk(q, q) == 0


def test_certainty_that_is_wrong_costs_infinity_in_cross_entropy_only():
    with np.errstate(all="raise"):
        assert bce_excess_risk([0.5, 0.5, 1, 0, 0], [0, 1, 0, 0, 1]).tolist() == [np.inf, np.inf, np.inf, 0, np.inf]
        assert mse_excess_risk([0.5, 1], [0, 0]).tolist() == [0.125, 0.5]


@pytest.mark.parametrize("risk", [mse_excess_risk, bce_excess_risk])
def test_nonsense_is_refused_with_rule_and_value(risk):
    cases = [
        ((2.0, 0.5), "q must be in [0, 1]: got 2.0"),
        ((0.5, [0.5, np.nan]), "y_hat must be in [0, 1]: got nan at index 1"),
        (([0.5] * 2, [0.5] * 3), "q and y_hat must have shapes that broadcast: got (2,) and (3,)"),
    ]
    for arguments, message in cases:
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            risk(*arguments)


@given(st.lists(st.tuples(labels, labels), min_size=1))
def test_a_number_costs_what_it_costs_in_an_array(pairs):
    """Bit for bit: NumPy squares a scalar by pow and an array by multiplying, which may differ by an ulp."""
    q, y_hat = np.array(pairs).T
    assert mse_excess_risk(q, y_hat).tolist() == [float(mse_excess_risk(a, b)) for a, b in pairs]


def test_the_numbers_that_pow_squares_otherwise():
    q, y_hat = 0.8999391559500212, 0.6876279225888259
    assert mse_excess_risk(q, y_hat) == mse_excess_risk([q], [y_hat])[0]
