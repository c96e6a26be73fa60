"""What does a linear output with squared error do to points that are too right?

Claim: With a linear output the squared error is convex, but it punishes points that are too right: two points moved
    from 10 to 20, deeper into their own class, push the boundary over another point. The sigmoid does not mind.
Source: docs/beyond/when-mse-is-fine.md
Topics: linear output, convexity
"""

import numpy as np

from mseclf import mse_gradient_theta, plots
from mseclf.training import gradient_descent

labels = np.array([0, 0, 1, 1, 1, 1])


def inputs(far: float) -> np.ndarray:
    """Six points on a line, with a bias feature; the last two are far on the side of class 1."""
    x = np.array([-2, -1, 1, 2, far, far])
    return np.column_stack([x, np.ones_like(x)])


def fit_line(far: float) -> np.ndarray:
    """Slope and intercept that minimise the squared error of a linear output."""
    slope_and_intercept: np.ndarray = np.linalg.lstsq(inputs(far), labels, rcond=None)[0]
    return slope_and_intercept


def boundary(far: float) -> float:
    """Where the fitted line crosses one half."""
    slope, intercept = fit_line(far)
    return float((0.5 - intercept) / slope)


def n_errors(scores: np.ndarray) -> int:
    """Points on the wrong side; scores are positive for class 1."""
    return int(np.sum((scores > 0) != labels))


def sigmoid_errors(far: float) -> int:
    """Errors of the sigmoid with squared error, trained from zero."""
    X = inputs(far)
    path = gradient_descent(
        lambda theta: mse_gradient_theta(theta, X, labels), [0.0, 0.0], 0.05, 4000, record_every=4000
    )
    return n_errors(X @ path.theta[-1, 0])


line_errors = {far: n_errors(inputs(far) @ fit_line(far) - 0.5) for far in (10, 20)}
values = {
    "line_errors_10": line_errors[10],
    "line_errors_20": line_errors[20],
    "boundary_10": boundary(10),
    "boundary_20": boundary(20),
    "score_far_20": float(inputs(20)[-1] @ fit_line(20)),
    "score_near_20": float(inputs(20)[2] @ fit_line(20)),
    "sigmoid_errors_10": sigmoid_errors(10),
    "sigmoid_errors_20": sigmoid_errors(20),
}

assert line_errors == {10: 0, 20: 1}
assert values["sigmoid_errors_10"] == values["sigmoid_errors_20"] == 0
for far in (5, 10, 14, 20, 1000):
    assert np.isclose(boundary(far), (3 * far - 5) / (2 * far + 9)), "the closed form on the page"
assert np.isclose(boundary(14), 1), "at 14 the boundary reaches the point at 1"

_, (left, right) = plots.subplots(1, 2, height=3.4, width_ratios=[1.25, 1])
for far, line, color in ((10, "-", plots.GREEN), (20, (0, (5, 1.8)), plots.MSE)):
    x = np.array([-4, 22])
    slope, intercept = fit_line(far)
    left.plot(x, slope * x + intercept, color=color, linestyle=line)
    left.plot([far], [1], "D", color=color, markersize=8)
    right.plot([far], [boundary(far)], "D", color=color, markersize=8)
left.axhline(0.5, color=plots.MUTED, linewidth=0.9)
left.plot([-2, -1], [0, 0], "s", color=plots.INK)
left.plot([1, 2], [1, 1], "D", color=plots.INK)
plots.label(left, -3.7, 1.2, "class 1", plots.INK, ha="left")
plots.label(left, 0, 0, "class 0", plots.INK, ha="left")
plots.label(left, 22, 0.42, "threshold", plots.MUTED, ha="right")
left.set(xlabel="input $x$", ylim=(-0.15, 1.75), xlim=(-4, 22))
plots.name_y(left, "linear output")

distance = np.linspace(2, 40, 381)
right.plot(distance, [boundary(far) for far in distance], color=plots.INK)
right.axhline(1, color=plots.MUTED, linewidth=0.9)
plots.label(right, 40, 0.93, "the point at 1", plots.MUTED, ha="right")
plots.label(right, 10, boundary(10), "no error", plots.GREEN, ha="left", xytext=(8, -6))
plots.label(right, 20, boundary(20), "one error", plots.MSE, ha="right", xytext=(-6, 12))
right.set(xlabel="place of the far pair", ylim=(0, 1.5), xlim=(0, 40))
plots.name_y(right, "boundary")

plots.finish()
