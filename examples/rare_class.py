"""Where should the output bias start when one class is rare?

Claim: With the squared error a bias at the log-odds of the rare class costs several times the steps of a zero bias if
    the classes are far apart, and nothing if they overlap. With cross-entropy it costs next to nothing in both cases.
Source: docs/beyond/escape-time.md (experiment E15)
Topics: training, saturation
Time limit: 60 s
"""

import numpy as np

from mseclf import LOSSES, logit, plots

SHARE, N_POINTS, N_REPEATS, BUDGET = 0.01, 2000, 8, 2000
DISTANCES = np.array([4.0, 8.0])  # between the means of the two normal classes, in standard deviations
STARTS = {"zero": 0.0, "odds": float(logit(SHARE))}
RATES = {"mse": np.array([4.0, 16.0, 64.0]), "bce": np.array([1.0, 4.0, 16.0])}

n_rare = round(SHARE * N_POINTS)
y = (np.arange(N_POINTS) < n_rare).astype(np.float32)
sign = 2 * y - 1
noise = np.random.default_rng(0).standard_normal((N_REPEATS, N_POINTS))
raw = noise + DISTANCES[:, None, None] * y  # (n_distances, n_repeats, n_points)
best_logit = DISTANCES[:, None, None] * (raw - DISTANCES[:, None, None] / 2) + STARTS["odds"]
findable = np.mean(best_logit[..., :n_rare] > 0, axis=-1)  # the share of the rare class that the true model finds
x = (raw - raw.mean(axis=-1, keepdims=True)) / raw.std(axis=-1, keepdims=True)
x = x.astype(np.float32)


def steps(name: str) -> np.ndarray:
    """The first step at which a run finds 0.8 of what can be found, at few false alarms (inf: none).

    All runs at once: from each start at each rate, for each distance and repeat. A run that has arrived is dropped.
    """
    shape = (*x.shape[:2], len(STARTS), len(RATES[name]))
    data, start, of_rates = np.unravel_index(np.arange(np.prod(shape)), (x.shape[0] * x.shape[1], *shape[2:]))
    inputs, goal = x.reshape(-1, N_POINTS)[data], 0.8 * findable.ravel()[data]
    bias, rate = np.array(list(STARTS.values()), np.float32)[start], RATES[name].astype(np.float32)[of_rates]
    weight, first, on_the_way = np.zeros_like(bias), np.full(len(bias), np.inf), np.arange(len(bias))
    for step in range(BUDGET):
        z = weight[:, None] * inputs + bias[:, None]
        found = np.count_nonzero(z[:, :n_rare] > 0, axis=1) / n_rare
        alarms = np.count_nonzero(z[:, n_rare:] > 0, axis=1) / (N_POINTS - n_rare)
        there = (found >= goal) & (alarms <= SHARE / 2)
        if there.any():
            first[on_the_way[there]] = step
            on_the_way, inputs, goal, bias, weight, rate, z = (
                part[~there] for part in (on_the_way, inputs, goal, bias, weight, rate, z)
            )
        if not on_the_way.size:
            break
        wrong = 1 / (1 + np.exp(sign * z))  # the probability of the false class
        push = sign * (wrong * wrong * (1 - wrong) if name == "mse" else wrong)
        bias += rate * push.mean(axis=1)
        weight += rate * np.vecdot(push, inputs) / N_POINTS
    return first.reshape(shape)


values: dict[str, float] = {"share": SHARE, "n_repeats": N_REPEATS, "n_points": N_POINTS}
for name, rates in RATES.items():
    first = steps(name)
    for row, case in enumerate(("near", "far")):
        for column, start in enumerate(STARTS):
            median = np.median(first[row, :, column], axis=0)
            print(
                f"{name}, {case}, bias {start}: "
                + ", ".join(f"{r:g}: {n:g}" for r, n in zip(rates, median, strict=True))
            )
            values[f"{name}_{case}_{start}"] = float(median.min())  # by its own fastest rate
        ratio = np.log(first[row, :, 1, 1] / first[row, :, 0, 1])  # at the middle rate
        error = ratio.std(ddof=1) / np.sqrt(N_REPEATS)
        for end, shift in (("", 0), ("_low", -2), ("_high", 2)):
            values[f"{name}_{case}_ratio{end}"] = float(np.exp(ratio.mean() + shift * error))

margins = np.linspace(-15, 15, 31)
wrong = 1 / (1 + np.exp(margins))
assert np.allclose(wrong, -LOSSES["bce"].gradient_logit(1, margins))
assert np.allclose(wrong * wrong * (1 - wrong), -LOSSES["mse"].gradient_logit(1, margins))
assert values["mse_far_ratio_low"] > 2, "far apart: the good advice for cross-entropy costs the squared error dearly,"
assert values["mse_far_odds"] > 1.5 * values["mse_far_zero"], "even with the fastest rate for each start"
assert 0.5 < values["mse_near_ratio_low"] < values["mse_near_ratio_high"] < 1.25, "overlapping: it does not"
assert values["bce_near_ratio_high"] < 1, "for cross-entropy the advice saves steps where they overlap"
assert values["bce_far_ratio_high"] < 1.3, "and costs next to nothing where they do not"

_, ax = plots.subplots(height=3.1)
for name, style, shift in (("mse", plots.MSE_LINE, -0.1), ("bce", plots.BCE_LINE, 0.1)):
    for place, case in enumerate(("near", "far")):
        low, middle, high = (values[f"{name}_{case}_ratio{end}"] for end in ("_low", "", "_high"))
        bar = [[middle - low], [high - middle]]
        ax.errorbar(
            [place + shift], [middle], yerr=bar, fmt="s" if name == "mse" else "o", capsize=5, color=style["color"]
        )
ax.axhline(1, color=plots.MUTED, linewidth=0.9)
ax.set(yscale="log", xlim=(-0.5, 1.5), ylim=(0.5, 8), yticks=[0.5, 1, 2, 4, 8])
ax.set_xticks([0, 1], ["overlapping classes", "classes far apart"])
plots.name_y(ax, "steps from a log-odds bias / from zero")
plots.plain_numbers(ax.yaxis)
plots.label(ax, 0.8, values["mse_far_ratio"], "squared error", plots.MSE, ha="right")
plots.label(ax, 1.0, 0.62, "cross-entropy", plots.BCE, ha="right")

plots.finish()
