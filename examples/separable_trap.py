"""Can the squared error fail on data that a line separates?

Claim: On separable points, gradient descent on the squared error can end in a minimum at infinity that leaves one point
    wrong for ever; cross-entropy separates the same points. From zero at rate 1 the cut is between 15 and 16 copies.
Source: docs/beyond/curvature.md (experiment E6)
Topics: curvature, local minima, training
"""

import numpy as np

from mseclf import plots
from mseclf.losses import bce_gradient_logit, mse_gradient_logit

# The label is absorbed into the sign, so that every y is 1 and "right" means a positive logit.
DIRECTIONS = np.array([[0.1, 1.0], [0.1, -1.0], [-1.0, 11.0]])
SEPARATOR = np.array([120.0, 11.0])
# The trap of the proposition: no step of rate at most 1 leads out of first weight >= 20, |second weight| <= 1.
TRAP_FIRST, TRAP_SECOND = 20.0, 1.0
# One run of descent for each pair of loss and number of copies of the first two points.
RUNS = [("mse", 10), ("mse", 15), ("mse", 16), ("mse", 20), ("bce", 10), ("bce", 20)]
BUDGET, PATIENCE = 10_000, 100_000
N_MSE = 4


def push(logits: np.ndarray) -> np.ndarray:
    """Minus the derivative of each run's loss at its logits: the first runs are the squared error's."""
    growth = np.exp(logits)
    wrong = 1 / (1 + growth)
    wrong[:N_MSE] *= growth[:N_MSE] * wrong[:N_MSE] ** 2
    return wrong


def train() -> np.ndarray:
    """Full-batch descent from zero at rate 1, all runs at once: the weights (PATIENCE + 1, n_runs, 2)."""
    copies = np.array([copies for _, copies in RUNS])[:, None]
    share = np.hstack([copies, copies, np.ones_like(copies)]) / (2 * copies + 1)
    weights = np.zeros((PATIENCE + 1, len(RUNS), 2))
    for step in range(PATIENCE):
        weights[step + 1] = weights[step] + (share * push(weights[step] @ DIRECTIONS.T)) @ DIRECTIONS
    return weights


def settled(logits: np.ndarray) -> int | None:
    """Return the step from which all points stay right, or None if the last step is wrong."""
    wrong = np.flatnonzero(~np.all(logits > 0, axis=1))
    return None if wrong.size and wrong[-1] == len(logits) - 1 else int(wrong[-1]) + 1


weights = train()
logits = weights @ DIRECTIONS.T
run = {pair: logits[:, i] for i, pair in enumerate(RUNS)}
inside = (weights[..., 0] >= TRAP_FIRST) & (np.abs(weights[..., 1]) <= TRAP_SECOND)
trapped = {pair: inside[:, i] for i, pair in enumerate(RUNS)}
mse_20, mse_15 = run["mse", 20], run["mse", 15]
right_20 = np.flatnonzero(np.all(mse_20 > 0, axis=1))

values = {
    "mse_10_from": settled(run["mse", 10]),
    "bce_10_from": settled(run["bce", 10]),
    "bce_20_from": settled(run["bce", 20]),
    "mse_20_last": float(mse_20[BUDGET, 2]),
    "mse_20_first_right": int(right_20[0]),
    "mse_20_last_right": int(right_20[-1]),
    "mse_20_trapped": int(np.argmax(trapped["mse", 20])),
    "mse_16_trapped": int(np.argmax(trapped["mse", 16])),
    "mse_15_from": settled(mse_15),
    "mse_15_lowest": float(mse_15[:, 2].min()),
    "mse_15_last": float(mse_15[BUDGET, 2]),
    "bce_20_at_budget": float(run["bce", 20][BUDGET, 2]),
    "budget": BUDGET,
    "patience": PATIENCE,
}

some = np.tile(np.linspace(-30, 30, 61), (len(RUNS), 1))
assert np.allclose(push(some)[0], -mse_gradient_logit(1, some[0]), rtol=1e-12, atol=0)
assert np.allclose(push(some)[-1], -bce_gradient_logit(1, some[0]), rtol=1e-12, atol=0)
assert np.all(DIRECTIONS @ SEPARATOR > 0), "a line separates the points"
for pair in (("mse", 10), ("mse", 15), ("bce", 10), ("bce", 20)):
    assert settled(run[pair]) is not None, f"{pair} separates"
for pair in (("mse", 16), ("mse", 20)):
    assert trapped[pair][BUDGET], f"{pair} has entered the trap, so by the proposition it never leaves"
    assert np.all(trapped[pair][np.argmax(trapped[pair]) :])
    assert np.all(run[pair][np.argmax(trapped[pair]) :, 2] < 0), "the lone point stays wrong"
assert values["mse_15_from"] > 8 * BUDGET, "with 15 copies it takes many times the steps of the figure"
assert np.array_equal(right_20, np.arange(right_20[0], right_20[-1] + 1)), "right for one stretch of steps, then lost"

_, panels = plots.subplots(1, 2, height=3.2, sharey=True)
for ax, copies in zip(panels, (10, 20), strict=True):
    ax.axhline(0, color=plots.MUTED, linewidth=0.8)
    for name, style, last in (("bce", plots.BCE_LINE, 60_000), ("mse", plots.MSE_LINE, BUDGET)):
        ax.plot(np.arange(1, last + 1), run[name, copies][1 : last + 1, 2], **style)
    ax.set(xscale="log", xlabel="step", xticks=[1, 100, 10_000], ylim=(-26, 5))
    plots.plain_numbers(ax.xaxis)
    plots.label(ax, 1.3, -23.5, f"{copies} copies", plots.INK, ha="left")
plots.name_y(panels[0], "logit of the lone point")
plots.label(panels[0], 2, -4, "both end right", plots.MUTED, ha="left")
plots.label(panels[1], 2, -4, "cross-entropy", plots.BCE, ha="left")
plots.label(panels[1], 900, -18, "squared error", plots.MSE, ha="right")

plots.finish()
