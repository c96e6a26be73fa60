"""The family of losses between and beyond BCE and MSE, and what a wrong probability costs on average.

The weight w(y_hat) = [y_hat (1 - y_hat)]^{k-1} with the logit link gives a proper loss for each k > -1 (below, the loss
would be infinite): k = 0 is the binary cross-entropy, k = 1 the half squared error. It is convex in the logit if and
only if k ≤ 0.

Source: Reid and Williamson, Composite binary losses, JMLR 11 (2010) 2387-2422.
"""

import numpy as np
from numpy.typing import ArrayLike

from mseclf.arrays import Float64Array, FloatArray, check_broadcast, common_dtype, probabilities, rounded, times
from mseclf.links import sigmoid_pair
from mseclf.losses import label_and_logit

# (1 + e)^{-(1 + 2k)} with 0 < e <= 1 stays a finite number up to here.
_LARGEST_K = 100.0


def _exponent(k: float) -> float:
    if not abs(k) <= _LARGEST_K:
        raise ValueError(f"k must be in [{-_LARGEST_K:.0f}, {_LARGEST_K:.0f}]: got {k}")
    return float(k)


def _size_if_one(y: Float64Array, z: Float64Array, k: float) -> Float64Array:
    """The product y σ(-z) [σ(z) σ(-z)]^k from one power of e, so that no factor that underflows spoils it.

    With e = e^{-|z|}, σ(z) σ(-z) = e / (1 + e)², and σ(-z) is e / (1 + e) for z > 0 and 1 / (1 + e) for z ≤ 0. The
    power is multiplied in two halves: for k < 0 it may exceed float64 where its product with a small y does not.
    """
    size = np.abs(z)
    half_power = np.exp(-0.5 * times(np.where(z > 0, 1 + k, k), size))
    return times(times(y, half_power), half_power) * (1 + np.exp(-size)) ** -(1 + 2 * k)


def _sum(if_zero: Float64Array, if_one: Float64Array, z: Float64Array) -> Float64Array:
    """The sum of both terms. Where each exceeds float64 (k < -1, soft label), that of the wrong side is far larger."""
    with np.errstate(invalid="ignore"):
        total = if_zero + if_one
    return np.where(np.isnan(total), np.where(z > 0, if_zero, if_one), total)


@np.errstate(under="ignore", over="ignore")
def family_gradient_logit(y: ArrayLike, z: ArrayLike, k: float) -> FloatArray:
    """First derivative in the logit of the loss with exponent k.

    Formula: dL/dz = (y_hat - y) [y_hat (1 - y_hat)]^k.

    Shapes: y and z broadcast; k is one number.

    Domain: y in [0, 1], every z, k in [-100, 100]; for k < 0 it grows without bound and is inf where the dtype ends.

    Accuracy: within 8 + 2|k| + 2 (1 + |k|) |z| ulp, as the exponent of e is rounded; for a soft label of
    [(1 - y) σ(z) + y σ(-z)] σ'(z)^k.

    Raises:
        ValueError: y outside [0, 1], NaN, k outside [-100, 100], or shapes that do not broadcast.

    Source: Reid and Williamson (2010).

    Examples:
        >>> float(family_gradient_logit(1, 0.0, 0)), float(family_gradient_logit(1, 0.0, 1))
        (-0.5, -0.125)
    """
    y, z, dtype = label_and_logit(y, z)
    k = _exponent(k)
    return rounded(_sum(_size_if_one(1 - y, -z, k), -_size_if_one(y, z, k), z), dtype)


@np.errstate(under="ignore", over="ignore")
def family_second_derivative_logit(y: ArrayLike, z: ArrayLike, k: float) -> FloatArray:
    """Second derivative in the logit of the loss with exponent k.

    Formula: d²L/dz² = σ'^k [σ' + k (y_hat - y)(1 - 2 y_hat)]; for y = 1 this is
    σ(-z) σ'^k [(1 + k) σ(z) - k σ(-z)], and the mirror image for y = 0. It is never negative iff -1 ≤ k ≤ 0.

    Shapes: y and z broadcast; k is one number.

    Domain: y in [0, 1], every z, k in [-100, 100]; inf where it exceeds the dtype.

    Accuracy: within 8 + 2|k| + 2 (1 + |k|) |z| ulp of the sum of the magnitudes of its terms.

    Raises:
        ValueError: y outside [0, 1], NaN, k outside [-100, 100], or shapes that do not broadcast.

    Source: Reid and Williamson (2010).

    Examples:
        >>> float(family_second_derivative_logit(1, 0.0, 0)), float(family_second_derivative_logit(1, 0.0, 1))
        (0.25, 0.0625)
    """
    y, z, dtype = label_and_logit(y, z)
    k = _exponent(k)
    s, s_bar = sigmoid_pair(z)
    if_one = _size_if_one(y, z, k) * ((1 + k) * s - k * s_bar)
    if_zero = _size_if_one(1 - y, -z, k) * ((1 + k) * s_bar - k * s)
    return rounded(_sum(if_zero, if_one, z), dtype)


@np.errstate(under="ignore")
def mse_excess_risk(p: ArrayLike, y_hat: ArrayLike) -> FloatArray:
    """What predicting y_hat costs on average, above the best possible, in half squared error.

    Formula: E[½ (y_hat - Y)²] - min = ½ (y_hat - p)² for Y = 1 with probability p. (For the Brier score: twice this.
    The pages write q for this p, the truth, and p for y_hat.)

    Shapes: p and y_hat broadcast.

    Domain: p and y_hat in [0, 1].

    Accuracy: within 2 ulp.

    Raises:
        ValueError: p or y_hat outside [0, 1], or shapes that do not broadcast.

    Examples:
        >>> float(mse_excess_risk(0.25, 0.75))
        0.125
    """
    dtype = common_dtype(p=p, y_hat=y_hat)
    p, y_hat = probabilities(p, "p"), probabilities(y_hat, "y_hat")
    check_broadcast(p=p, y_hat=y_hat)
    return rounded(0.5 * (y_hat - p) ** 2, dtype)


@np.errstate(under="ignore", divide="ignore", over="ignore")
def bce_excess_risk(p: ArrayLike, y_hat: ArrayLike) -> FloatArray:
    """What predicting y_hat costs on average, above the best possible, in binary cross-entropy: the KL divergence.

    Formula: KL = p log(p / y_hat) + (1 - p) log((1 - p) / (1 - y_hat)) ≥ 2 (p - y_hat)² (Pinsker).

    Shapes: p and y_hat broadcast.

    Domain: p and y_hat in [0, 1]; inf where y_hat is 0 or 1 and p is not.

    Accuracy: within 8 ulp of the sum of the magnitudes of its two terms, which cancel as y_hat approaches p.

    Raises:
        ValueError: p or y_hat outside [0, 1], or shapes that do not broadcast.

    Examples:
        >>> float(bce_excess_risk(0.5, 0.5)), float(bce_excess_risk(0.5, 0.0))
        (0.0, inf)
    """
    dtype = common_dtype(p=p, y_hat=y_hat)
    p, y_hat = probabilities(p, "p"), probabilities(y_hat, "y_hat")
    check_broadcast(p=p, y_hat=y_hat)
    divergence = _weighted_log_ratio(p, y_hat, p - y_hat) + _weighted_log_ratio(1 - p, 1 - y_hat, y_hat - p)
    # The terms cancel as y_hat approaches p; the divergence is never negative, so neither is what is returned.
    return rounded(np.maximum(divergence, 0.0), dtype)


def _weighted_log_ratio(p: Float64Array, q: Float64Array, p_minus_q: Float64Array) -> Float64Array:
    """The term p log(p / q), 0 for p = 0.

    Near q = p it is -p log(1 - (p - q) / p), whose difference is exact; elsewhere the square roots keep the ratio from
    overflowing.
    """
    near = np.abs(p_minus_q) < 0.5 * p
    near_one = -np.log1p(-np.where(near, p_minus_q, 0.0) / np.where(near, p, 1.0))
    elsewhere = 2 * np.log(np.where(near | (p == 0), 1.0, np.sqrt(p)) / np.where(near | (p == 0), 1.0, np.sqrt(q)))
    return times(p, np.where(near, near_one, elsewhere))
