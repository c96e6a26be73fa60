"""What does each score charge for a probability?

Claim: The squared error charges at most 1, so it hardly tells a confident mistake from a very confident one. The log
    loss grows without bound. Both charge a fixed sum for an answer of one half, and for the base rate.
Source: docs/symptoms.md; docs/faq.md
Topics: statistics
"""

import numpy as np

from mseclf import bce_loss, logit, mse_loss, plots

given = np.array([0.5, 0.9, 0.99, 0.999])  # probability of the class that the model believes in


def brier(p):
    """The squared error when the true class was given probability p."""
    return 2 * mse_loss(1.0, logit(p))


def log_loss(p):
    """The log loss when the true class was given probability p."""
    return bce_loss(1.0, logit(p))


names = ["50", "90", "99", "999"]
values = {f"brier_right_{name}": float(brier(p)) for name, p in zip(names, given, strict=True)}
values |= {f"brier_wrong_{name}": float(brier(1 - p)) for name, p in zip(names, given, strict=True)}
values |= {f"log_right_{name}": float(log_loss(p)) for name, p in zip(names, given, strict=True)}
values |= {f"log_wrong_{name}": float(log_loss(1 - p)) for name, p in zip(names, given, strict=True)}
values["half_right_50"] = float(mse_loss(1.0, 0.0))

# A model that knows the base rate and nothing else: one example in ten is positive.
rate = 0.1
values["log_base_rate"] = float(rate * log_loss(rate) + (1 - rate) * log_loss(1 - rate))
values["brier_base_rate"] = float(rate * brier(rate) + (1 - rate) * brier(1 - rate))

# The mean probability of what happened, read from a mean log loss.
values |= {"mean_at_1": float(np.exp(-1.0)), "mean_at_01": float(np.exp(-0.1))}
# The share of the larger class is the accuracy of a model that never answers with the other one.
values["lazy_accuracy"] = 1 - rate

# A sigmoid too many: the outputs of the first one are taken for logits.
z = np.linspace(-800, 800, 3201)
outputs = 1 / (1 + np.exp(-1 / (1 + np.exp(-np.clip(z, -700, 700)))))
values |= {
    "twice_lowest": float(outputs.min()),
    "twice_highest": float(outputs.max()),
    "twice_loss_positive": float(-np.log(outputs.max())),
    "twice_loss_negative": float(-np.log1p(-outputs.min())),
    "ten_classes": float(np.log(10)),
}

# A score cannot tell wrong from very wrong if the charges are nearly equal.
assert values["brier_wrong_999"] / values["brier_wrong_90"] < 1.25
assert values["log_wrong_999"] / values["log_wrong_90"] > 2.9
assert values["twice_lowest"] >= 0.5, "no output below one half"
assert values["twice_highest"] < 0.7311

p = np.linspace(0.0005, 0.9995, 2000)
_, ax = plots.subplots(height=3.4)
ax.plot(p, log_loss(p), **plots.BCE_LINE)
ax.plot(p, brier(p), **plots.MSE_LINE)
plots.label(ax, 0.13, 2.6, "log loss", plots.BCE, ha="left")
plots.label(ax, 0.03, 1.25, "squared error, at most 1", plots.MSE, ha="left")
ax.set(xlabel="probability that was given to the true class", xlim=(0, 1), ylim=(-0.1, 5))
plots.name_y(ax, "penalty")

plots.finish()
