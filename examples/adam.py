"""Does Adam cure the plateau?

Claim: Adam hides the squared error's plateau while the gradient is larger than about its eps = 1e-8, up to a = 18; a
    few units beyond, the steps grow exponentially.
Source: docs/beyond/escape-time.md (experiment E13)
Topics: training, saturation
"""

import numpy as np

from mseclf import plots
from mseclf.flow import mse_escape_time
from mseclf.losses import bce_gradient_logit, mse_gradient_logit
from mseclf.training import adam

EPS = 1e-8
RATE = 0.1
BUDGET = 20_000
starts = np.arange(5.0, 31.0)


def race(gradient_logit, budget: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each start the steps from -a to 0 (NaN: not within the budget), the last logit, the longest step."""
    path = adam(lambda z: gradient_logit(1.0, z), -starts[:, None], RATE, budget, eps=EPS)
    z = path.theta[:, :, 0]
    arrived = z >= 0
    longest = np.where(arrived[1:], 0, np.diff(z, axis=0)).max(axis=0) / RATE  # of those before it arrives
    return np.where(arrived.any(axis=0), arrived.argmax(axis=0).astype(float), np.nan), z[-1], longest


mse_steps, mse_last, mse_longest = race(mse_gradient_logit, BUDGET)
bce_steps, _, bce_longest = race(bce_gradient_logit, 1000)  # by then all have arrived
at = {float(a): i for i, a in enumerate(starts)}
# The logit at which the squared error's gradient, about e^-a, falls to eps.
wall = -np.log(EPS)

values = {
    "wall": float(wall),
    "mse_10": int(mse_steps[at[10]]),
    "bce_10": int(bce_steps[at[10]]),
    "mse_20": int(mse_steps[at[20]]),
    "bce_20": int(bce_steps[at[20]]),
    "mse_25": int(mse_steps[at[25]]),
    "bce_25": int(bce_steps[at[25]]),
    "bce_30": int(bce_steps[at[30]]),
    "mse_30_last": float(mse_last[at[30]]),
    "longest_mse_10": float(mse_longest[at[10]]),
    "longest_mse_20": float(mse_longest[at[20]]),
    "descent_10": float(mse_escape_time(10.0) / RATE),
    "budget": BUDGET,
}

assert np.isnan(mse_steps[at[30]]), "from -30 the squared error does not arrive within the budget"
assert values["mse_30_last"] < -29, "it has hardly moved"
assert values["mse_25"] > 20 * values["bce_25"], "from -25 it needs many times the steps"
assert np.all(np.abs(np.diff(bce_steps) - 10) < 2), "cross-entropy: about ten steps, one over the rate, for each unit"
assert np.all(mse_steps[starts < wall] < bce_steps[starts < wall]), "below the wall Adam hides the plateau"
assert np.all(bce_longest <= 1), "cross-entropy's steps are never longer than the rate"
late = mse_steps[(starts > wall + 3) & ~np.isnan(mse_steps)]
assert np.all(late[1:] / late[:-1] > 2), "beyond it the steps grow exponentially"

_, ax = plots.subplots(height=3.3)
slow = mse_escape_time(starts) / RATE
ax.axvline(wall, color=plots.MUTED, linewidth=0.8)
ax.plot(starts, slow, color=plots.MUTED, linewidth=1.6, linestyle=":")
ax.plot(starts, bce_steps, marker="o", markersize=4, **plots.BCE_LINE)
ax.plot(starts, mse_steps, marker="s", markersize=4, **plots.MSE_LINE)
plots.label(ax, 8.2, 3e4, "squared error,\nplain descent", plots.MUTED, ha="left", xytext=(8, -4))
plots.label(ax, 30, 110, "cross-entropy", plots.BCE, ha="right")
plots.label(ax, 26, 6e4, "squared error", plots.MSE, ha="center")
plots.label(ax, wall, 15, "gradient = eps", plots.MUTED, ha="left", xytext=(6, 0))
ax.set(yscale="log", xlim=(4.5, 30.5), ylim=(8, 4e5))
ax.set_xlabel("start $a$: the logit is $-a$, the label is 1")
plots.name_y(ax, "Adam steps to reach 0")
plots.plain_numbers(ax.yaxis)

plots.finish()
