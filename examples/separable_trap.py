"""Can the squared error fail on data that a line separates?

Claim: On separable points, gradient descent on the squared error can end in a minimum at infinity that leaves one point
    wrong for ever; cross-entropy separates the same points.
Source: docs/beyond/curvature.md (experiment E6)
Topics: curvature, local minima, training, separable data
"""

import numpy as np

from mseclf import plots
from mseclf.losses import bce_gradient_logit, mse_gradient_logit
from mseclf.training import gradient_descent

# The label is absorbed into the sign, so that every y is 1 and "right" means a positive logit.
DIRECTIONS = np.array([[0.1, 1.0], [0.1, -1.0], [-1.0, 11.0]])
SEPARATOR = np.array([120.0, 11.0])
# The trap of the proposition: no step of rate at most 1 leads out of first weight >= 20, |second weight| <= 1.
TRAP_FIRST, TRAP_SECOND = 20.0, 1.0


def train(gradient_logit, copies: list[int], steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Run full-batch descent from zero at rate 1, one run for each number of copies of the first two points.

    Returns:
        The weights (steps + 1, n_runs, 2) and the logits of the three different points (steps + 1, n_runs, 3).
    """
    c = np.array(copies)[:, None]
    share = np.hstack([c, c, np.ones_like(c)]) / (2 * c + 1)

    def gradient(theta: np.ndarray) -> np.ndarray:
        return (share * gradient_logit(1.0, theta @ DIRECTIONS.T)) @ DIRECTIONS

    theta = gradient_descent(gradient, np.zeros((len(copies), 2)), 1.0, steps).theta
    return theta, theta @ DIRECTIONS.T


def settled(logits: np.ndarray) -> int | None:
    """Return the step from which all points stay right, or None if the last step is wrong."""
    wrong = np.flatnonzero(~np.all(logits > 0, axis=1))
    return None if wrong.size and wrong[-1] == len(logits) - 1 else int(wrong[-1]) + 1


def trapped(weights: np.ndarray) -> np.ndarray:
    """Tell for each step whether the weights are in the trap."""
    return (weights[:, 0] >= TRAP_FIRST) & (np.abs(weights[:, 1]) <= TRAP_SECOND)


BUDGET = 10_000
mse_weights, mse_logits = train(mse_gradient_logit, [10, 15, 16, 20], BUDGET)
weights_15, weights_16, weights_20 = mse_weights[:, 1], mse_weights[:, 2], mse_weights[:, 3]
mse_10, mse_15, mse_20 = mse_logits[:, 0], mse_logits[:, 1], mse_logits[:, 3]
_, bce_logits = train(bce_gradient_logit, [10, 20], 6 * BUDGET)
bce_10, bce_20 = bce_logits[: BUDGET + 1, 0], bce_logits[:, 1]

inside = trapped(weights_20)
right_20 = np.flatnonzero(np.all(mse_20 > 0, axis=1))
assert np.all(DIRECTIONS @ SEPARATOR > 0), "a line separates the points"
assert settled(mse_10) is not None, "ten copies: the squared error separates"
assert settled(bce_10) is not None
assert settled(mse_20) is None, "twenty copies: the squared error does not"
assert settled(bce_20) is not None, "cross-entropy still does"
assert np.isclose(mse_20[-1, 2], -23.7, atol=0.05)
assert inside[-1], "the run has entered the trap, so by the proposition it never leaves"
assert trapped(weights_16)[-1]
assert not trapped(weights_15)[-1]

values = {
    "mse_10_from": settled(mse_10),
    "bce_10_from": settled(bce_10),
    "bce_20_from": settled(bce_20),
    "mse_20_last": float(mse_20[-1, 2]),
    "mse_20_first_right": int(right_20[0]),
    "mse_20_last_right": int(right_20[-1]),
    "mse_20_trapped": int(np.argmax(inside)),
    "mse_15_last": float(mse_15[-1, 2]),
    "mse_15_second": float(weights_15[-1, 1]),
    "bce_20_at_budget": float(bce_20[BUDGET, 2]),
    "budget": BUDGET,
}
assert np.array_equal(right_20, np.arange(right_20[0], right_20[-1] + 1)), "right for one stretch of steps, then lost"
assert np.all(inside[values["mse_20_trapped"] :])

_, panels = plots.subplots(1, 2, height=3.2, sharey=True)
for ax, copies, mse, bce in ((panels[0], 10, mse_10, bce_10), (panels[1], 20, mse_20, bce_20)):
    ax.axhline(0, color=plots.MUTED, linewidth=0.8)
    ax.plot(np.arange(1, len(bce)), bce[1:, 2], **plots.BCE_LINE)
    ax.plot(np.arange(1, len(mse)), mse[1:, 2], **plots.MSE_LINE)
    ax.set(xscale="log", xlabel="step", xticks=[1, 100, 10_000], ylim=(-26, 5))
    plots.plain_numbers(ax.xaxis)
    plots.label(ax, 1.3, -23.5, f"{copies} copies", plots.INK, ha="left")
plots.name_y(panels[0], "logit of the lone point")
plots.label(panels[0], 2, -4, "both end right", plots.MUTED, ha="left")
plots.label(panels[1], 2, -4, "cross-entropy", plots.BCE, ha="left")
plots.label(panels[1], 900, -18, "squared error", plots.MSE, ha="right")

plots.finish()
