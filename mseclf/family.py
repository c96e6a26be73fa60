"""The family of losses between and beyond BCE and MSE.

The weight w(y_hat) = [y_hat (1 - y_hat)]^(k-1) with the logit link gives a proper loss for each k > -1 (below, the loss
would be infinite): k = 0 is the binary cross-entropy, k = 1 the half squared error. It is convex in the logit if and
only if k ≤ 0.

It is the symmetric Beta family of Buja, Stuetzle and Shen.

Conventions: y and z as in `mseclf.losses`; k is one number in [-100, 100].

Source: Buja, Stuetzle and Shen, Loss functions for binary class probability estimation and classification (2005); Reid
and Williamson, Composite binary losses, JMLR 11 (2010) 2387-2422.
"""

import numpy as np

from mseclf.arrays import Float64Array, Real, elementwise, logits, probabilities, times
from mseclf.links import sigmoid_pair

# (1 + e)^(-(1 + 2k)) with 0 < e <= 1 stays a finite number up to here.
_LARGEST_K = 100.0


def _exponent(k: float) -> float:
    if not abs(k) <= _LARGEST_K:
        raise ValueError(f"k must be in [{-_LARGEST_K:.0f}, {_LARGEST_K:.0f}]: got {k}")
    return float(k)


def _size_if_one(y: Float64Array, z: Float64Array, k: float) -> Float64Array:
    """The product y σ(-z) [σ(z) σ(-z)]^k from one power of e, so that no factor that underflows spoils it.

    With e = e^(-|z|), σ(z) σ(-z) = e / (1 + e)², and σ(-z) is e / (1 + e) for z > 0 and 1 / (1 + e) for z ≤ 0. The
    power is multiplied in two halves: for k < 0 it may exceed float64 where its product with a small y does not.
    """
    size = np.abs(z)
    half_power = np.exp(-0.5 * times(np.where(z > 0, 1 + k, k), size))
    return times(times(y, half_power), half_power) * (1 + np.exp(-size)) ** -(1 + 2 * k)


def _of_both_labels(if_zero: Float64Array, if_one: Float64Array, z: Float64Array) -> Float64Array:
    """The sum of both terms. Where each exceeds float64 (k < -1, soft label), that of the wrong side is far larger."""
    with np.errstate(invalid="ignore"):
        total = if_zero + if_one
    return np.where(np.isnan(total), np.where(z > 0, if_zero, if_one), total)


@elementwise(y=probabilities, z=logits)
@np.errstate(over="ignore")
def family_gradient_logit(y: Real, z: Real, k: float) -> Real:
    """First derivative in the logit of the loss with exponent k.

    Formula: dL/dz = (y_hat - y) [y_hat (1 - y_hat)]^k.

    Domain: k in [-100, 100]; for k < 0 it grows without bound and is inf where the dtype ends.

    Accuracy: within 8 + 2|k| + 2 (1 + |k|) |z| ulp, as the exponent of e is rounded; for a soft label of
    [(1 - y) σ(z) + y σ(-z)] σ'(z)^k.

    Examples:
        >>> float(family_gradient_logit(1, 0.0, 0)), float(family_gradient_logit(1, 0.0, 1))
        (-0.5, -0.125)
    """
    k = _exponent(k)
    return _of_both_labels(_size_if_one(1 - y, -z, k), -_size_if_one(y, z, k), z)


@elementwise(y=probabilities, z=logits)
@np.errstate(over="ignore")
def family_second_derivative_logit(y: Real, z: Real, k: float) -> Real:
    """Second derivative in the logit of the loss with exponent k.

    Formula: d²L/dz² = σ'^k [σ' + k (y_hat - y)(1 - 2 y_hat)]; for y = 1 this is
    σ(-z) σ'^k [(1 + k) σ(z) - k σ(-z)], and the mirror image for y = 0. It is never negative iff -1 ≤ k ≤ 0.

    Domain: k in [-100, 100]; inf where it exceeds the dtype.

    Accuracy: within 8 + 2|k| + 2 (1 + |k|) |z| ulp of the sum of the magnitudes of its terms.

    Examples:
        >>> float(family_second_derivative_logit(1, 0.0, 0)), float(family_second_derivative_logit(1, 0.0, 1))
        (0.25, 0.0625)
    """
    k = _exponent(k)
    s, s_bar = sigmoid_pair(z)
    if_one = _size_if_one(y, z, k) * ((1 + k) * s - k * s_bar)
    if_zero = _size_if_one(1 - y, -z, k) * ((1 + k) * s_bar - k * s)
    return _of_both_labels(if_zero, if_one, z)
