"""What does one absurd point do to the estimate?

Claim: One mislabelled point, far enough out, drags the maximum-likelihood estimate to zero. The least squared error
    stays where it was, but from some distance on it has a second local minimum near zero.
Source: docs/beyond/statistics.md (experiment E11)
Topics: statistics, robustness, local minima
"""

import numpy as np

from mseclf import bce_loss, gradient_descent, mse_gradient_logit, mse_loss, plots, sigmoid

TRUE_WEIGHT, N_POINTS = 2.0, 200
random = np.random.default_rng(0)
x = random.standard_normal(N_POINTS)
y = (random.random(N_POINTS) < sigmoid(TRUE_WEIGHT * x)).astype(float)

theta = np.arange(-1, 4, 0.0005)
LOSS = {"mse": mse_loss, "bce": bce_loss}
clean = {
    name: np.sum([loss(label, theta * point) for point, label in zip(x, y, strict=True)], axis=0)
    for name, loss in LOSS.items()
}


def with_outlier(name: str, distance: float) -> np.ndarray:
    """Total loss at each theta, with one more point: x = -distance, labelled 1."""
    total: np.ndarray = clean[name] + (LOSS[name](1, -distance * theta) if distance else 0)
    return total


def estimate(name: str, distance: float) -> float:
    """The theta of least loss."""
    return float(theta[np.argmin(with_outlier(name, distance))])


def minima(name: str, distance: float) -> np.ndarray:
    """Every local minimum."""
    loss = with_outlier(name, distance)
    found: np.ndarray = theta[1:-1][(loss[1:-1] < loss[:-2]) & (loss[1:-1] < loss[2:])]
    return found


def descent_from_zero(distances: list[float]) -> np.ndarray:
    """Where gradient descent on the squared error ends when it starts at zero, one run for each distance."""
    points, labels = np.array([np.append(x, -distance) for distance in distances]), np.append(y, 1.0)

    def gradient(weight: np.ndarray) -> np.ndarray:
        return np.mean(mse_gradient_logit(labels, weight * points) * points, axis=1, keepdims=True)

    return gradient_descent(gradient, np.zeros((len(distances), 1)), 0.2, 5000, 5000).theta[-1, :, 0]


def shifts(n_sets: int = 60, distance: float = 100.0) -> dict[str, np.ndarray]:
    """How far one point at the distance moves each estimate on many other data sets, on a coarser grid."""
    again = np.random.default_rng(1)
    inputs = again.standard_normal((n_sets, N_POINTS))
    points = np.where(again.random(inputs.shape) < sigmoid(TRUE_WEIGHT * inputs), inputs, -inputs)  # labelled 1
    coarse = np.linspace(-0.5, 4, 451)
    moved = {}
    for name, loss in LOSS.items():
        total = np.array([np.sum(loss(1, np.outer(signed, coarse)), axis=0) for signed in points])
        spoilt = total + loss(1, -distance * coarse)
        moved[name] = coarse[spoilt.argmin(axis=1)] - coarse[total.argmin(axis=1)]
    return moved


values: dict[str, float] = {"n_points": N_POINTS, "true_weight": TRUE_WEIGHT}
for distance in (0, 20, 50, 100):
    values |= {f"{name}_{distance}": estimate(name, distance) for name in LOSS}
    values[f"mse_n_minima_{distance}"] = len(minima("mse", distance))
values["mse_second_minimum_100"] = float(minima("mse", 100)[0])
values["mse_descent_20"], values["mse_descent_100"] = map(float, descent_from_zero([20, 100]))

for name, moved in shifts().items():
    values |= {
        f"{name}_moved": float(moved.mean()),
        f"{name}_moved_error": float(moved.std(ddof=1) / np.sqrt(len(moved))),
    }
    values["n_sets"] = len(moved)

assert values["bce_moved"] + 3 * values["bce_moved_error"] < -1.5, "so it is on other data sets"
assert abs(values["mse_moved"]) + 3 * values["mse_moved_error"] < 0.01, "by no step of the grid"
assert values["bce_20"] < 0.6 * values["bce_0"]
assert values["bce_100"] < 0.02, "maximum likelihood: dragged to zero"
assert all(abs(values[f"mse_{distance}"] - values["mse_0"]) < 0.002 for distance in (20, 50, 100))
assert [values[f"mse_n_minima_{distance}"] for distance in (0, 20, 50, 100)] == [1, 1, 1, 2]
assert all(len(minima("bce", distance)) == 1 for distance in (0, 20, 50, 100)), "convex"
assert abs(values["mse_descent_100"] - values["mse_second_minimum_100"]) < 0.001, "descent from zero is caught there"

distances = np.linspace(0, 100, 51)
_, ax = plots.subplots(height=3.3)
ax.axhline(TRUE_WEIGHT, color=plots.MUTED, linewidth=1)
ax.plot(distances, [estimate("mse", distance) for distance in distances], **plots.MSE_LINE)
ax.plot(distances, [estimate("bce", distance) for distance in distances], **plots.BCE_LINE)
plots.label(ax, 60, 1.66, "least squared error", plots.MSE, ha="left")
plots.label(ax, 30, 0.85, "maximum likelihood", plots.BCE, ha="left")
plots.label(ax, 100, 2.13, "true weight", plots.MUTED, ha="right")
ax.set(xlabel="distance of one mislabelled point", ylim=(-0.08, 2.3), xlim=(0, 100))
plots.name_y(ax, r"estimate of $\theta$")

plots.finish()
