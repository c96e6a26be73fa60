"""The two losses: value, gradient and second derivative in the logit, batch gradient and Hessian in θ, and `LOSSES`.

Conventions for one example: y is the label, 0 or 1, or a soft label in [0, 1]; z is the logit, ±inf included;
y_hat = σ(z). Arguments broadcast, results keep the dtype (see `mseclf.arrays`). "MSE" names the half squared error, as
everywhere in this project.

Derivatives are written as (1 - y)·[value for y = 0] + y·[value for y = 1], each bracket free of cancellation. With a
hard label (0 or 1) one bracket is left, and the error is a few ulp of the exact result. With a soft label brackets of
opposite sign cancel near a zero of the sum; there the error is a few ulp *of the sum of their magnitudes*. The mirror
image (1 - y, -z) gives the mirrored result bit for bit, if 1 - y is exact.

Conventions for a batch, with the linear model z = X θ: X has shape (m, n), y has shape (m,), theta has shape (n,), or
(n_runs, n) for many runs at once; then each result has a first axis of length n_runs. The mean is over m, so gradients
carry the factor 1/m.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from mseclf.arrays import (
    Dtype,
    Float64Array,
    FloatArray,
    check_broadcast,
    common_dtype,
    finite,
    logits,
    probabilities,
    rounded,
    times,
)
from mseclf.links import sigmoid_pair

PerExample = Callable[[ArrayLike, ArrayLike], FloatArray]
OfBatch = Callable[[ArrayLike, ArrayLike, ArrayLike], FloatArray]

# log 2 in two parts: z + _LOG_2_HIGH is exact near z = -log 2, and _LOG_2_LOW is what that leaves out.
_LOG_2_HIGH = float(np.log(2.0))
_LOG_2_LOW = 2.3190468138462996e-17


def label_and_logit(y: ArrayLike, z: ArrayLike) -> tuple[Float64Array, Float64Array, Dtype]:
    """Checked float64 y and z, and the dtype of the result."""
    dtype = common_dtype(y=y, z=z)
    y, z = probabilities(y), logits(z)
    check_broadcast(y=y, z=z)
    return y, z, dtype


def residual(y: Float64Array, s: Float64Array, s_bar: Float64Array) -> Float64Array:
    """y_hat - y = (1 - y) σ(z) - y σ(-z), from s = σ(z) and s_bar = σ(-z); never σ(z) - 1."""
    return (1 - y) * s - y * s_bar


@np.errstate(under="ignore")
def mse_loss(y: ArrayLike, z: ArrayLike) -> FloatArray:
    """Half squared error of the sigmoid of a logit (twice it is the squared error, or Brier score, of one example).

    Formula: L = ½ (σ(z) - y)².

    Shapes: y and z broadcast.

    Domain: y in [0, 1], every z.

    Accuracy: within 8 ulp (measured: 5.5), for a soft label of ½ [(1 - y) σ(z) + y σ(-z)]².

    Raises:
        ValueError: y outside [0, 1], NaN, or shapes that do not broadcast.

    Examples:
        >>> float(mse_loss(1, 0.0))
        0.125
    """
    y, z, dtype = label_and_logit(y, z)
    r = residual(y, *sigmoid_pair(z))
    return rounded(0.5 * r * r, dtype)


@np.errstate(under="ignore")
def mse_gradient_logit(y: ArrayLike, z: ArrayLike) -> FloatArray:
    """First derivative of the half squared error in the logit.

    Formula: dL/dz = (y_hat - y) y_hat (1 - y_hat).

    Shapes: y and z broadcast.

    Domain: y in [0, 1], every z; 0 at ±inf.

    Accuracy: within 8 ulp (measured: 6.0), for a soft label of [(1 - y) σ(z) + y σ(-z)] σ'(z).

    Raises:
        ValueError: y outside [0, 1], NaN, or shapes that do not broadcast.

    Examples:
        >>> float(mse_gradient_logit(1, 0.0))
        -0.125
    """
    y, z, dtype = label_and_logit(y, z)
    s, s_bar = sigmoid_pair(z)
    return rounded(residual(y, s, s_bar) * (s * s_bar), dtype)


@np.errstate(under="ignore")
def mse_second_derivative_logit(y: ArrayLike, z: ArrayLike) -> FloatArray:
    """Second derivative of the half squared error in the logit.

    Formula: d²L/dz² = σ' [σ' + (y_hat - y)(1 - 2 y_hat)]. With p the probability of the true class this is
    p (1 - p)² (3p - 1): its zero, at p = 1/3, is z = -log 2 for y = 1 and z = log 2 for y = 0.

    Shapes: y and z broadcast.

    Domain: y in [0, 1], every z; 0 at ±inf.

    Accuracy: within 10 ulp (measured: 8.3), for a soft label of
    [(1 - y) σ(z) |2 - 3σ(z)| + y σ(-z) |3σ(z) - 1|] σ'(z).

    Raises:
        ValueError: y outside [0, 1], NaN, or shapes that do not broadcast.

    Examples:
        >>> float(mse_second_derivative_logit(1, 0.0))
        0.0625
    """
    y, z, dtype = label_and_logit(y, z)
    s, s_bar = sigmoid_pair(z)
    if_one = s_bar * _three_p_minus_one(z, s, s_bar)
    if_zero = s * _three_p_minus_one(-z, s_bar, s)
    return rounded(((1 - y) * if_zero + y * if_one) * (s * s_bar), dtype)


def _three_p_minus_one(z: Float64Array, p: Float64Array, p_bar: Float64Array) -> Float64Array:
    """3σ(z) - 1 without cancelling at its zero z = -log 2, from p = σ(z) and p_bar = σ(-z).

    With u = z + log 2 it is (2 - e^{-z}) σ(z) = -2 expm1(-u) σ(z), used for z ≥ 0, and expm1(u) σ(-z), used for z < 0.
    """
    u = (z + _LOG_2_HIGH) + _LOG_2_LOW
    return np.where(z >= 0, -2 * np.expm1(-np.maximum(u, 0)) * p, np.expm1(np.minimum(u, 1)) * p_bar)


@np.errstate(under="ignore")
def bce_loss(y: ArrayLike, z: ArrayLike) -> FloatArray:
    """Binary cross-entropy of a logit, also called log loss and, from the logit, logistic loss.

    Formula: L = -y log σ(z) - (1 - y) log σ(-z) = max(z, 0) - y z + log(1 + e^{-|z|}). The first two terms are |z|
    times the label's weight on the wrong side (1 - y for z > 0, else y): written so, they never cancel.

    Shapes: y and z broadcast.

    Domain: y in [0, 1], every z; inf where the label gives weight to a class of probability 0.

    Accuracy: within 3 ulp (measured: 1.7), for soft labels too.

    Raises:
        ValueError: y outside [0, 1], NaN, or shapes that do not broadcast.

    Examples:
        >>> float(bce_loss(1, -1000.0))
        1000.0
    """
    y, z, dtype = label_and_logit(y, z)
    size = np.abs(z)
    wrong = np.where(z > 0, 1 - y, y)
    return rounded(times(wrong, size) + np.log1p(np.exp(-size)), dtype)


@np.errstate(under="ignore")
def bce_gradient_logit(y: ArrayLike, z: ArrayLike) -> FloatArray:
    """First derivative of the binary cross-entropy in the logit: the residual.

    Formula: dL/dz = y_hat - y = (1 - y) σ(z) - y σ(-z).

    Shapes: y and z broadcast.

    Domain: y in [0, 1], every z; -y at -inf, 1 - y at inf.

    Accuracy: within 3 ulp (measured: 2.2), for a soft label of (1 - y) σ(z) + y σ(-z).

    Raises:
        ValueError: y outside [0, 1], NaN, or shapes that do not broadcast.

    Examples:
        >>> float(bce_gradient_logit(1, 0.0))
        -0.5
    """
    y, z, dtype = label_and_logit(y, z)
    return rounded(residual(y, *sigmoid_pair(z)), dtype)


@np.errstate(under="ignore")
def bce_second_derivative_logit(y: ArrayLike, z: ArrayLike) -> FloatArray:
    """Second derivative of the binary cross-entropy in the logit, the same for every label.

    Formula: d²L/dz² = σ'(z) = y_hat (1 - y_hat).

    Shapes: y and z broadcast.

    Domain: y in [0, 1], every z; 0 at ±inf.

    Accuracy: within 5 ulp (measured: 3.4), for soft labels too.

    Raises:
        ValueError: y outside [0, 1], NaN, or shapes that do not broadcast.

    Examples:
        >>> float(bce_second_derivative_logit(1, 0.0))
        0.25
    """
    y, z, dtype = label_and_logit(y, z)
    s, s_bar = sigmoid_pair(z)
    return rounded(s * s_bar + np.zeros_like(y), dtype)  # the label adds its shape and nothing else


def _check(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> tuple[Float64Array, Float64Array, Float64Array, Dtype]:
    """Checked float64 X, y and logits X θ of shape (m,) or (n_runs, m), and the dtype of the result."""
    dtype = common_dtype(theta=theta, X=X, y=y)
    theta, X, y = finite(theta, "theta"), finite(X, "X"), probabilities(y)
    if X.ndim != 2 or X.shape[0] == 0:
        raise ValueError(f"X must have shape (m, n) with m >= 1: got shape {X.shape}")
    if y.shape != X.shape[:1]:
        raise ValueError(f"y must have shape (m,), one label for each row of X: got shape {y.shape}, X has {X.shape}")
    if theta.ndim not in (1, 2) or theta.shape[-1] != X.shape[1]:
        raise ValueError(f"theta must have shape (n,) or (n_runs, n): got shape {theta.shape}, X has {X.shape}")
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        z = theta @ X.T
    return X, y, finite(z, "the logits X theta"), dtype


@np.errstate(under="ignore")
def _value(loss: PerExample, theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    X, y, z, dtype = _check(theta, X, y)
    return rounded(np.mean(loss(y, z), axis=-1), dtype)


@np.errstate(under="ignore")
def _gradient(gradient_logit: PerExample, theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    X, y, z, dtype = _check(theta, X, y)
    return rounded(gradient_logit(y, z) @ X / len(X), dtype)


@np.errstate(under="ignore")
def _hessian(second_derivative_logit: PerExample, theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    X, y, z, dtype = _check(theta, X, y)
    d = second_derivative_logit(y, z)
    hessian = (X.T * d[..., np.newaxis, :]) @ X / len(X)
    # The product sums in an order that may differ between (j, k) and (k, j); the Hessian is symmetric.
    return rounded((hessian + np.swapaxes(hessian, -1, -2)) / 2, dtype)


def mse_batch_loss(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """Mean half squared error of a batch.

    Formula: L(θ) = 1/(2m) Σ_i (σ(θᵀx_i) - y_i)².

    Shapes: theta (n,) or (n_runs, n), X (m, n), y (m,) to () or (n_runs,).

    Domain: finite theta and X, y in [0, 1].

    Raises:
        ValueError: y outside [0, 1], theta or X not finite, or shapes that do not match.

    Examples:
        >>> float(mse_batch_loss([0.0], [[1.0], [2.0]], [0, 1]))
        0.125
    """
    return _value(mse_loss, theta, X, y)


def mse_gradient_theta(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """Gradient in θ of the mean half squared error of a batch.

    Formula: ∇L = Xᵀ[(y_hat - y) ⊙ y_hat ⊙ (1 - y_hat)] / m.

    Shapes: theta (n,) or (n_runs, n), X (m, n), y (m,) to the shape of theta.

    Domain: finite theta and X, y in [0, 1].

    Raises:
        ValueError: y outside [0, 1], theta or X not finite, or shapes that do not match.

    Examples:
        >>> mse_gradient_theta([0.0], [[1.0], [2.0]], [0, 1]).tolist()
        [-0.0625]
    """
    return _gradient(mse_gradient_logit, theta, X, y)


def mse_hessian_theta(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """Hessian in θ of the mean half squared error of a batch.

    Formula: ∇²L = Xᵀ D X / m, D diagonal with σ'[σ' + (y_hat - y)(1 - 2 y_hat)].

    Shapes: theta (n,) or (n_runs, n), X (m, n), y (m,) to (n, n) or (n_runs, n, n), exactly symmetric.

    Domain: finite theta and X, y in [0, 1].

    Raises:
        ValueError: y outside [0, 1], theta or X not finite, or shapes that do not match.

    Examples:
        >>> mse_hessian_theta([0.0], [[1.0], [2.0]], [0, 1]).tolist()
        [[0.15625]]
    """
    return _hessian(mse_second_derivative_logit, theta, X, y)


def bce_batch_loss(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """Mean binary cross-entropy of a batch: the objective of logistic regression.

    Formula: L(θ) = 1/m Σ_i [log(1 + e^{z_i}) - y_i z_i], z_i = θᵀx_i.

    Shapes: theta (n,) or (n_runs, n), X (m, n), y (m,) to () or (n_runs,).

    Domain: finite theta and X, y in [0, 1].

    Raises:
        ValueError: y outside [0, 1], theta or X not finite, or shapes that do not match.

    Examples:
        >>> round(float(bce_batch_loss([0.0], [[1.0], [2.0]], [0, 1])), 6)
        0.693147
    """
    return _value(bce_loss, theta, X, y)


def bce_gradient_theta(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """Gradient in θ of the mean binary cross-entropy of a batch.

    Formula: ∇L = Xᵀ(y_hat - y) / m.

    Shapes: theta (n,) or (n_runs, n), X (m, n), y (m,) to the shape of theta.

    Domain: finite theta and X, y in [0, 1].

    Raises:
        ValueError: y outside [0, 1], theta or X not finite, or shapes that do not match.

    Examples:
        >>> bce_gradient_theta([0.0], [[1.0], [2.0]], [0, 1]).tolist()
        [-0.25]
    """
    return _gradient(bce_gradient_logit, theta, X, y)


def bce_hessian_theta(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """Hessian in θ of the mean binary cross-entropy of a batch: positive semidefinite.

    Formula: ∇²L = Xᵀ D X / m, D diagonal with y_hat (1 - y_hat).

    Shapes: theta (n,) or (n_runs, n), X (m, n), y (m,) to (n, n) or (n_runs, n, n), exactly symmetric.

    Domain: finite theta and X, y in [0, 1].

    Raises:
        ValueError: y outside [0, 1], theta or X not finite, or shapes that do not match.

    Examples:
        >>> bce_hessian_theta([0.0], [[1.0], [2.0]], [0, 1]).tolist()
        [[0.625]]
    """
    return _hessian(bce_second_derivative_logit, theta, X, y)


@dataclass(frozen=True)
class Loss:
    """One binary loss with its derivatives.

    Attributes:
        name: the key in `LOSSES`.
        title: what a figure or table calls it.
        value: (y, z) to the loss of each example.
        gradient_logit: (y, z) to dL/dz of each example.
        second_derivative_logit: (y, z) to d²L/dz² of each example.
        batch_value: (theta, X, y) to the mean over the batch.
        gradient_theta: (theta, X, y) to the gradient of that mean.
        hessian_theta: (theta, X, y) to its Hessian.
    """

    name: str
    title: str
    value: PerExample
    gradient_logit: PerExample
    second_derivative_logit: PerExample
    batch_value: OfBatch
    gradient_theta: OfBatch
    hessian_theta: OfBatch


_MSE = Loss(
    name="mse",
    title="Half squared error",
    value=mse_loss,
    gradient_logit=mse_gradient_logit,
    second_derivative_logit=mse_second_derivative_logit,
    batch_value=mse_batch_loss,
    gradient_theta=mse_gradient_theta,
    hessian_theta=mse_hessian_theta,
)

_BCE = Loss(
    name="bce",
    title="Binary cross-entropy",
    value=bce_loss,
    gradient_logit=bce_gradient_logit,
    second_derivative_logit=bce_second_derivative_logit,
    batch_value=bce_batch_loss,
    gradient_theta=bce_gradient_theta,
    hessian_theta=bce_hessian_theta,
)

LOSSES: Mapping[str, Loss] = MappingProxyType({loss.name: loss for loss in (_MSE, _BCE)})
