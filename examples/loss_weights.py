"""How does each loss weigh an example, and does it aim at the true probability?

Claim: Cross-entropy's push times a weight is the push of each of these losses, and the weight depends on the
    probability of the true class alone. The squared error's vanishes at both ends. Where a loss is not proper the
    fitted weight is off: too large with generalised cross-entropy, too small with focal loss and smoothing.
Source: docs/beyond/family-of-losses.md (experiment E22)
Topics: gradient, statistics
Time limit: 60 s
"""

from collections.abc import Callable

import numpy as np

from mseclf import family_gradient_logit, logit, mse_gradient_logit, plots, sigmoid

FOCUS, NOISE, SMOOTH = 2.0, 0.7, 0.1  # gamma of the focal loss, kappa of the generalised one, epsilon of the smoothing
N_REPEATS, M, N_STEPS, RATE = 60, 1000, 400, 8.0

# Each weight as a function of the probability p of the true class; the push is the weight times (1 - p).
WEIGHTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "bce": lambda p: np.ones_like(p),
    "mse": lambda p: p * (1 - p),
    "boosting": lambda p: (p * (1 - p)) ** -0.5,
    "focal": lambda p: (1 - p) ** (FOCUS - 1) * ((1 - p) - FOCUS * p * np.log(p)),
    "generalised": lambda p: p**NOISE,
    "absolute": lambda p: p,
    "smoothed": lambda p: 1 - (SMOOTH / 2) / (1 - p),
    "hinge": lambda p: np.where(logit(p) < 1, 1, 0) / (1 - p),
}
# The losses themselves, where they are smooth, as functions of p.
LOSSES_OF_P: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "bce": lambda p: -np.log(p),
    "mse": lambda p: (1 - p) ** 2 / 2,
    "boosting": lambda p: 2 * np.sqrt((1 - p) / p),
    "focal": lambda p: -((1 - p) ** FOCUS) * np.log(p),
    "generalised": lambda p: (1 - p**NOISE) / NOISE,
    "absolute": lambda p: 1 - p,
    "smoothed": lambda p: -(1 - SMOOTH / 2) * np.log(p) - SMOOTH / 2 * np.log(1 - p),
}
for name, loss in LOSSES_OF_P.items():
    z = np.linspace(-6, 6, 49)
    push = (loss(sigmoid(z - 1e-5)) - loss(sigmoid(z + 1e-5))) / 2e-5
    assert np.allclose(push, WEIGHTS[name](sigmoid(z)) * sigmoid(-z), rtol=1e-4, atol=1e-8), f"the push of {name}"
assert np.allclose(WEIGHTS["mse"](sigmoid(z)) * sigmoid(-z), -mse_gradient_logit(1, z))
assert np.allclose(WEIGHTS["boosting"](sigmoid(z)) * sigmoid(-z), -family_gradient_logit(1, z, -0.5))
assert np.allclose(1 / (1 + np.exp(z)) ** 2, 2 * LOSSES_OF_P["mse"](sigmoid(z))), "Savage's loss is the squared error"

# Where each loss is least on average, for one true probability: a fine grid of logits.
TRUTH, grid = 0.8, np.linspace(-8, 8, 160_001)
aims = {}
for name, loss in LOSSES_OF_P.items():
    p = sigmoid(grid)
    aims[name] = float(p[np.argmin(TRUTH * loss(p) + (1 - TRUTH) * loss(1 - p))])
assert abs(logit(aims["generalised"]) - logit(TRUTH) / (1 - NOISE)) < 1e-3, "too sure, by 1 / (1 - kappa) in the logit"
assert abs(aims["smoothed"] - ((1 - SMOOTH) * TRUTH + SMOOTH / 2)) < 1e-4
assert all(abs(aims[name] - TRUTH) < 1e-4 for name in ("bce", "mse", "boosting")), "the proper ones aim at the truth"
assert 0.5 < aims["focal"] < TRUTH - 0.05, "focal loss is too modest"
assert aims["absolute"] > 0.999, "the absolute error takes the likelier class for certain"

# The same in training: logistic data with one input, the fitted weight against the true one.
TRUE = 1.5
TRAINED = ("bce", "mse", "focal", "generalised", "smoothed")
values: dict[str, float] = {"n_repeats": N_REPEATS, "m": M, "true_weight": TRUE, "truth": TRUTH}
values |= {"focus": FOCUS, "noise": NOISE, "smooth": SMOOTH}
values |= {f"aim_{name}": found for name, found in aims.items()}
random = np.random.default_rng(0)
x = random.standard_normal((N_REPEATS, M))
signed = np.where(random.random((N_REPEATS, M)) < sigmoid(TRUE * x), x, -x)  # labelled 1
for name in TRAINED:
    weight = np.zeros(N_REPEATS)
    for _ in range(N_STEPS):
        p = 1 / (1 + np.exp(signed * -weight[:, None]))
        step = RATE / M * np.vecdot(WEIGHTS[name](p) * (1 - p), signed)
        weight += step
        if np.abs(step).max() < 1e-9:
            break
    values[f"weight_{name}"] = float(weight.mean())
    values[f"error_{name}"] = float(weight.std(ddof=1) / np.sqrt(N_REPEATS))

low = {name: values[f"weight_{name}"] - 4 * values[f"error_{name}"] for name in TRAINED}
high = {name: values[f"weight_{name}"] + 4 * values[f"error_{name}"] for name in TRAINED}
assert all(low[name] < TRUE < high[name] for name in ("bce", "mse")), "the proper losses find the true weight,"
assert low["generalised"] > 2 * TRUE, "the generalised cross-entropy one that is too large,"
assert max(high["focal"], high["smoothed"]) < TRUE, "focal loss and smoothing one that is too small"
assert np.all(np.diff(WEIGHTS["generalised"](np.linspace(0.01, 1, 99))) > 0), "the hopeless are let go"
assert np.all(np.diff(WEIGHTS["focal"](np.linspace(0.3, 0.99, 70))) < 0), "the easy are turned down"

p = np.linspace(0.002, 0.998, 499)
half = np.array([0.5])
_, (left, right) = plots.subplots(1, 2, height=3.5, sharey=True)
for ax, names in ((left, ("absolute", "generalised", "mse")), (right, ("boosting", "focal", "hinge", "smoothed"))):
    ax.axhline(1, **plots.BCE_LINE)
    for name, line in zip(names, ("--", ":", (0, (5, 1.8)), "-."), strict=False):
        color = plots.MSE if name == "mse" else plots.INK
        ax.plot(p, WEIGHTS[name](p) / WEIGHTS[name](half), color=color, linestyle=line, linewidth=2)
    ax.set(xlabel="probability $p$ of the true class", xlim=(0, 1), ylim=(0, 2.6), xticks=[0, 0.5, 1])
plots.label(left, 0.03, 1.12, "cross-entropy", plots.BCE, ha="left")
plots.name_y(left, "weight, as a share of that at 1/2")
plots.label(left, 0.98, 1.85, "absolute", plots.INK, ha="right")
plots.label(left, 0.68, 1.42, "generalised", plots.INK, ha="right")
plots.label(left, 0.5, 0.3, "squared", plots.MSE, ha="center")
plots.label(right, 0.06, 2.35, "boosting", plots.INK, ha="left")
plots.label(right, 0.33, 1.72, "focal", plots.INK, ha="left")
plots.label(right, 0.05, 0.42, "hinge", plots.INK, ha="left")
plots.label(right, 0.62, 0.8, "smoothed", plots.INK, ha="left")

plots.finish()
