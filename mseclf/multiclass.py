"""The losses of one example with K classes: squared error and cross-entropy of a softmax.

Conventions: y and z have shape (..., K) and broadcast; y is one-hot, or a distribution over the classes (soft); z
holds the logits; p = softmax(z). Results keep the dtype (see `mseclf.arrays`). A sum over the other classes is summed
as such, never as 1 minus something, so confident predictions do not cancel.
"""

import numpy as np
from numpy.typing import ArrayLike

from mseclf.arrays import (
    Dtype,
    Float64Array,
    FloatArray,
    as_float64,
    check_broadcast,
    common_dtype,
    probabilities,
    refuse,
    rounded,
    times,
)
from mseclf.links import class_logits, softmax_shifted


def _check(y: ArrayLike, z: ArrayLike) -> tuple[Float64Array, Float64Array, Dtype]:
    """Checked float64 y and z, and the dtype of the result."""
    dtype = common_dtype(y=y, z=z)
    eps = float(np.finfo(common_dtype(y=y)).eps)  # a soft label is as exact as the dtype it was given in
    y, z = probabilities(y), class_logits(z)
    if y.shape[-1:] != z.shape[-1:]:
        raise ValueError(f"y must have as many classes as z in its last axis: got shapes {y.shape} and {z.shape}")
    check_broadcast(y=y, z=z)
    total = np.sum(y, axis=-1)
    refuse(np.abs(total - 1) > y.shape[-1] * eps, "y", "sum to 1 over its last axis", as_float64(total))
    return y, z, dtype


def _probabilities(z: Float64Array) -> Float64Array:
    _, e = softmax_shifted(z)
    p: Float64Array = e / np.sum(e, axis=-1, keepdims=True)
    return p


def _sum_over_others(values: Float64Array) -> Float64Array:
    """For each class the sum over all the others."""
    n_classes = values.shape[-1]
    return values @ (1 - np.eye(n_classes))


def _residual(y: Float64Array, p: Float64Array) -> Float64Array:
    """The residual p - y, as (1 - y_k) p_k - y_k Σ_{j≠k} p_j."""
    return (1 - y) * p - y * _sum_over_others(p)


@np.errstate(under="ignore")
def softmax_mse_loss(y: ArrayLike, z: ArrayLike) -> FloatArray:
    """Half squared error of a softmax. With two classes it is twice the binary half squared error of z_1 - z_0.

    Formula: L = ½ Σ_k (p_k - y_k)².

    Shapes: y and z (..., K) to (...).

    Domain: y in [0, 1] with sum 1, every z.

    Accuracy: within 2 (D + 2K + 8) ulp, D as for `softmax`, for a soft label of ½ Σ_k [(1 - y_k) p_k + y_k (1 - p_k)]².

    Raises:
        ValueError: y outside [0, 1] or not summing to 1, NaN, or shapes that do not match.

    Examples:
        >>> float(softmax_mse_loss([1, 0], [0.0, 0.0]))
        0.25
    """
    y, z, dtype = _check(y, z)
    return rounded(0.5 * np.sum(_residual(y, _probabilities(z)) ** 2, axis=-1), dtype)


@np.errstate(under="ignore")
def softmax_mse_gradient_logit(y: ArrayLike, z: ArrayLike) -> FloatArray:
    """Gradient in the logits of the half squared error of a softmax.

    Formula: ∇L = J (p - y), J = diag(p) - p pᵀ; entry k is p_k Σ_{j≠k} p_j (r_k - r_j) with r = p - y.
    At uniform p it is 1/K of the gradient of the cross-entropy.

    Shapes: y and z (..., K) to (..., K).

    Domain: y in [0, 1] with sum 1, every z.

    Accuracy: within 2 (D + 2K + 8) ulp of the sum of the magnitudes of the terms of each entry, D as for `softmax`.

    Raises:
        ValueError: y outside [0, 1] or not summing to 1, NaN, or shapes that do not match.

    Examples:
        >>> softmax_mse_gradient_logit([1, 0], [0.0, 0.0]).tolist()
        [-0.25, 0.25]
    """
    y, z, dtype = _check(y, z)
    p = _probabilities(z)
    r = _residual(y, p)
    return rounded(p * (r * _sum_over_others(p) - _sum_over_others(p * r)), dtype)


@np.errstate(under="ignore")
def softmax_ce_loss(y: ArrayLike, z: ArrayLike) -> FloatArray:
    """Cross-entropy of a softmax.

    Formula: L = -Σ_k y_k log p_k, with -log p_k = (max z - z_k) + log Σ_j e^{z_j - max z}: neither term is negative.

    Shapes: y and z (..., K) to (...).

    Domain: y in [0, 1] with sum 1, every z; inf where the label gives weight to a class of probability 0.

    Accuracy: within D + 2K + 8 ulp, D as for `softmax`, for soft labels too.

    Raises:
        ValueError: y outside [0, 1] or not summing to 1, NaN, or shapes that do not match.

    Examples:
        >>> round(float(softmax_ce_loss([1, 0], [0.0, 0.0])), 6)
        0.693147
    """
    y, z, dtype = _check(y, z)
    shifted, e = softmax_shifted(z)
    np.put_along_axis(e, np.argmax(z, axis=-1, keepdims=True), 0.0, axis=-1)  # the largest term is 1: left to log1p
    log_sum = np.log1p(np.sum(e, axis=-1, keepdims=True))
    return rounded(np.sum(times(y, log_sum - shifted), axis=-1), dtype)


@np.errstate(under="ignore")
def softmax_ce_gradient_logit(y: ArrayLike, z: ArrayLike) -> FloatArray:
    """Gradient in the logits of the cross-entropy of a softmax: the residual.

    Formula: ∇L = p - y.

    Shapes: y and z (..., K) to (..., K).

    Domain: y in [0, 1] with sum 1, every z.

    Accuracy: within D + 2K + 8 ulp, D as for `softmax`, for a soft label of (1 - y_k) p_k + y_k (1 - p_k).

    Raises:
        ValueError: y outside [0, 1] or not summing to 1, NaN, or shapes that do not match.

    Examples:
        >>> softmax_ce_gradient_logit([1, 0], [0.0, 0.0]).tolist()
        [-0.5, 0.5]
    """
    y, z, dtype = _check(y, z)
    return rounded(_residual(y, _probabilities(z)), dtype)
