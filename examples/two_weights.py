"""What do the two losses look like over two weights?

Claim: Over the weight and the bias of one neuron cross-entropy is a bowl, and the squared error a valley between flat
    shelves: from a start on the shelf, cross-entropy's slope is thousands of times as steep, and a thousand steps of
    one rate bring it to its lowest point, while the squared error has hardly moved.
Source: docs/explore.md; docs/teach.md
Topics: curvature, gradient
"""

import numpy as np

from mseclf import gradient_descent, plots
from mseclf.losses import bce_batch_loss, bce_gradient_theta, mse_batch_loss, mse_gradient_theta

# Seven points on a line; two of them contradict the others, so both losses have their minimum at finite weights.
x = np.array([-2.0, -1.2, -0.5, 0.3, 0.7, 1.4, 2.2])
y = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0])
X = np.column_stack([x, np.ones_like(x)])

side = np.linspace(-12, 12, 121)
w, b = np.meshgrid(side, side)
theta = np.column_stack([w.ravel(), b.ravel()])
mse = 2 * mse_batch_loss(theta, X, y).reshape(w.shape)  # without the half: 1 where every point is wrong
bce = bce_batch_loss(theta, X, y).reshape(w.shape)

start = np.array([-10.0, 0.0])  # sure, and wrong about all points but two
mse_slope, bce_slope = (float(np.linalg.norm(of(start, X, y))) for of in (mse_gradient_theta, bce_gradient_theta))
best = {"mse": theta[mse.argmin()], "bce": theta[bce.argmin()]}


def descend(gradient_theta, steps: int, *begin) -> np.ndarray:
    """Return the weights before and after each step of rate 1/2, from each start: (n_starts, steps + 1, 2)."""
    return gradient_descent(lambda here: gradient_theta(here, X, y), begin, 0.5, steps).theta.swapaxes(0, 1)


mse_starts = (start, best["mse"], [-10.0, 5.0], [-4.0, 0.0], [8.0, -8.0])
mse_way, mse_down, shelf, arriving, other = descend(mse_gradient_theta, 10_000, *mse_starts)
bce_way, bce_down = descend(bce_gradient_theta, 2000, start, best["bce"])
ways = {"mse": mse_way[:1001], "bce": bce_way[:1001]}
goal = {"mse": mse_down[-1], "bce": bce_down[-1]}  # from near the lowest point, down to it
far = np.linalg.norm(ways["bce"] - goal["bce"], axis=1)
values = {
    "mse_slope": mse_slope,
    "bce_slope": bce_slope,
    "slope_ratio": bce_slope / mse_slope,
    "mse_way": float(np.linalg.norm(ways["mse"][-1] - start)),
    "bce_steps": int(np.argmax(far < 0.01)),  # from there on it counts as arrived
    "mse_lowest": float(mse_batch_loss(goal["mse"], X, y)),
    "mse_one_wrong": float(mse_batch_loss(other[-1], X, y)),
}


def wrong(here) -> int:
    """Count the points on the wrong side."""
    return int(np.sum((X @ here > 0) != (y == 1)))


assert (wrong(goal["mse"]), wrong(goal["bce"]), wrong(other[-1])) == (2, 2, 1), "fewer errors at a higher loss"
assert values["mse_lowest"] < 1 / 14 < values["mse_one_wrong"], "one of seven wrong for sure costs 1/14"
assert wrong(shelf[1000]) == 3, "another shelf"
assert np.linalg.norm(arriving[1000] - goal["mse"]) < 0.01, "arrives"

# Along a straight line a bowl lies below its chord; the squared error rises above it.
line = np.linspace(start, best["mse"], 201)
share = np.linspace(0, 1, 201)
above = mse_batch_loss(line, X, y) - (1 - share) * mse_batch_loss(start, X, y) - share * mse_batch_loss(line[-1], X, y)
below = bce_batch_loss(line, X, y) - (1 - share) * bce_batch_loss(start, X, y) - share * bce_batch_loss(line[-1], X, y)
assert above.max() > 0.05, "not convex: above the chord"
assert below.max() < 1e-12, "convex: nowhere above the chord"
assert values["slope_ratio"] > 1000, "nearly flat beside a slope"

_, panels = plots.subplots(1, 2, height=3.5, sharey=True)
for ax, loss, levels, name, colour, line_style in (
    (panels[0], mse, np.linspace(0.1, 0.9, 9), "squared error", plots.MSE, "dashed"),
    (panels[1], bce, np.array([0.5, 1, 2, 4, 6, 8, 10, 12, 14]), "cross-entropy", plots.BCE, "solid"),
):
    ax.contour(w, b, loss, levels=levels, colors=[colour], linewidths=0.9, linestyles=line_style)
    key = "mse" if loss is mse else "bce"
    ax.plot(*ways[key].T, color=colour, linestyle=line_style, linewidth=3)
    ax.plot(*goal[key], "o", color=colour, markersize=7)
    ax.plot(*start, "o", color=plots.INK, markersize=11, markeredgewidth=2, fillstyle="none")
    ax.set(xlabel=r"weight $w$", xlim=(-12, 12), ylim=(-12, 12), xticks=[-10, 0, 10], yticks=[-10, 0, 10])
    plots.label(ax, 0, 10.3, name, colour, ha="center")
plots.name_y(panels[0], r"bias $b$")

plots.finish()
