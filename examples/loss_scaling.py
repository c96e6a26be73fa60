"""What can loss scaling bring back in float16, and what can it not?

Claim: In a mean over many examples the squared error's gradient underflows in float16 earlier than for one example;
    a scale on the loss brings it back. Where the sigmoid has rounded to 1, on a negative example, it stays zero at
    every scale, unless 1 - σ(z) is computed as σ(-z). Cross-entropy from logits needs no scale here.
Source: docs/beyond/rates-and-regularisation.md (experiment E21)
Topics: saturation, gradient
"""

import numpy as np

from mseclf import plots

M, SCALES = 4096, (1, 16, 256, 4096, 65_536)
ONE, WAY = np.float16(1), np.arange(0, 20, 1 / 64)  # how far on the wrong side the scan goes


def pair(z: np.ndarray, form: str) -> tuple[np.ndarray, np.ndarray]:
    """The probabilities of class 1 and of class 0, each operation rounded to float16."""
    with np.errstate(over="ignore"):
        if form == "textbook":
            s = ONE / (ONE + np.exp(-z))
            return s, ONE - s
        small = np.exp(-np.abs(z)) / (ONE + np.exp(-np.abs(z)))
        return np.where(z < 0, small, ONE - small), np.where(z < 0, ONE - small, small)


def dies_at(y: int, form: str, m: int = M, scale: int = 1) -> float:
    """The first logit on the wrong side at which the scaled loss of one example out of m has a gradient of zero."""
    z = (WAY if y == 0 else -WAY).astype(np.float16)
    s, s_bar = pair(z, form)
    residual = s if y == 0 else -s_bar
    gradient = residual * np.float16(scale / m) * s * s_bar  # the scale comes first, as backward passes have it
    return float(z[np.argmax(gradient == 0)])


values: dict[str, float] = {"m": M, "smallest": float(np.finfo(np.float16).smallest_subnormal)}
for form in ("textbook", "stable"):
    for y, name in ((1, "positive"), (0, "negative")):
        values[f"{name}_{form}_alone"] = dies_at(y, form, m=1)
        values |= {f"{name}_{form}_{scale}": dies_at(y, form, scale=scale) for scale in SCALES}
confident = np.float16(15)
values["bce_negative"] = float(pair(confident, "textbook")[0] * np.float16(1 / M))

assert values["positive_textbook_1"] > values["positive_textbook_alone"] + 2, "the mean makes it underflow earlier,"
assert values["positive_textbook_65536"] == values["positive_textbook_alone"], "the scale brings it back,"
assert values["negative_textbook_1"] == values["negative_textbook_65536"] < 8, "but not what the sigmoid rounded away"
assert values["positive_stable_65536"] < -15, "with the stable sigmoid the scale reaches further,"
assert values["negative_stable_65536"] == -values["positive_stable_65536"], "for both labels"
assert values["bce_negative"] == 1 / M, "cross-entropy's share of the mean is far from the smallest number"

_, ax = plots.subplots(height=3.2)
for name, form, style, marker in (
    ("positive", "stable", ":", "^"),
    ("positive", "textbook", "--", "s"),
    ("negative", "textbook", "-", "o"),
):
    far = [abs(values[f"{name}_{form}_{scale}"]) for scale in SCALES]
    ax.plot(SCALES, far, marker, linestyle=style, color=plots.MSE, linewidth=2)
plots.label(ax, 1.2, 15.6, "both labels, 1 − σ(z) as σ(−z)", plots.INK, ha="left")
plots.label(ax, 60_000, 10.2, "label 1, textbook form", plots.INK, ha="right")
plots.label(ax, 60_000, 6.7, "label 0, textbook form", plots.INK, ha="right")
ax.set(xscale="log", xlabel="scale on the loss", ylim=(5, 18), xticks=[1, 16, 256, 4096, 65_536])
ax.minorticks_off()
plots.plain_numbers(ax.xaxis)
plots.name_y(ax, "size of the logit where the gradient is zero")

plots.finish()
