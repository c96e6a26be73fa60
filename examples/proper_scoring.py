"""Which prediction costs least on average?

Claim: On average both the squared error and the cross-entropy cost least at the true probability, and nowhere else:
    they are strictly proper. Cross-entropy's excess is the KL divergence, at least twice the squared error's excess.
Source: docs/beyond/when-mse-is-fine.md
Topics: statistics
"""

import numpy as np

from mseclf import bce_excess_risk, plots

q = 0.7  # the true probability of class 1
grid = np.linspace(0.001, 0.999, 999)


def expected(score_1: np.ndarray, score_0: np.ndarray) -> np.ndarray:
    """Average of a score over a label that is 1 with probability q."""
    return q * score_1 + (1 - q) * score_0


brier = expected((grid - 1) ** 2, grid**2)
log_loss = expected(-np.log(grid), -np.log1p(-grid))
best_brier = float(grid[np.argmin(brier)])
best_log_loss = float(grid[np.argmin(log_loss)])

# Excess over the best possible score, for every pair of truth and prediction on a grid.
truth, prediction = np.meshgrid(grid[4::10], grid[4::10])
kl = bce_excess_risk(truth, prediction)
squared = (truth - prediction) ** 2
apart = truth != prediction
smallest_ratio = float((kl[apart] / squared[apart]).min())

values = {
    "truth": q,
    "best_brier": best_brier,
    "best_log_loss": best_log_loss,
    "brier_at_truth": float(q * (1 - q)),
    "brier_at_half": 0.25,
    "smallest_ratio": smallest_ratio,
}

assert np.isclose(best_brier, q)
assert np.isclose(best_log_loss, q)
assert np.allclose(brier, (grid - q) ** 2 + q * (1 - q), rtol=1e-12)
assert np.allclose(log_loss - log_loss.min(), bce_excess_risk(q, grid), atol=1e-12)
assert np.all(kl >= 2 * squared), "Pinsker's inequality"
assert 2 < smallest_ratio < 2.01, "the factor 2 cannot be larger"

_, ax = plots.subplots(height=3.4)
ax.plot(grid, bce_excess_risk(q, grid), **plots.BCE_LINE)
ax.plot(grid, (grid - q) ** 2, **plots.MSE_LINE)
ax.plot([q], [0], "o", color=plots.INK)
plots.label(ax, 0.25, 0.6, "cross-entropy", plots.BCE, ha="left")
plots.label(ax, 0.03, 0.1, "squared error", plots.MSE, ha="left")
plots.label(ax, q, 0, "the truth, 0.7", plots.INK, ha="center", xytext=(0, 24))
ax.set(xlabel=r"prediction $\hat y$", ylim=(-0.04, 1.0), xlim=(0, 1))
plots.name_y(ax, "cost above the best")

plots.finish()
