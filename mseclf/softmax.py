"""The losses of one example with K classes: squared error and cross-entropy of a softmax.

Conventions: y and z have shape (..., K) and broadcast; y is one-hot, or a distribution over the classes (soft); z
holds the logits; p = softmax(z), and p_k is the probability of class k. One logit may be inf (it takes all); two, or
only -inf, have no limit and are refused. The rest is said in `mseclf.arrays`. A sum over the other classes is summed
as such, never as 1 minus something, so confident predictions do not cancel.

`mseclf.softmax` is the function; this module is reached by `from mseclf.softmax import ...`.
"""

import numpy as np
from numpy.typing import ArrayLike

from mseclf.arrays import (
    Float64Array,
    Real,
    check_broadcast,
    common_dtype,
    evaluated,
    logits,
    probabilities,
    refuse,
    times,
)


def _class_logits(z: ArrayLike) -> Float64Array:
    """Logits with a last axis of at least one class."""
    z = logits(z, "z")
    if z.ndim == 0 or z.shape[-1] == 0:
        raise ValueError(f"z must have a last axis with at least one class: got shape {z.shape}")
    return z


def _label_and_logits(y: ArrayLike, z: ArrayLike) -> tuple[Float64Array, Float64Array]:
    """A distribution over the classes and logits of as many."""
    eps = float(np.finfo(common_dtype(y=y)).eps)  # a soft label is as exact as the dtype it was given in
    y, z = probabilities(y, "y"), _class_logits(z)
    if y.shape[-1:] != z.shape[-1:]:
        raise ValueError(f"y must have as many classes as z in its last axis: got shapes {y.shape} and {z.shape}")
    check_broadcast(y=y, z=z)
    total = np.sum(y, axis=-1)
    refuse(np.abs(total - 1) > y.shape[-1] * eps, "y", "sum to 1 over its last axis", np.asarray(total))
    return y, z


_of_classes = evaluated(("y", "z"), _label_and_logits)


def _shifted(z: Float64Array) -> tuple[Float64Array, Float64Array]:
    """The differences z - max z, and their exponentials, along the last axis."""
    largest = np.max(z, axis=-1, keepdims=True)
    at_top = z == largest
    ties = np.isinf(largest) & (np.sum(at_top, axis=-1, keepdims=True) > 1)
    refuse(ties, "z", "not hold its maximum twice when that is infinite, as softmax has no limit there", largest)
    with np.errstate(invalid="ignore", over="ignore"):  # inf - inf, replaced by 0; a distance beyond float64 is inf
        shifted = np.where(at_top, 0.0, z - largest)
    return shifted, np.exp(shifted)


def _softmax(z: Float64Array) -> Real:
    """The softmax inside a formula."""
    _, e = _shifted(z)
    return e / np.sum(e, axis=-1, keepdims=True)


@evaluated(["z"], lambda z: [_class_logits(z)])
def softmax(z: Real) -> Real:
    """The softmax over the last axis: the probabilities that belong to K logits.

    Formula: p_k = e^(z_k) / Σ_j e^(z_j), evaluated with z - max z.

    Accuracy: within D + 2K + 8 ulp, D the distance of the largest from the smallest logit: z - max z is rounded.

    Examples:
        >>> softmax([0.0, 0.0]).tolist()
        [0.5, 0.5]
    """
    return _softmax(z)


def _sum_over_others(values: Float64Array) -> Float64Array:
    """For each class the sum over all the others."""
    return values @ (1 - np.eye(values.shape[-1]))


def _residual(y: Float64Array, p: Float64Array) -> Float64Array:
    """The residual p - y, as (1 - y_k) p_k - y_k Σ_{j≠k} p_j."""
    return (1 - y) * p - y * _sum_over_others(p)


@_of_classes
def softmax_mse_loss(y: Real, z: Real) -> Real:
    """Half squared error of the softmax of z for the label y; of two classes, twice the binary one of z_1 - z_0.

    Formula: L = ½ Σ_k (p_k - y_k)².

    Accuracy: within 2 (D + 2K + 8) ulp, for a soft label of ½ Σ_k [(1 - y_k) p_k + y_k (1 - p_k)]².

    Examples:
        >>> float(softmax_mse_loss([1, 0], [0.0, 0.0]))
        0.25
    """
    return 0.5 * np.sum(_residual(y, _softmax(z)) ** 2, axis=-1)


@_of_classes
def softmax_mse_gradient_logit(y: Real, z: Real) -> Real:
    """Gradient in the logits z of the half squared error of their softmax, for the label y.

    Formula: ∇L = J (p - y), J = diag(p) - p pᵀ; entry k is p_k Σ_{j≠k} p_j (r_k - r_j) with r = p - y.
    At uniform p it is 1/K of the gradient of the cross-entropy.

    Accuracy: within 2 (D + 2K + 8) ulp of the sum of the magnitudes of the terms of each entry.

    Examples:
        >>> softmax_mse_gradient_logit([1, 0], [0.0, 0.0]).tolist()
        [-0.25, 0.25]
    """
    p = _softmax(z)
    r = _residual(y, p)
    return p * (r * _sum_over_others(p) - _sum_over_others(p * r))


@_of_classes
def softmax_ce_loss(y: Real, z: Real) -> Real:
    """Cross-entropy of the softmax of z for the label y.

    Formula: L = -Σ_k y_k log p_k, with -log p_k = (max z - z_k) + log Σ_j e^(z_j - max z): neither term is negative.

    Domain: inf where the label gives weight to a class of probability 0.

    Accuracy: within D + 2K + 8 ulp, for soft labels too.

    Examples:
        >>> round(float(softmax_ce_loss([1, 0], [0.0, 0.0])), 6)
        0.693147
    """
    shifted, e = _shifted(z)
    np.put_along_axis(e, np.argmax(z, axis=-1, keepdims=True), 0.0, axis=-1)  # the largest term is 1: left to log1p
    log_sum = np.log1p(np.sum(e, axis=-1, keepdims=True))
    return np.sum(times(y, log_sum - shifted), axis=-1)


@_of_classes
def softmax_ce_gradient_logit(y: Real, z: Real) -> Real:
    """Gradient in the logits z of the cross-entropy of their softmax, for the label y: the residual.

    Formula: ∇L = p - y.

    Accuracy: within D + 2K + 8 ulp, for a soft label of (1 - y_k) p_k + y_k (1 - p_k).

    Examples:
        >>> softmax_ce_gradient_logit([1, 0], [0.0, 0.0]).tolist()
        [-0.5, 0.5]
    """
    return _residual(y, _softmax(z))
