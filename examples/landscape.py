"""Can one weight have two minima?

Claim: With the squared error, one weight and eight hard-labelled points give two separate minima, twelve points three;
    cross-entropy on the same points has one. One or two hard-labelled points never have more than one.
Source: docs/beyond/curvature.md (experiment E5)
Topics: curvature, local minima
"""

import numpy as np

from mseclf import plots
from mseclf.losses import bce_batch_loss, bce_gradient_theta, mse_batch_loss, mse_gradient_logit, mse_gradient_theta


def points(scales: list[float], labels: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Put one point at a scale for each of its labels: (1, "1110") is x = 1 with y = 1, 1, 1, 0."""
    x = np.concatenate([np.full(len(row), scale) for scale, row in zip(scales, labels, strict=True)])
    return x[:, None], np.array([float(label) for row in labels for label in row])


def root(slope, left: float, right: float) -> float:
    """Bisect to the sign change of the slope between left and right."""
    sign = np.sign(slope(left))
    for _ in range(100):
        middle = (left + right) / 2
        left, right = (middle, right) if np.sign(slope(middle)) == sign else (left, middle)
    return (left + right) / 2


def stationary(gradient_theta, X, y, grid: np.ndarray) -> tuple[list[float], list[float]]:
    """Find the minima and the maxima: where the slope changes sign on the grid."""

    def slope(theta: float) -> float:
        return float(gradient_theta(np.array([theta]), X, y)[0])

    slopes = gradient_theta(grid[:, None], X, y)[:, 0]
    changes = np.flatnonzero(np.sign(slopes[1:]) != np.sign(slopes[:-1]))
    minima = [root(slope, grid[i], grid[i + 1]) for i in changes if slopes[i] < 0]
    maxima = [root(slope, grid[i], grid[i + 1]) for i in changes if slopes[i] > 0]
    return minima, maxima


def most_minima_of_two_points() -> int:
    """The largest number of minima that one weight has on two hard-labelled points, over many pairs.

    Each label is absorbed into the sign of its point, and the nearer point is put at 1. Points of equal sign leave no
    minimum (they are separable), so the other one is at -far.
    """
    far = np.geomspace(1, 1e4, 161)[:, None]
    theta = np.geomspace(1e-6, 30, 4001)
    theta = np.concatenate([-theta[::-1], [0], theta])
    slope = mse_gradient_logit(1, theta) - far * mse_gradient_logit(1, -far * theta)
    up = np.count_nonzero((slope[:, :-1] < 0) & (slope[:, 1:] >= 0), axis=1)
    return int(up.max())


grid = np.linspace(-3, 5, 8001)
two = points([1, 20], ["1110", "0001"])
three = points([0.5, 10, 200], ["1110", "0001", "1110"])
minima, maxima = stationary(mse_gradient_theta, *two, grid)
minima_3, _ = stationary(mse_gradient_theta, *three, grid)
bce_minima, bce_maxima = stationary(bce_gradient_theta, *two, grid)
heights = mse_batch_loss(np.array(minima)[:, None], *two)

values = {
    "good": minima[0],
    "good_loss": float(heights[0]),
    "bad": minima[1],
    "bad_loss": float(heights[1]),
    "hill": maxima[0],
    "bce_minimum": bce_minima[0],
    "first_of_three": minima_3[0],
    "second_of_three": minima_3[1],
    "third_of_three": minima_3[2],
    "most_of_two_points": most_minima_of_two_points(),
}

# Opposite signs at named places prove the minima apart from any grid: between - and + lies a minimum.
assert np.array_equal(np.sign(mse_gradient_theta(np.array([[-1.0], [0.1], [0.5], [2.0]]), *two)[:, 0]), [-1, 1, -1, 1])
assert (len(minima), len(maxima), len(minima_3), len(bce_minima), len(bce_maxima)) == (2, 1, 3, 1, 0)
assert np.allclose(minima, [-0.05055, np.log(3)], atol=5e-6)
assert np.allclose(heights, [0.11106, 15 / 64], atol=5e-6)
assert np.isclose(maxima[0], 0.2917, atol=5e-5)
assert np.allclose(minima_3, [-0.10111, 0.00507, 2.19722], atol=5e-6)
assert values["most_of_two_points"] == 1, "the count of the theorem needs targets between 0 and 1"

_, panels = plots.subplots(1, 2, height=3.1, num="two")
theta = np.linspace(-1, 2.5, 1401)
panels[0].plot(theta, mse_batch_loss(theta[:, None], *two), **plots.MSE_LINE)
panels[0].plot(minima, heights, "o", color=plots.MSE, markersize=7)
plots.label(panels[0], minima[0], heights[0], "the best", plots.MSE, ha="left", xytext=(9, 1))
plots.label(panels[0], minima[1], heights[1], "a bad one", plots.MSE, ha="center", xytext=(0, -14))
panels[0].set(xlabel=r"weight $\theta$", ylim=(0.09, 0.28))
plots.name_y(panels[0], "mean loss")
plots.label(panels[0], -0.95, 0.268, "squared error", plots.MSE, ha="left")
panels[1].plot(theta, bce_batch_loss(theta[:, None], *two), **plots.BCE_LINE)
panels[1].plot(bce_minima, bce_batch_loss(np.array(bce_minima)[:, None], *two), "o", color=plots.BCE, markersize=7)
plots.label(panels[1], bce_minima[0], 0.6, "the only one", plots.BCE, ha="left", xytext=(16, 0))
panels[1].set(xlabel=r"weight $\theta$", ylim=(-0.6, 14))
plots.name_y(panels[1], "mean loss")
plots.label(panels[1], -0.95, 13.1, "cross-entropy", plots.BCE, ha="left")

_, ax = plots.subplots(height=2.8, num="three")
fine = np.concatenate([-np.geomspace(10, 1e-4, 900), np.geomspace(1e-4, 10, 900)])
ax.plot(fine, mse_batch_loss(fine[:, None], *three), **plots.MSE_LINE)
ax.plot(minima_3, mse_batch_loss(np.array(minima_3)[:, None], *three), "o", color=plots.MSE, markersize=7)
ax.set_xscale("symlog", linthresh=0.01, linscale=0.9)
ax.set_xticks([-1, -0.1, -0.01, 0, 0.01, 0.1, 1, 10])
plots.plain_numbers(ax.xaxis)
ax.set_xlabel(r"weight $\theta$ (a logarithmic scale to each side)")
plots.name_y(ax, "mean loss")

plots.finish()
