"""What do wrong labels in the training set cost?

Claim: With wrong training labels, logistic regression trained by squared error tests better than by cross-entropy on
    the breast-cancer data if both run on for 1000 steps. Stopped early, each at its own best point of a grid, they come
    much closer: most of the difference is overfitting.
Source: docs/beyond/statistics.md (experiment E12); data: Wisconsin diagnostic breast cancer, from scikit-learn
Topics: statistics, robustness, real data
Time limit: 180 s
"""

import numpy as np
from sklearn.datasets import load_breast_cancer

from mseclf import LOSSES, plots

N_SPLITS = 64
SHARES = (0.0, 0.1, 0.2, 0.3)
STOPS = (16, 32, 64, 125, 250, 500, 1000)
# Four to one: at theta = 0 the two losses then take the same first step.
RATES = {"mse": np.array([0.1, 0.4, 1.6]), "bce": np.array([0.025, 0.1, 0.4])}

inputs, labels = load_breast_cancer(return_X_y=True)
m = len(labels)
PARTS = np.split(np.arange(m), [3 * m // 5, 4 * m // 5])  # training, validation, test


def splits() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shuffled inputs (n_splits, m, n), and labels as signs (n_splits, n_shares, m): clean, and with flips."""
    random = np.random.default_rng(0)
    order = random.permuted(np.tile(np.arange(m), (N_SPLITS, 1)), axis=1)
    train = inputs[order[:, PARTS[0]]]
    X = (inputs[order] - train.mean(axis=1, keepdims=True)) / train.std(axis=1, keepdims=True)
    X = np.append(X, np.ones((N_SPLITS, m, 1)), axis=2).astype(np.float32)
    clean = np.repeat((2 * labels[order] - 1).astype(np.float32)[:, None, :], len(SHARES), axis=1)
    flip = random.random((N_SPLITS, 1, m)) < np.array(SHARES)[:, None]
    return X, clean, np.where(flip, -clean, clean)


def push(name: str, margin: np.ndarray) -> np.ndarray:
    """-dL/du at the margin u, the logit with the label's sign: one formula for both labels, exact in float32."""
    growth = np.exp(np.minimum(margin, 80))
    wrong = 1 / (1 + growth)  # the probability of the false class; the true one's is growth * wrong
    return growth * wrong * wrong * wrong if name == "mse" else wrong


def paths(name: str, X: np.ndarray, sign: np.ndarray) -> np.ndarray:
    """Descent from zero for each split, share and rate: theta (n_stops, n_splits, n_shares * n_rates, n)."""
    n_rates, n = len(RATES[name]), X.shape[2]
    rate = np.tile(RATES[name] / X.shape[1], len(SHARES)).astype(np.float32)[:, None]
    sign = np.repeat(sign, n_rates, axis=1)
    columns = np.ascontiguousarray(X.transpose(0, 2, 1))
    theta = np.zeros((len(X), len(SHARES) * n_rates, n), dtype=np.float32)
    kept = []
    for step in range(1, STOPS[-1] + 1):
        theta = theta + rate * ((sign * push(name, sign * (theta @ columns))) @ X)
        if step in STOPS:
            kept.append(theta)
    return np.stack(kept)


def right(theta: np.ndarray, X: np.ndarray, sign: np.ndarray) -> np.ndarray:
    """The share of right answers: (n_splits, n_shares, n_stops * n_rates)."""
    logits = (theta @ X.transpose(0, 2, 1)).reshape(len(STOPS), N_SPLITS, len(SHARES), -1, X.shape[1])
    share = np.mean(logits * sign[:, :, None, :] > 0, axis=-1)  # (n_stops, n_splits, n_shares, n_rates)
    result: np.ndarray = share.transpose(1, 2, 0, 3).reshape(N_SPLITS, len(SHARES), -1)
    return result


X, clean, noisy = splits()
accuracy: dict[str, np.ndarray] = {}
late: dict[str, np.ndarray] = {}
training, validation, test = PARTS
for name, rates in RATES.items():
    # Four splits at a time: their numbers stay in the processor's cache.
    some = zip(np.split(X[:, training], N_SPLITS // 4), np.split(noisy[:, :, training], N_SPLITS // 4), strict=True)
    theta = np.concatenate([paths(name, *part) for part in some], axis=1)
    tested = right(theta, X[:, test], clean[:, :, test])
    # The point is chosen on a validation part whose labels are as wrong as those of the training part.
    best = right(theta, X[:, validation], noisy[:, :, validation]).mean(axis=0).argmax(axis=1)
    accuracy[name] = tested[:, np.arange(len(SHARES)), best]
    late[name] = tested[:, :, (len(STOPS) - 1) * len(rates) + 1]  # the middle rate and all the steps
    print(f"{name}: mean test accuracy at each rate (rows) and number of steps {STOPS}")
    for share, point, grid in zip(SHARES, best, tested.mean(axis=0), strict=True):
        stop, rate = STOPS[point // len(rates)], rates[point % len(rates)]
        print(f"  {share:.0%} flipped, chosen: rate {rate:g}, {stop} steps")
        for r, row in zip(rates, grid.reshape(len(STOPS), -1).T, strict=True):
            print(f"    {r:<5g}", *(f"{a:.4f}" for a in row))

values: dict[str, float] = {"n_splits": N_SPLITS, "n_steps": STOPS[-1]}
for kind, chosen in (("", accuracy), ("late_", late)):
    for row, share in enumerate(SHARES):
        percent = round(100 * share)
        gap = chosen["mse"][:, row] - chosen["bce"][:, row]
        values |= {f"{kind}{name}_{percent}": float(chosen[name][:, row].mean()) for name in RATES}
        error = float(gap.std(ddof=1) / np.sqrt(N_SPLITS))
        # A true gap of 2.8 standard errors is seen four times in five, by a two-sided test at 5 %.
        values |= {f"{kind}gap_{percent}": float(gap.mean()), f"{kind}error_{percent}": error}
        values[f"{kind}visible_{percent}"] = 2.8 * error
values["share_late_10"] = 1 - values["gap_10"] / values["late_gap_10"]

margins = np.linspace(-30, 30, 61, dtype=np.float32)
for name in RATES:
    assert np.allclose(push(name, margins), -LOSSES[name].gradient_logit(1, margins.astype(float)), rtol=1e-5, atol=0)
assert abs(values["gap_0"]) + 2 * values["error_0"] < 0.005, "clean labels: alike within half a point"
assert values["late_gap_10"] - 2 * values["late_error_10"] > 0.01, "a tenth flipped, no early stopping: a clear lead"
assert values["gap_10"] - 2 * values["error_10"] > 0, "stopped early, a lead is left,"
assert values["gap_10"] + 2 * values["error_10"] < 0.75 * values["late_gap_10"], "but a smaller one"
assert all(values[f"gap_{percent}"] > -2 * values[f"error_{percent}"] for percent in (20, 30)), "and none turns round"

_, (left, right_panel) = plots.subplots(1, 2, height=3.3, sharey=True)
percents = [round(100 * share) for share in SHARES]
for ax, kind, title in ((left, "", "test accuracy (%): best stop"), (right_panel, "late_", "after 1000 steps")):
    for name, style in (("mse", plots.MSE_LINE), ("bce", plots.BCE_LINE)):
        ax.plot(percents, [100 * values[f"{kind}{name}_{percent}"] for percent in percents], marker="o", **style)
    ax.set(xlabel="training labels flipped (%)", xticks=percents)
    plots.name_y(ax, title)
plots.label(right_panel, 11, 97.3, "squared error", plots.MSE, ha="left")
plots.label(right_panel, 9, 92.2, "cross-\nentropy", plots.BCE, ha="right")

plots.finish()
