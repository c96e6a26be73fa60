"""What do wrong labels and many features do to least squares on labels?

Claim: Least squares on labels 0 and 1 keeps its boundary when labels are flipped at random: a share rho of flips
    multiplies the weights by 1 - 2 rho. With many more features than examples the shortest weights that fit the
    labels exactly are those of the support vector machine; with few they are not.
Source: docs/beyond/without-the-sigmoid.md (experiment E18)
Topics: statistics, robustness
"""

import numpy as np
from sklearn.datasets import load_breast_cancer

from mseclf import plots

random = np.random.default_rng(0)

# Flips: one data set of normal inputs, its labels flipped anew in each repeat; least squares is one product.
N_POINTS, N_FLIPPED, FLIPS = 2000, 400, (0.1, 0.2, 0.3, 0.4)
X = np.column_stack([random.standard_normal((N_POINTS, 5)), np.ones(N_POINTS)])
labels = (X @ [1.0, -0.5, 0.3, 0.0, 0.2, 0.4] + random.logistic(size=N_POINTS) > 0).astype(float)
solve = np.linalg.pinv(X)
clean = solve @ (labels - 0.5)


def refit(share: float) -> np.ndarray:
    """The weights of each repeat, one row for each."""
    flip = random.random((N_FLIPPED, N_POINTS)) < share
    noisy: np.ndarray = (np.where(flip, 1 - labels, labels) - 0.5) @ solve.T
    return noisy


# Many features: the shortest exact fit is the support vector machine's if no example pulls the wrong way.
N_EXAMPLES, N_DATA_SETS, FEATURES = 30, 100, (40, 80, 160, 320, 640)


def pulls(n_features: int) -> np.ndarray:
    """How hard each example pulls in the shortest exact fit of random labels, all data sets at once."""
    x = random.standard_normal((N_DATA_SETS, N_EXAMPLES, n_features))
    sign = random.choice([-1.0, 1.0], (N_DATA_SETS, N_EXAMPLES))
    dual: np.ndarray = sign * np.linalg.solve(x @ x.transpose(0, 2, 1), sign[..., None])[..., 0]
    return dual


values: dict[str, float] = {"n_points": N_POINTS, "n_flipped": N_FLIPPED, "n_data_sets": N_DATA_SETS}
values["n_examples"] = N_EXAMPLES
for share in FLIPS:
    noisy = refit(share)
    length = noisy @ clean / (clean @ clean)  # along the clean weights, as a share of theirs
    values[f"kept_{100 * share:.0f}"] = float(length.mean())
    values[f"error_{100 * share:.0f}"] = float(length.std(ddof=1) / np.sqrt(N_FLIPPED))
    mean = noisy.mean(axis=0)
    values[f"cosine_{100 * share:.0f}"] = float(mean @ clean / np.linalg.norm(mean) / np.linalg.norm(clean))
for n_features in FEATURES:
    values[f"machine_{n_features}"] = float(np.mean(pulls(n_features).min(axis=1) > 0))

# The output of a fit to real labels is not a probability.
inputs, benign = load_breast_cancer(return_X_y=True)
standard = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)
fitted = np.column_stack([standard, np.ones(len(standard))])
output = fitted @ np.linalg.lstsq(fitted, benign.astype(float), rcond=None)[0]
values["outside"] = float(np.mean((output < 0) | (output > 1)))
values["highest"] = float(output.max())

for share in FLIPS:
    off = abs(values[f"kept_{100 * share:.0f}"] - (1 - 2 * share))
    assert off < 4 * values[f"error_{100 * share:.0f}"] < 0.01, "the weights shrink to 1 - 2 rho, and no more"
    assert values[f"cosine_{100 * share:.0f}"] > 0.999, "and do not turn"
assert values["machine_40"] < 0.05, "few features: some example pulls the wrong way"
assert values["machine_640"] > 0.95, "many: none does, and the fit is the support vector machine's"
assert values["outside"] > 0.2, "a good share of the outputs is no probability"

_, (left, right) = plots.subplots(1, 2, height=3.2)
share = np.linspace(0, 0.5, 2)
left.plot(share, 1 - 2 * share, color=plots.MUTED, linewidth=1)
left.errorbar(
    FLIPS,
    [values[f"kept_{100 * s:.0f}"] for s in FLIPS],
    yerr=[2 * values[f"error_{100 * s:.0f}"] for s in FLIPS],
    fmt="s",
    color=plots.MSE,
    capsize=4,
)
plots.label(left, 0.23, 0.74, "expected", plots.MUTED, ha="left")
left.set(xlabel="share $\\rho$ of flipped labels", xlim=(0, 0.5), ylim=(0, 1.02))
plots.name_y(left, "weights kept")
right.plot(FEATURES, [values[f"machine_{n}"] for n in FEATURES], "o-", color=plots.INK)
right.set(xscale="log", xlabel=f"features, for {N_EXAMPLES} examples", ylim=(-0.03, 1.05), xticks=[40, 160, 640])
plots.plain_numbers(right.xaxis)
plots.name_y(right, "exact fit = support vectors")

plots.finish()
