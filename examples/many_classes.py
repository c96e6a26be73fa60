"""What does the number of classes cost the squared error behind a softmax?

Claim: From an undecided start the time to one half grows like K with the squared error and like log K with
    cross-entropy. Softmax regression on clusters shows it at a common rate; a larger one helps both losses alike, until
    it holds the squared error up.
Source: docs/beyond/many-classes.md (experiment E19)
Topics: training, saturation
Time limit: 60 s
"""

import numpy as np

from mseclf import (
    bce_escape_time,
    mse_escape_time,
    plots,
    softmax,
    softmax_ce_gradient_logit,
    softmax_mse_gradient_logit,
)

CLASSES, RATES, N_DATA_SETS, BUDGET = (4, 16, 48), (1.0, 4.0, 16.0, 64.0, 256.0), 6, 3000
N_FEATURES, PER_CLASS = 8, 4


def gradient(name: str, p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The gradient in the logits, given the probabilities: one product less than the package's, in float32."""
    residual = p - y
    if name == "mse":
        residual = p * (residual - np.sum(p * residual, axis=-1, keepdims=True))
    return residual


def clusters(n_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (n_data_sets, m, n), normal around normal means and with a bias, and labels (m,)."""
    random = np.random.default_rng(n_classes)
    label = np.repeat(np.arange(n_classes), PER_CLASS)
    mean = random.standard_normal((N_DATA_SETS, n_classes, N_FEATURES))
    x = mean[:, label] + 0.7 * random.standard_normal((N_DATA_SETS, len(label), N_FEATURES))
    return np.concatenate([x, np.ones((*x.shape[:2], 1))], axis=-1).astype(np.float32), label


def steps_to_half(name: str, n_classes: int, rate: float) -> np.ndarray:
    """For each data set the first step with a mean probability of one half for the true class."""
    X, label = clusters(n_classes)
    m, y = len(label), np.eye(n_classes, dtype=np.float32)[label]
    weights = np.zeros((N_DATA_SETS, N_FEATURES + 1, n_classes), dtype=np.float32)
    first = np.full(N_DATA_SETS, np.inf)
    for step in range(BUDGET):
        z = X @ weights
        p = np.exp(z - z.max(axis=-1, keepdims=True))
        p /= p.sum(axis=-1, keepdims=True)
        first[(p[:, np.arange(m), label].mean(axis=-1) >= 0.5) & np.isinf(first)] = step
        if np.isfinite(first).all():
            break
        weights -= np.float32(rate / m) * (X.swapaxes(-1, -2) @ gradient(name, p, y))
    return first


def interval(ratio: np.ndarray) -> tuple[float, float, float]:
    """The geometric mean of the ratios, and two standard errors below and above."""
    size = np.log(ratio)
    error = size.std(ddof=1) / np.sqrt(len(size))
    return tuple(float(np.exp(size.mean() + shift * error)) for shift in (0, -2, 2))  # type: ignore[return-value]


some, y = np.random.default_rng(0).standard_normal((5, 6)), np.eye(6)[2]
assert np.allclose(gradient("mse", softmax(some), y), softmax_mse_gradient_logit(y, some))
assert np.allclose(gradient("ce", softmax(some), y), softmax_ce_gradient_logit(y, some))

values: dict[str, float] = {"n_data_sets": N_DATA_SETS, "per_class": PER_CLASS, "n_features": N_FEATURES}
for k in CLASSES:
    first = {name: np.array([steps_to_half(name, k, rate) for rate in RATES]) for name in ("mse", "ce")}
    for name, found in first.items():
        median = np.median(found, axis=1)
        print(f"{name}, {k} classes: " + ", ".join(f"{r:g}: {n:g}" for r, n in zip(RATES, median, strict=True)))
        values |= {f"{name}_{k}_rate_{rate:g}": float(steps) for rate, steps in zip(RATES, median, strict=True)}
    for rate, ratio in zip(RATES, first["mse"] / first["ce"], strict=True):
        ends = zip(("", "_low", "_high"), interval(ratio), strict=True)
        values |= {f"ratio_{k}_rate_{rate:g}{end}": found for end, found in ends}
    start, speed = np.log(k - 1), k / (k - 1)
    values[f"flow_{k}"] = float(mse_escape_time(start) / bce_escape_time(start) / speed)

# An ImageNet-sized start in float16: the slope of a wrong class's logit, in a mean over a batch.
wrong = np.zeros(1000)
for name, gradient_logit in (("mse", softmax_mse_gradient_logit), ("ce", softmax_ce_gradient_logit)):
    values[f"{name}_wrong_1000"] = float(gradient_logit(np.eye(1000)[0], wrong)[1]) / 256
    values[f"{name}_float16_1000"] = float(np.float16(values[f"{name}_wrong_1000"]))
values["loss_start_1000"] = 1000 * float(np.log(2))

ratios = [[values[f"ratio_{k}_rate_1{end}"] for end in ("_low", "_high")] for k in CLASSES]
assert 1 < ratios[0][0] < ratios[0][1] < ratios[1][0], "at a common rate the squared error needs more steps,"
assert ratios[1][1] < ratios[2][0], "the more the more classes there are"
assert all(values[f"ratio_48_rate_{rate:g}_low"] > 2 for rate in RATES), "a larger rate helps both losses alike,"
assert values["mse_48_rate_256"] > 1.5 * values["mse_48_rate_64"], "until it holds the squared error up"
assert values["ce_48_rate_256"] <= values["ce_48_rate_64"], "and not yet cross-entropy"
assert values["mse_float16_1000"] == 0 < values["ce_float16_1000"], "in float16 the wrong classes get no slope at all"

n_classes = np.geomspace(3, 10_000, 60)
start, speed = np.log(n_classes - 1), n_classes / (n_classes - 1)
_, (left, right) = plots.subplots(1, 2, height=3.3)
left.plot(n_classes, mse_escape_time(start) / speed**2, **plots.MSE_LINE)
left.plot(n_classes, bce_escape_time(start) / speed, **plots.BCE_LINE)
left.set(xscale="log", yscale="log", xlabel="classes", xticks=[10, 1000])
plots.name_y(left, "time to one half")
plots.label(left, 4, 3000, "squared error", plots.MSE, ha="left")
plots.label(left, 10_000, 3.2, "cross-entropy", plots.BCE, ha="right")
right.plot(RATES, [values[f"mse_48_rate_{rate:g}"] for rate in RATES], "o", **plots.MSE_LINE)
right.plot(RATES, [values[f"ce_48_rate_{rate:g}"] for rate in RATES], "o", **plots.BCE_LINE)
right.set(xscale="log", yscale="log", xlabel="rate, 48 classes", xticks=[1, 16, 256], yticks=[1, 10, 100, 1000])
right.minorticks_off()
plots.name_y(right, "steps to one half")
plots.label(right, 5, 400, "squared error", plots.MSE, ha="left")
plots.label(right, 1, 3, "cross-entropy", plots.BCE, ha="left")
for ax in (left, right):
    plots.plain_numbers(ax.xaxis)
    plots.plain_numbers(ax.yaxis)

plots.finish()
