"""The two losses, `MSE` and `BCE`: value, gradient and second derivative in the logit, batch gradient and Hessian in θ.

Conventions for one example: y is the label, 0 or 1, or a soft label in [0, 1]; z is the logit, ±inf included;
y_hat = σ(z). "MSE" names the half squared error, as everywhere in this project. The rest is said in `mseclf.arrays`.

Derivatives are written as (1 - y)·[value for y = 0] + y·[value for y = 1], each bracket free of cancellation. With a
hard label (0 or 1) one bracket is left, and the error is a few ulp of the exact result. With a soft label brackets of
opposite sign cancel near a zero of the sum; there the error is a few ulp *of the sum of their magnitudes*. The mirror
image (1 - y, -z) gives the mirrored result bit for bit, if 1 - y is exact.

Conventions for a batch, with the linear model z = X θ: X has shape (m, n) and y shape (m,), for at least one example;
theta has shape (n,), or (n_runs, n) for many runs at once; then each result has a first axis of length n_runs. theta,
X and the logits are finite. The mean is over m, so gradients carry the factor 1/m.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from mseclf.arrays import Float64Array, FloatArray, Real, elementwise, evaluated, finite, logits, probabilities, times
from mseclf.links import sigmoid_pair

# log 2 in two parts: z + _LOG_2_HIGH is exact near z = -log 2, and _LOG_2_LOW is what that leaves out.
_LOG_2_HIGH = float(np.log(2.0))
_LOG_2_LOW = 2.3190468138462996e-17


def residual(y: Float64Array, s: Float64Array, s_bar: Float64Array) -> Float64Array:
    """y_hat - y = (1 - y) σ(z) - y σ(-z), from s = σ(z) and s_bar = σ(-z); never σ(z) - 1."""
    return (1 - y) * s - y * s_bar


@elementwise(y=probabilities, z=logits)
def mse_loss(y: Real, z: Real) -> Real:
    """Half squared error of the sigmoid of a logit (twice it is the squared error, or Brier score, of one example).

    Formula: L = ½ (σ(z) - y)².

    Accuracy: within 8 ulp (measured: 5.5), for a soft label of ½ [(1 - y) σ(z) + y σ(-z)]².

    Examples:
        >>> float(mse_loss(1, 0.0))
        0.125
    """
    r = residual(y, *sigmoid_pair(z))
    return 0.5 * r * r


@elementwise(y=probabilities, z=logits)
def mse_gradient_logit(y: Real, z: Real) -> Real:
    """First derivative of the half squared error in the logit.

    Formula: dL/dz = (y_hat - y) y_hat (1 - y_hat) with y_hat = σ(z).

    Accuracy: within 8 ulp (measured: 6.0), for a soft label of [(1 - y) σ(z) + y σ(-z)] σ'(z).

    Examples:
        >>> float(mse_gradient_logit(1, 0.0))
        -0.125
    """
    s, s_bar = sigmoid_pair(z)
    return residual(y, s, s_bar) * (s * s_bar)


@elementwise(y=probabilities, z=logits)
def mse_second_derivative_logit(y: Real, z: Real) -> Real:
    """Second derivative of the half squared error in the logit.

    Formula: d²L/dz² = σ' [σ' + (y_hat - y)(1 - 2 y_hat)]. With p the probability of the true class this is
    p (1 - p)² (3p - 1): its zero, at p = 1/3, is z = -log 2 for y = 1 and z = log 2 for y = 0.

    Accuracy: within 10 ulp (measured: 8.3), for a soft label of
    [(1 - y) σ(z) |2 - 3σ(z)| + y σ(-z) |3σ(z) - 1|] σ'(z).

    Examples:
        >>> float(mse_second_derivative_logit(1, 0.0))
        0.0625
    """
    s, s_bar = sigmoid_pair(z)
    if_one = s_bar * _three_p_minus_one(z, s, s_bar)
    if_zero = s * _three_p_minus_one(-z, s_bar, s)
    return ((1 - y) * if_zero + y * if_one) * (s * s_bar)


def _three_p_minus_one(z: Float64Array, p: Float64Array, p_bar: Float64Array) -> Float64Array:
    """3σ(z) - 1 without cancelling at its zero z = -log 2, from p = σ(z) and p_bar = σ(-z).

    With u = z + log 2 it is (2 - e^(-z)) σ(z) = -2 expm1(-u) σ(z), used for z ≥ 0, and expm1(u) σ(-z), used for z < 0.
    """
    u = (z + _LOG_2_HIGH) + _LOG_2_LOW
    return np.where(z >= 0, -2 * np.expm1(-np.maximum(u, 0)) * p, np.expm1(np.minimum(u, 1)) * p_bar)


@elementwise(y=probabilities, z=logits)
def bce_loss(y: Real, z: Real) -> Real:
    """Binary cross-entropy of a logit, also called log loss and, from the logit, logistic loss.

    Formula: L = -y log σ(z) - (1 - y) log σ(-z) = max(z, 0) - y z + log(1 + e^(-|z|)). The first two terms are |z|
    times the label's weight on the wrong side (1 - y for z > 0, else y): written so, they never cancel.

    Domain: inf where the label gives weight to a class of probability 0.

    Accuracy: within 3 ulp (measured: 1.7), for soft labels too.

    Examples:
        >>> float(bce_loss(1, -1000.0))
        1000.0
    """
    size = np.abs(z)
    wrong = np.where(z > 0, 1 - y, y)
    return times(wrong, size) + np.log1p(np.exp(-size))


@elementwise(y=probabilities, z=logits)
def bce_gradient_logit(y: Real, z: Real) -> Real:
    """First derivative of the binary cross-entropy in the logit: the residual.

    Formula: dL/dz = y_hat - y = (1 - y) σ(z) - y σ(-z).

    Accuracy: within 3 ulp (measured: 2.2), for a soft label of (1 - y) σ(z) + y σ(-z).

    Examples:
        >>> float(bce_gradient_logit(1, 0.0))
        -0.5
    """
    return residual(y, *sigmoid_pair(z))


@elementwise(y=probabilities, z=logits)
def bce_second_derivative_logit(y: Real, z: Real) -> Real:
    """Second derivative of the binary cross-entropy in the logit, the same for every label y.

    Formula: d²L/dz² = σ'(z) = y_hat (1 - y_hat).

    Accuracy: within 5 ulp (measured: 3.4), for soft labels too.

    Examples:
        >>> float(bce_second_derivative_logit(1, 0.0))
        0.25
    """
    s, s_bar = sigmoid_pair(z)
    return s * s_bar + 0 * y  # the label adds its shape and nothing else


def _batch(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Parameters, design matrix and labels that fit each other, as float64."""
    theta, X, y = finite(theta, "theta"), finite(X, "X"), probabilities(y, "y")
    if X.ndim != 2 or X.shape[0] == 0:
        raise ValueError(f"X must have shape (m, n) with m >= 1: got shape {X.shape}")
    if y.shape != X.shape[:1]:
        raise ValueError(f"y must have shape (m,), one label for each row of X: got shape {y.shape}, X has {X.shape}")
    if theta.ndim not in (1, 2) or theta.shape[-1] != X.shape[1]:
        raise ValueError(f"theta must have shape (n,) or (n_runs, n): got shape {theta.shape}, X has {X.shape}")
    return theta, X, y


def _logits(theta: Float64Array, X: Float64Array) -> Float64Array:
    """The logits X θ of shape (m,) or (n_runs, m)."""
    with np.errstate(over="ignore", invalid="ignore"):
        z = theta @ X.T
    return finite(z, "the logits X theta")


_of_batch = evaluated(("theta", "X", "y"), _batch)


@dataclass(frozen=True)
class Loss:
    """One binary loss with its derivatives: of one example as functions of (y, z), of a batch of (theta, X, y).

    Attributes:
        name: the key in `LOSSES`.
        title: what a figure or table calls it.
        loss: (y, z) to the loss of each example.
        gradient_logit: (y, z) to dL/dz of each example.
        second_derivative_logit: (y, z) to d²L/dz² of each example.

    Examples:
        >>> float(MSE.loss(1, 0.0)), float(BCE.gradient_logit(1, 0.0))
        (0.125, -0.5)
    """

    name: str
    title: str
    loss: Callable[[ArrayLike, ArrayLike], FloatArray]
    gradient_logit: Callable[[ArrayLike, ArrayLike], FloatArray]
    second_derivative_logit: Callable[[ArrayLike, ArrayLike], FloatArray]

    @_of_batch
    def batch_loss(self, theta: Real, X: Real, y: Real) -> Real:
        """Mean loss of a batch (X, y) at the parameters theta.

        Formula: L(θ) = 1/m Σ_i L(y_i, z_i), z = X θ.

        Examples:
            >>> float(MSE.batch_loss([0.0], [[1.0], [2.0]], [0, 1]))
            0.125
        """
        return np.mean(self.loss(y, _logits(theta, X)), axis=-1)

    @_of_batch
    def gradient_theta(self, theta: Real, X: Real, y: Real) -> Real:
        """Gradient in theta of the mean loss of a batch (X, y), in the shape of theta.

        Formula: ∇L = Xᵀ g / m with g_i = dL/dz at (y_i, z_i): Xᵀ[(y_hat - y) ⊙ y_hat ⊙ (1 - y_hat)] / m for the MSE,
        Xᵀ(y_hat - y) / m for the BCE.

        Examples:
            >>> MSE.gradient_theta([0.0], [[1.0], [2.0]], [0, 1]).tolist()
            [-0.0625]
        """
        return self.gradient_logit(y, _logits(theta, X)) @ X / len(X)

    @_of_batch
    def hessian_theta(self, theta: Real, X: Real, y: Real) -> Real:
        """Hessian in theta of the mean loss of a batch (X, y), exactly symmetric; positive semidefinite for the BCE.

        Formula: ∇²L = Xᵀ D X / m, D diagonal with d²L/dz² at (y_i, z_i): σ'[σ' + (y_hat - y)(1 - 2 y_hat)] for the MSE,
        y_hat (1 - y_hat) for the BCE.

        Examples:
            >>> MSE.hessian_theta([0.0], [[1.0], [2.0]], [0, 1]).tolist()
            [[0.15625]]
        """
        d = self.second_derivative_logit(y, _logits(theta, X))
        hessian = (X.T * d[..., np.newaxis, :]) @ X / len(X)
        # The product sums in an order that may differ between (j, k) and (k, j); the Hessian is symmetric.
        return (hessian + np.swapaxes(hessian, -1, -2)) / 2


MSE = Loss("mse", "Half squared error", mse_loss, mse_gradient_logit, mse_second_derivative_logit)
"""The half squared error. (`mseclf.plots.MSE` is its colour.)"""
BCE = Loss("bce", "Binary cross-entropy", bce_loss, bce_gradient_logit, bce_second_derivative_logit)
"""The binary cross-entropy; over a batch, the objective of logistic regression. (`mseclf.plots.BCE` is its colour.)"""

LOSSES: Mapping[str, Loss] = MappingProxyType({loss.name: loss for loss in (MSE, BCE)})
"""Both losses by their names."""

mse_batch_loss = MSE.batch_loss
mse_gradient_theta = MSE.gradient_theta
mse_hessian_theta = MSE.hessian_theta
bce_batch_loss = BCE.batch_loss
bce_gradient_theta = BCE.gradient_theta
bce_hessian_theta = BCE.hessian_theta
