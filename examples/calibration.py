"""Are the predictions right on average?

Claim: Logistic regression with a bias, at its minimum, predicts the base rate on average if the loss is cross-entropy.
    With the squared error it need not, where the model is wrong; where the model is right, both do.
Source: docs/beyond/calibration.md (experiment E17); data: Wisconsin diagnostic breast cancer, from scikit-learn
Topics: statistics, real data
Time limit: 60 s
"""

import numpy as np
from sklearn.datasets import load_breast_cancer

from mseclf import bce_gradient_theta, mse_gradient_theta, plots, sigmoid

N_RESAMPLES = 400


def fit(name: str, x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weights and biases (n_runs, 2) of one input at the minimum, by scoring steps; `weight` is (n_runs, m)."""
    X = np.column_stack([x, np.ones_like(x)])
    products = (X[:, :, None] * X[:, None, :]).reshape(-1, 4)  # of the two columns with each other
    theta = np.zeros((len(weight), 2))
    for _ in range(400):
        s = 1 / (1 + np.exp(-theta @ X.T))
        bend = s * (1 - s)
        weighted = weight * bend if name == "mse" else weight
        slope = (weighted * (s - y)) @ X
        curvature = ((weighted * bend) @ products).reshape(-1, 2, 2)
        step = np.linalg.solve(curvature, slope[..., None])[..., 0]
        theta = theta - step
        if np.abs(step).max() < 1e-10:
            return theta
    raise RuntimeError(f"{name} did not converge")


def means(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> dict[str, np.ndarray]:
    """The weighted mean prediction of each run, for both losses."""
    X = np.column_stack([x, np.ones_like(x)])
    return {name: np.sum(weight * sigmoid(fit(name, x, y, weight) @ X.T), axis=1) for name in ("mse", "bce")}


inputs, benign = load_breast_cancer(return_X_y=True)
texture = (inputs[:, 1] - inputs[:, 1].mean()) / inputs[:, 1].std()
malignant = 1.0 - benign
m = len(malignant)
once = np.full((1, m), 1 / m)
theta = {name: fit(name, texture, malignant, once)[0] for name in ("mse", "bce")}
on_data = means(texture, malignant, once)
# The bootstrap: how the two means differ from the base rate when the tumours are drawn again.
drawn = np.random.default_rng(0).multinomial(m, once[0], size=N_RESAMPLES) / m
off = {name: mean - drawn @ malignant for name, mean in means(texture, malignant, drawn).items()}

# Two populations on a fine grid of one normal input: one that the model can express, and one with a step in it.
grid = np.linspace(-6, 6, 2401)
density = np.exp(-(grid**2) / 2)
density = (density / density.sum())[None]
truths = {"right": sigmoid(1.5 * grid - 1), "wrong": np.where(grid > 1, 0.7, 0.15)}
populations = {case: means(grid, q, density) for case, q in truths.items()}

values = {
    "base_rate": float(malignant.mean()),
    "mse_mean": float(on_data["mse"][0]),
    "bce_mean": float(on_data["bce"][0]),
    "mse_off": float(off["mse"].mean()),
    "mse_off_low": float(np.quantile(off["mse"], 0.025)),
    "mse_off_high": float(np.quantile(off["mse"], 0.975)),
    "n_resamples": N_RESAMPLES,
}
for case, q in truths.items():
    values[f"{case}_base"] = float(density[0] @ q)
    values |= {f"{case}_{name}": float(mean[0]) for name, mean in populations[case].items()}

X = np.column_stack([texture, np.ones(m)])
assert np.allclose(mse_gradient_theta(theta["mse"], X, malignant), 0, atol=1e-9), "both are at a minimum"
assert np.allclose(bce_gradient_theta(theta["bce"], X, malignant), 0, atol=1e-9)
assert np.abs(off["bce"]).max() < 1e-8, "cross-entropy: the mean prediction is the base rate, in each sample"
assert values["mse_off_low"] > 0, "squared error: the interval of the difference excludes zero"
for case in truths:
    assert abs(values[f"{case}_bce"] - values[f"{case}_base"]) < 1e-9
assert abs(values["right_mse"] - values["right_base"]) < 1e-9, "where the model is right, so is the squared error"
assert abs(values["wrong_mse"] - values["wrong_base"]) > 0.01, "where it is wrong, not"

_, ax = plots.subplots(height=3.3)
edges = np.quantile(texture, np.linspace(0, 1, 9))
place = np.clip(np.searchsorted(edges, texture, side="right") - 1, 0, 7)
share = np.array([malignant[place == i].mean() for i in range(8)])
spread = np.array([np.sqrt(p * (1 - p) / np.sum(place == i)) for i, p in enumerate(share)])
ax.plot([0, 1], [0, 1], color=plots.MUTED, linewidth=0.9)
for name, style, marker in (("mse", plots.MSE_LINE, "s"), ("bce", plots.BCE_LINE, "o")):
    predicted = sigmoid(X @ theta[name])
    ax.errorbar(
        [predicted[place == i].mean() for i in range(8)], share, yerr=2 * spread, marker=marker, capsize=3, **style
    )
plots.label(ax, 0.24, 0.5, "cross-entropy", plots.BCE, ha="right")
plots.label(ax, 0.52, 0.3, "squared error", plots.MSE, ha="left")
ax.set(xlabel="mean prediction in a group of tumours", xlim=(0, 1), ylim=(0, 1))
plots.name_y(ax, "share of malignant ones")

plots.finish()
