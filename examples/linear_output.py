"""What does a linear output with squared error do to points that are too right?

Claim: With a linear output the squared error is convex, but it punishes points that are too right: two points moved
    from 10 to 20, deeper into their own class, push the boundary over another point. The sigmoid does not mind.
Source: docs/beyond/without-the-sigmoid.md
Topics: curvature, robustness
"""

from collections.abc import Callable

import numpy as np

from mseclf import mse_gradient_logit, plots
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


def trained_errors(slope: Callable[[np.ndarray], np.ndarray], rate: float) -> list[int]:
    """Errors after descent from zero, with the far pair at 10 and at 20; `slope` is the loss's, in the outputs."""
    X = np.stack([inputs(far) for far in (10, 20)], dtype=float)

    def gradient(theta: np.ndarray) -> np.ndarray:
        return (slope(np.vecdot(X, theta[:, None]))[:, None] @ X)[:, 0] / len(labels)

    path = gradient_descent(gradient, np.zeros((2, 2)), rate, 4000, record_every=4000)
    return [n_errors(outputs) for outputs in np.vecdot(X, path.theta[-1, :, None])]


def discriminant_cosine(n_points: int = 500, n_features: int = 6) -> float:
    """The cosine between the weights of least squares on 0/1 labels and the direction of Fisher's discriminant."""
    random = np.random.default_rng(0)
    y = random.random(n_points) < 0.3
    x = (
        random.standard_normal((n_points, n_features)) @ random.standard_normal((n_features, n_features))
        + 0.5 * y[:, None]
    )
    weights = np.linalg.lstsq(np.column_stack([x, np.ones(n_points)]), y.astype(float), rcond=None)[0][:-1]
    within = sum(np.cov(x[group].T, bias=True) * group.sum() for group in (y, ~y))
    fisher = np.linalg.solve(within, x[y].mean(axis=0) - x[~y].mean(axis=0))
    return float(weights @ fisher / np.linalg.norm(weights) / np.linalg.norm(fisher))


line_errors = {far: n_errors(inputs(far) @ fit_line(far) - 0.5) for far in (10, 20)}
sigmoid_errors = trained_errors(lambda z: mse_gradient_logit(labels, z), 0.05)
# A linear output that is charged only for what is short of the target, (1 - margin)^2 / 2 below 1.
sign = 2 * labels - 1
hinge_errors = trained_errors(lambda z: -sign * np.maximum(1 - sign * z, 0), 0.01)
values = {
    "line_errors_10": line_errors[10],
    "line_errors_20": line_errors[20],
    "boundary_10": boundary(10),
    "boundary_20": boundary(20),
    "score_far_20": float(inputs(20)[-1] @ fit_line(20)),
    "score_near_20": float(inputs(20)[2] @ fit_line(20)),
    "sigmoid_errors_10": sigmoid_errors[0],
    "sigmoid_errors_20": sigmoid_errors[1],
    "hinge_errors_10": hinge_errors[0],
    "hinge_errors_20": hinge_errors[1],
    "discriminant_cosine": discriminant_cosine(),
}

assert line_errors == {10: 0, 20: 1}
assert values["sigmoid_errors_10"] == values["sigmoid_errors_20"] == 0
assert values["hinge_errors_10"] == values["hinge_errors_20"] == 0, "not charged for being too right, it makes no error"
assert abs(values["discriminant_cosine"] - 1) < 1e-10, "least squares on 0/1 labels is Fisher's discriminant"
for far in (5, 10, 14, 20, 1000):
    assert np.isclose(boundary(far), (3 * far - 5) / (2 * far + 9)), "the closed form on the page"
assert np.isclose(boundary(14), 1), "at 14 the boundary reaches the point at 1"

_, (left, right) = plots.subplots(1, 2, height=3.4, width_ratios=[1.25, 1])
for far, line, fill, color in ((10, "-", "full", plots.GREEN), (20, (0, (5, 1.8)), "none", plots.MSE)):
    x = np.array([-4, 22])
    slope, intercept = fit_line(far)
    left.plot(x, slope * x + intercept, color=color, linestyle=line)
    point = {"color": color, "markersize": 8, "fillstyle": fill, "markeredgewidth": 2}
    left.plot([far], [1], "D", **point)
    right.plot([far], [boundary(far)], "D", **point)
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
