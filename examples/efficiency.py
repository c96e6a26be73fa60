"""How much of the data does the squared error waste?

Claim: In a well-specified model minimising the squared error is never more efficient than maximum likelihood. For one
    standard normal input the relative efficiency falls from 1 to 0.53355 as the true weight grows; simulation agrees.
    That floor belongs to the normal input: with other inputs the efficiency comes as near to zero as one likes.
Source: docs/beyond/statistics.md (experiment E10)
Topics: statistics
Time limit: 180 s
"""

import math

import numpy as np

from mseclf import mse_relative_efficiency, plots, sigmoid, sigmoid_derivative

N_POINTS, N_RUNS, BATCH = 2000, 3000, 15
LIMIT = 5 * (math.pi**2 - 6) ** 2 / (3 * math.pi**2 * (2 * math.pi**2 - 15))


def fit(name: str, x: np.ndarray, y: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Scoring steps in one weight, for each row of x and y: each divides the slope by the curvature expected of it."""
    for _ in range(60):
        s = 1 / (1 + np.exp(-theta[:, None] * x))
        bend = s * (1 - s) * x
        # The slope is the sum of (s - y) times this. For the cross-entropy the factor s (1 - s) has cancelled.
        weighted = bend if name == "mse" else x
        step = np.vecdot(s - y, weighted) / np.vecdot(bend, weighted)
        theta = theta - step
        if np.abs(step).max() < 1e-4 * np.abs(theta).max():
            return theta
    raise RuntimeError(f"{name} did not converge")


def simulate(theta: float) -> dict[str, float]:
    """Variance of both estimates over many data sets, their ratio, and its standard error."""
    random = np.random.default_rng(round(theta))
    found: dict[str, list[np.ndarray]] = {"bce": [], "mse": []}
    for _ in range(N_RUNS // BATCH):
        x = random.standard_normal((BATCH, N_POINTS))
        y = (random.random(x.shape) < sigmoid(theta * x)).astype(float)
        found["bce"].append(fit("bce", x, y, np.full(BATCH, theta)))
        found["mse"].append(fit("mse", x, y, found["bce"][-1]))
    bce, mse = (np.concatenate(found[name]) for name in ("bce", "mse"))
    ratio = float(bce.var() / mse.var())
    # Large-sample error of a ratio of variances of two correlated normal estimates.
    correlation = float(np.corrcoef(bce, mse)[0, 1])
    return {"ratio": ratio, "error": ratio * math.sqrt(4 * (1 - correlation**2) / N_RUNS)}


def two_point_efficiency(theta: np.ndarray, near: float, far: float, far_share: float = 0.5) -> np.ndarray:
    """The same share for an input that takes two values only: M_2^2 / (M_1 M_3) with averages over the two."""
    points, shares = np.array([near, far]), np.array([1 - far_share, far_share])
    slope = sigmoid_derivative(np.asarray(theta)[..., None] * points)
    m_1, m_2, m_3 = (np.sum(shares * points**2 * slope**k, axis=-1) for k in (1, 2, 3))
    share: np.ndarray = m_2**2 / (m_1 * m_3)
    return share


weights = (1.0, 2.0, 3.0)
simulated = {theta: simulate(theta) for theta in weights}
values: dict[str, float] = {"limit": LIMIT, "n_points": N_POINTS, "n_runs": N_RUNS}
for theta in (1.0, 2.0, 3.0, 5.0):
    values[f"theory_{theta:.0f}"] = float(mse_relative_efficiency(theta))
for theta, result in simulated.items():
    values |= {f"simulated_{theta:.0f}": result["ratio"], f"error_{theta:.0f}": result["error"]}
values |= {"extra_data_2": 1 / values["theory_2"] - 1, "most_data": 1 / LIMIT, "waste": 1 - LIMIT}

two_weights = np.linspace(0.01, 3, 3000)
values["two_points"] = float(two_point_efficiency(two_weights, 0.1, 8).min())
values["two_points_mostly_far"] = float(two_point_efficiency(two_weights, 0.1, 8, far_share=0.97).min())

grid = np.linspace(0, 12, 241)
curve = mse_relative_efficiency(grid)

assert np.all(np.diff(curve) < 0), "the more certain the labels, the more is wasted"
assert np.isclose(mse_relative_efficiency(1e6), LIMIT, rtol=1e-9), "and never more than this"
assert all(abs(result["ratio"] - mse_relative_efficiency(t)) < 3 * result["error"] for t, result in simulated.items())
assert values["two_points"] < 0.05, "no floor for other inputs"
assert values["two_points_mostly_far"] < 0.01
# The bound on the page: with shares alike and inputs in the ratio k, some weight has at most 4 k / (1 + k)^2.
for k in (8.0, 80.0, 800.0):
    assert two_point_efficiency(np.linspace(0.01, 20, 20_000) / k, 1.0, k).min() <= 4 * k / (1 + k) ** 2

_, ax = plots.subplots(height=3.4)
ax.axhline(1, **(plots.BCE_LINE | {"linewidth": 2}))
ax.plot(grid, curve, **plots.MSE_LINE)
ax.axhline(LIMIT, color=plots.MUTED, linewidth=1.2, linestyle=":")
ratios, errors = ([simulated[theta][key] for theta in weights] for key in ("ratio", "error"))
ax.errorbar(weights, ratios, yerr=2 * np.array(errors), fmt="o", color=plots.INK, capsize=4, zorder=5)
plots.label(ax, 11.9, 0.965, "maximum likelihood", plots.BCE, ha="right")
plots.label(ax, 5.2, 0.645, "squared error", plots.MSE, ha="left")
plots.label(ax, 0.2, 0.565, "limit 0.5336", plots.MUTED, ha="left")
plots.label(ax, 3.2, 0.74, "simulation", plots.INK, ha="left")
ax.set(xlabel=r"true weight $\theta$", ylim=(0.5, 1.02), xlim=(0, 12))
plots.name_y(ax, "relative efficiency")

plots.finish()
