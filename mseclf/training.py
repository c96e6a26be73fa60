"""Training: gradient descent and Adam over many runs at once.

Conventions: parameters have shape (n_runs, n_features), one row for each run; the runs do not influence each other.
theta_0 may have shape (n_features,) for one run, learning_rate is one number or has shape (n_runs,), and gradient
returns the shape of its argument. The update is computed in float64 and rounded to the dtype of theta_0 after each
step. Recorded are step 0, each multiple of record_every, and the last step.

Arguments outside their domain raise `ValueError`. A run that leaves the finite numbers ends the training with a
`FloatingPointError` that names step and run: a trajectory holds finite numbers only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mseclf.arrays import Float64Array, FloatArray, as_float64, common_dtype, finite, refuse, rounded

Gradient: TypeAlias = Callable[[FloatArray], FloatArray]
"""The gradient of each run: parameters of shape (n_runs, n_features) to an array of the same shape."""

_Update: TypeAlias = Callable[[int, Float64Array], Float64Array]
"""What to take from theta at a step (counted from 1), given the gradient there."""


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The parameters of all runs at the recorded steps, read-only.

    Attributes:
        steps: shape (n_recorded,), integers; starts with 0 and ends with the last step.
        theta: shape (n_recorded, n_runs, n_features), in the dtype of theta_0.
    """

    steps: NDArray[np.int64]
    theta: FloatArray

    def __post_init__(self) -> None:
        """Make both arrays read-only: a stage hands on facts, not a place to write."""
        self.steps.setflags(write=False)
        self.theta.setflags(write=False)


def gradient_descent(
    gradient: Gradient, theta_0: ArrayLike, learning_rate: ArrayLike, n_steps: int, record_every: int = 1
) -> Trajectory:
    """Gradient descent, vectorised over runs.

    Formula: θ ← θ - η ∇L(θ).

    Domain: theta_0 finite, learning_rate > 0 and finite, n_steps ≥ 0, record_every ≥ 1, any gradient.

    Examples:
        >>> path = gradient_descent(lambda theta: theta, [[1.0]], learning_rate=0.5, n_steps=2)
        >>> path.steps.tolist(), path.theta[:, 0, 0].tolist()
        ([0, 1, 2], [1.0, 0.5, 0.25])
    """
    theta = _start(theta_0)
    rate = _rates(learning_rate, len(theta))
    return _follow(gradient, theta, lambda _, g: rate * g, n_steps, record_every)


def adam(
    gradient: Gradient,
    theta_0: ArrayLike,
    learning_rate: ArrayLike,
    n_steps: int,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    eps: float = 1e-8,
    record_every: int = 1,
) -> Trajectory:
    """Adam with bias correction, vectorised over runs.

    Formula: with g the gradient at step t ≥ 1, m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²,
    θ ← θ - η [m / (1 - β₁ᵗ)] / (√[v / (1 - β₂ᵗ)] + ε).

    Domain: as for `gradient_descent` (gradient, theta_0, learning_rate, n_steps, record_every); beta_1 and beta_2 in
    [0, 1), eps > 0 and finite.

    Source: Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015, arXiv 1412.6980.

    Examples:
        >>> path = adam(lambda theta: theta, [[1.0]], learning_rate=0.1, n_steps=1)
        >>> round(float(path.theta[-1, 0, 0]), 6)
        0.9
    """
    theta = _start(theta_0)
    rate = _rates(learning_rate, len(theta))
    for name, beta in (("beta_1", beta_1), ("beta_2", beta_2)):
        if not 0 <= beta < 1:
            raise ValueError(f"{name} must be in [0, 1): got {beta}")
    if not 0 < eps < np.inf:
        raise ValueError(f"eps must be > 0 and finite: got {eps}")
    m, v = np.zeros(theta.shape), np.zeros(theta.shape)

    def update(step: int, g: Float64Array) -> Float64Array:
        nonlocal m, v
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        return rate * (m / (1 - beta_1**step)) / (np.sqrt(v / (1 - beta_2**step)) + eps)

    return _follow(gradient, theta, update, n_steps, record_every)


def _start(theta_0: ArrayLike) -> FloatArray:
    dtype = common_dtype(theta_0=theta_0)
    theta = finite(theta_0, "theta_0")
    if theta.ndim not in (1, 2):
        raise ValueError(f"theta_0 must have shape (n_runs, n_features) or (n_features,): got shape {theta.shape}")
    return rounded(np.atleast_2d(theta), dtype)


def _rates(learning_rate: ArrayLike, n_runs: int) -> Float64Array:
    """The learning rates as (n_runs, 1) or (), to multiply parameters."""
    rate = as_float64(learning_rate)
    refuse(~((rate > 0) & (rate < np.inf)), "learning_rate", "be > 0 and finite", rate)
    if rate.shape not in ((), (n_runs,)):
        raise ValueError(f"learning_rate must be one number or have shape (n_runs,) = ({n_runs},): got {rate.shape}")
    return rate if rate.ndim == 0 else rate[:, np.newaxis]


def _count(value: int, name: str, at_least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < at_least:
        raise ValueError(f"{name} must be an integer >= {at_least}: got {value!r}")
    return int(value)


def _follow(gradient: Gradient, theta: FloatArray, update: _Update, n_steps: int, record_every: int) -> Trajectory:
    """Take the steps and keep the recorded ones."""
    n_steps, record_every = _count(n_steps, "n_steps", 0), _count(record_every, "record_every", 1)
    steps = np.unique(np.append(np.arange(0, n_steps + 1, record_every, dtype=np.int64), n_steps))
    recorded = np.empty((len(steps), *theta.shape), dtype=theta.dtype)
    recorded[0], n_recorded = theta, 1
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        for step in range(1, n_steps + 1):
            theta.setflags(write=False)  # a gradient that writes into its argument would change the past
            g = _evaluate(gradient, theta, step)
            theta = rounded(theta - update(step, g), theta.dtype)
            _check_finite(theta, "theta", step)
            if step == steps[n_recorded]:
                recorded[n_recorded] = theta
                n_recorded += 1
    return Trajectory(steps=steps, theta=recorded)


def _evaluate(gradient: Gradient, theta: FloatArray, step: int) -> Float64Array:
    g = as_float64(gradient(theta))
    if g.shape != theta.shape:
        raise ValueError(f"gradient must return the shape of theta, {theta.shape}: got shape {g.shape}")
    _check_finite(g, "the gradient", step)
    return g


def _check_finite(value: FloatArray, name: str, step: int) -> None:
    if not np.isfinite(value).all():
        run = int(np.argwhere(~np.isfinite(value))[0][0])
        raise FloatingPointError(f"{name} is not finite at step {step} in run {run}: a smaller learning rate may help")
