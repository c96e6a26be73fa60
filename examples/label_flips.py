"""What do wrong labels in the training set cost?

Claim: With a tenth of the training labels flipped at random, logistic regression trained by squared error tests better
    than by cross-entropy on the breast-cancer data. With three tenths flipped no difference can be seen.
Source: docs/beyond/statistics.md (experiment E12); data: Wisconsin diagnostic breast cancer, from scikit-learn
Topics: robustness, label noise, real data
Time limit: 180 s
"""

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import StratifiedKFold

from mseclf import LOSSES, gradient_descent, plots, sigmoid

RATES = {"mse": 0.4, "bce": 0.1}
SHARES = (0.0, 0.1, 0.2, 0.3)
N_REPEATS, N_FOLDS, N_STEPS = 10, 5, 1000

inputs, labels = load_breast_cancer(return_X_y=True)
labels = labels.astype(float)
n = len(labels)


def slope(name: str, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """dL/dz by the plain formulas: fast, and equal to `mseclf.losses` but for rounding."""
    s = sigmoid(z)
    residual: np.ndarray = s - y
    return residual * s * (1 - s) if name == "mse" else residual


def experiment(share: float) -> dict[str, np.ndarray]:
    """Test accuracy of each loss in each repeat: new folds, new flips in the training labels, clean test labels."""
    random = np.random.default_rng(0)
    n_fits = N_REPEATS * N_FOLDS
    X, y = np.ones((n_fits, n, inputs.shape[1] + 1)), np.tile(labels, (n_fits, 1))
    weight = np.zeros((n_fits, n))  # 1/m on the training rows, 0 on the test rows
    for repeat in range(N_REPEATS):
        folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=repeat).split(inputs, labels)
        for fit, (train, _) in enumerate(folds, start=repeat * N_FOLDS):
            X[fit, :, :-1] = (inputs - inputs[train].mean(axis=0)) / inputs[train].std(axis=0)
            flipped = random.choice(train, round(share * len(train)), replace=False)
            y[fit, flipped] = 1 - y[fit, flipped]
            weight[fit, train] = 1 / len(train)
    return {name: accuracy(name, X, y, weight) for name in RATES}


def accuracy(name: str, X: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Train every fit at once from zero; the test accuracy of each repeat, over all its folds."""
    columns = np.ascontiguousarray(X.transpose(0, 2, 1))  # one row per feature: faster products

    def gradient(theta: np.ndarray) -> np.ndarray:
        slopes = weight * slope(name, y, (theta[:, None, :] @ columns)[:, 0, :])
        result: np.ndarray = (slopes[:, None, :] @ X)[:, 0, :]
        return result

    start = np.zeros((len(X), X.shape[2]))
    theta = gradient_descent(gradient, start, RATES[name], N_STEPS, N_STEPS).theta[-1]
    right = ((theta[:, None, :] @ columns)[:, 0, :] > 0) == labels
    per_repeat: np.ndarray = np.sum(right * (weight == 0), axis=1).reshape(N_REPEATS, N_FOLDS).sum(axis=1) / n
    return per_repeat


def standard_error(sample: np.ndarray) -> float:
    """Standard error of the mean of the repeats."""
    return float(sample.std(ddof=1) / np.sqrt(len(sample)))


results = {share: experiment(share) for share in SHARES}
values: dict[str, float] = {"n_fits": N_REPEATS * N_FOLDS, "n_repeats": N_REPEATS}
for share, result in results.items():
    gap = result["mse"] - result["bce"]
    percent = round(100 * share)
    values |= {f"{name}_{percent}": float(result[name].mean()) for name in RATES}
    values |= {f"{name}_error_{percent}": standard_error(result[name]) for name in RATES}
    values |= {f"gap_{percent}": float(gap.mean()), f"gap_error_{percent}": standard_error(gap)}

z = np.linspace(-8, 8, n)
assert all(np.allclose(slope(name, labels, z), LOSSES[name].gradient_logit(labels, z)) for name in RATES)
assert abs(values["gap_0"]) < 0.005, "with clean labels the losses agree"
assert values["gap_10"] > 3 * values["gap_error_10"], "with a tenth flipped the squared error tests better"
assert abs(values["gap_30"]) < 3 * values["gap_error_30"], "with three tenths flipped: no difference beyond the noise"

_, ax = plots.subplots(height=3.3)
for name, style, shift in (("mse", plots.MSE_LINE, -0.15), ("bce", plots.BCE_LINE, 0.15)):
    means = [100 * result[name].mean() for result in results.values()]
    errors = [200 * standard_error(result[name]) for result in results.values()]
    ax.errorbar(100 * np.array(SHARES) + shift, means, yerr=errors, marker="o", capsize=3, **style)
plots.label(ax, 11, 97.7, "squared error", plots.MSE, ha="left")
plots.label(ax, 9.5, 93.8, "cross-entropy", plots.BCE, ha="right")
ax.set_xticks([0, 10, 20, 30])
ax.set_xlabel("training labels flipped (%)")
plots.name_y(ax, "test accuracy (%)")

plots.finish()
