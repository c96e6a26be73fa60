"""Does logistic regression with squared error learn a real data set?

Claim: On the breast-cancer data both losses reach the same test accuracy from a start at zero. From a large random
    start the squared error falls far behind.
Source: docs/beyond/when-mse-is-fine.md (experiment E8); data: Wisconsin diagnostic breast cancer, from scikit-learn
Topics: training, initialisation, real data
Time limit: 180 s
"""

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import StratifiedKFold

from mseclf import LOSSES, gradient_descent, plots, sigmoid

# At theta = 0 gradient and Hessian of the MSE are a quarter of the BCE's, so four times its learning rate is fair.
RATES = {"mse": 0.4, "bce": 0.1}
SCALES = (0, 1, 3, 10)
N_STARTS = 20

inputs, labels = load_breast_cancer(return_X_y=True)
labels = labels.astype(float)
directions = np.random.default_rng(0).standard_normal((N_STARTS, inputs.shape[1] + 1))


def standardised(train: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """`rows` in units of the training rows' standard deviation around their mean, and a bias feature."""
    return np.column_stack([(rows - train.mean(axis=0)) / train.std(axis=0), np.ones(len(rows))])


def starts(scale: float) -> np.ndarray:
    """Random starts; at scale 0 they are all the same, so one is enough."""
    return scale * directions[: N_STARTS if scale else 1]


def slope(name: str, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """dL/dz by the plain formulas: fast, and equal to `mseclf.losses` but for rounding."""
    s = sigmoid(z)
    residual: np.ndarray = s - y
    return residual * s * (1 - s) if name == "mse" else residual


def descend(name: str, X: np.ndarray, y: np.ndarray, theta: np.ndarray, n_steps: int) -> np.ndarray:
    """Gradient descent on all of X and y, for every row of theta at once."""

    def gradient(theta: np.ndarray) -> np.ndarray:
        mean_slope: np.ndarray = slope(name, y, theta @ X.T) @ X / len(X)
        return mean_slope

    return gradient_descent(gradient, theta, RATES[name], n_steps, n_steps).theta[-1]


def test_accuracy(name: str, scale: float) -> float:
    """Mean accuracy over 5 folds and all starts, after 1000 steps of gradient descent."""
    accuracies = []
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(inputs, labels):
        X = standardised(inputs[train], inputs[train])
        theta = descend(name, X, labels[train], starts(scale), 1000)
        logits = theta @ standardised(inputs[train], inputs[test]).T
        accuracies.append(np.mean((logits > 0) == labels[test]))
    return float(np.mean(accuracies))


def median_steps(name: str, scale: float) -> float:
    """Median over the starts of the steps on all data until 95 % are classified correctly."""
    X = standardised(inputs, inputs)
    first_step = np.full(len(starts(scale)), np.inf)
    step = 0

    def gradient(theta: np.ndarray) -> np.ndarray:
        nonlocal step
        logits = theta @ X.T
        reached = np.mean((logits > 0) == labels, axis=1) >= 0.95
        first_step[reached & np.isinf(first_step)] = step
        step += 1
        mean_slope: np.ndarray = slope(name, labels, logits) @ X / len(X)
        return mean_slope

    theta = starts(scale)
    while np.isinf(np.median(first_step)):  # the slower half need not finish for the median to be known
        theta = gradient_descent(gradient, theta, RATES[name], 100, 100).theta[-1]
    return float(np.median(first_step))


accuracy = {name: [test_accuracy(name, scale) for scale in SCALES] for name in RATES}
steps = {name: [median_steps(name, scale) for scale in SCALES] for name in RATES}

values = {"n_examples": len(labels), "n_features": inputs.shape[1], "n_starts": N_STARTS}
for name in RATES:
    for scale, share, count in zip(SCALES, accuracy[name], steps[name], strict=True):
        values |= {f"{name}_accuracy_scale_{scale}": share, f"{name}_steps_scale_{scale}": count}
values["step_ratio_scale_10"] = steps["mse"][-1] / steps["bce"][-1]

z = standardised(inputs, inputs) @ directions[0]
assert all(np.allclose(slope(name, labels, z), LOSSES[name].gradient_logit(labels, z)) for name in RATES)
assert accuracy["mse"][0] > 0.975
assert abs(accuracy["mse"][0] - accuracy["bce"][0]) < 0.01, "from zero the two losses do equally well"
assert all(np.diff(accuracy["mse"]) < 0), "the larger the start, the worse the squared error does"
assert accuracy["bce"][-1] - accuracy["mse"][-1] > 0.1
assert all(mse > bce for mse, bce in zip(steps["mse"][1:], steps["bce"][1:], strict=True))
assert values["step_ratio_scale_10"] > 5

_, (left, right) = plots.subplots(1, 2, height=3.3)
places = np.arange(len(SCALES))
for name, style in (("mse", plots.MSE_LINE), ("bce", plots.BCE_LINE)):
    left.plot(places, 100 * np.array(accuracy[name]), marker="o", **style)
    right.plot(places, steps[name], marker="o", **style)
for ax in (left, right):
    ax.set_xticks(places, [str(scale) for scale in SCALES])
    ax.set_xlabel("scale of the random start")
left.set_ylim(50, 101)
right.set_yscale("log")
plots.name_y(left, "test accuracy (%)")
plots.name_y(right, "steps to 95 %")
plots.plain_numbers(right.yaxis)
plots.label(left, 0, 90.5, "cross-entropy", plots.BCE, ha="left")
plots.label(left, 0.7, 70, "squared error", plots.MSE, ha="left")

plots.finish()
