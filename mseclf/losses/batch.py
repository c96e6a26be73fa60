"""The losses of a batch, for the linear model z = X θ: mean over the m examples, gradient and Hessian in θ.

Conventions: X has shape (m, n), y has shape (m,), theta has shape (n,), or (n_runs, n) for many runs at once; then each
result has a first axis of length n_runs. The mean is over m, so gradients carry the factor 1/m.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from mseclf.arrays import Dtype, Float64Array, FloatArray, common_dtype, finite, probabilities, rounded
from mseclf.losses import binary

PerExample = Callable[[ArrayLike, ArrayLike], FloatArray]


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

    >>> float(mse_batch_loss([0.0], [[1.0], [2.0]], [0, 1]))
    0.125
    """
    return _value(binary.mse_loss, theta, X, y)


def mse_gradient_theta(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """Gradient in θ of the mean half squared error of a batch.

    Formula: ∇L = Xᵀ[(y_hat - y) ⊙ y_hat ⊙ (1 - y_hat)] / m.

    Shapes: theta (n,) or (n_runs, n), X (m, n), y (m,) to the shape of theta.

    Domain: finite theta and X, y in [0, 1].

    Raises:
        ValueError: y outside [0, 1], theta or X not finite, or shapes that do not match.

    >>> mse_gradient_theta([0.0], [[1.0], [2.0]], [0, 1]).tolist()
    [-0.0625]
    """
    return _gradient(binary.mse_gradient_logit, theta, X, y)


def mse_hessian_theta(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """Hessian in θ of the mean half squared error of a batch.

    Formula: ∇²L = Xᵀ D X / m, D diagonal with σ'[σ' + (y_hat - y)(1 - 2 y_hat)].

    Shapes: theta (n,) or (n_runs, n), X (m, n), y (m,) to (n, n) or (n_runs, n, n), exactly symmetric.

    Domain: finite theta and X, y in [0, 1].

    Raises:
        ValueError: y outside [0, 1], theta or X not finite, or shapes that do not match.

    >>> mse_hessian_theta([0.0], [[1.0], [2.0]], [0, 1]).tolist()
    [[0.15625]]
    """
    return _hessian(binary.mse_second_derivative_logit, theta, X, y)


def bce_batch_loss(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """Mean binary cross-entropy of a batch: the objective of logistic regression.

    Formula: L(θ) = 1/m Σ_i [log(1 + e^{z_i}) - y_i z_i], z_i = θᵀx_i.

    Shapes: theta (n,) or (n_runs, n), X (m, n), y (m,) to () or (n_runs,).

    Domain: finite theta and X, y in [0, 1].

    Raises:
        ValueError: y outside [0, 1], theta or X not finite, or shapes that do not match.

    >>> round(float(bce_batch_loss([0.0], [[1.0], [2.0]], [0, 1])), 6)
    0.693147
    """
    return _value(binary.bce_loss, theta, X, y)


def bce_gradient_theta(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """Gradient in θ of the mean binary cross-entropy of a batch.

    Formula: ∇L = Xᵀ(y_hat - y) / m.

    Shapes: theta (n,) or (n_runs, n), X (m, n), y (m,) to the shape of theta.

    Domain: finite theta and X, y in [0, 1].

    Raises:
        ValueError: y outside [0, 1], theta or X not finite, or shapes that do not match.

    >>> bce_gradient_theta([0.0], [[1.0], [2.0]], [0, 1]).tolist()
    [-0.25]
    """
    return _gradient(binary.bce_gradient_logit, theta, X, y)


def bce_hessian_theta(theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> FloatArray:
    """Hessian in θ of the mean binary cross-entropy of a batch: positive semidefinite.

    Formula: ∇²L = Xᵀ D X / m, D diagonal with y_hat (1 - y_hat).

    Shapes: theta (n,) or (n_runs, n), X (m, n), y (m,) to (n, n) or (n_runs, n, n), exactly symmetric.

    Domain: finite theta and X, y in [0, 1].

    Raises:
        ValueError: y outside [0, 1], theta or X not finite, or shapes that do not match.

    >>> bce_hessian_theta([0.0], [[1.0], [2.0]], [0, 1]).tolist()
    [[0.625]]
    """
    return _hessian(binary.bce_second_derivative_logit, theta, X, y)
