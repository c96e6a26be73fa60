"""Which method shortens the plateau of the squared error, and which removes it?

Claim: Momentum and a tenfold rate divide the plateau by ten and leave it exponential. Weight decay ends it in a time
    that grows with the logarithm of the logit. Divided by the Bernoulli Fisher information, the squared error's step is
    cross-entropy's; Gauss-Newton overshoots, and Newton's method walks away. On data from bad starts the methods that
    divide need a small share of the steps.
Source: docs/beyond/rates-and-regularisation.md (experiment E20)
Topics: training, curvature
Time limit: 60 s
"""

import numpy as np

from mseclf import LOSSES, bce_gradient_logit, mse_gradient_logit, mse_second_derivative_logit, plots, sigmoid
from mseclf import sigmoid_derivative as slope

START, BUDGET, MOMENTUM, DECAY = -8.0, 20_000, 0.9, 1e-2
N_STARTS, M, TARGET = 24, 200, 0.95

# One positive example with input 1, so that the weight is the logit: what each method adds in a step.
STEPS = {
    "descent": lambda z: -mse_gradient_logit(1, z),
    "ten": lambda z: -10 * mse_gradient_logit(1, z),
    "decay": lambda z: -mse_gradient_logit(1, z) - DECAY * z,
    "fisher": lambda z: -mse_gradient_logit(1, z) / slope(z),
    "gauss_newton": lambda z: -mse_gradient_logit(1, z) / slope(z) ** 2,
    "newton": lambda z: -mse_gradient_logit(1, z) / mse_second_derivative_logit(1, z),
    "bce": lambda z: -bce_gradient_logit(1, z),
}


def follow(step, n_steps: int = BUDGET, momentum: float = 0.0) -> np.ndarray:
    """The logits from the start to the first one that is not negative, or for n_steps."""
    path, speed = [START], 0.0
    while path[-1] < 0 and len(path) <= n_steps:
        speed = momentum * speed + float(step(path[-1]))
        path.append(path[-1] + speed)
    return np.array(path)


paths = {name: follow(step, 10 if name == "newton" else BUDGET) for name, step in STEPS.items()}
paths["momentum"] = follow(STEPS["descent"], momentum=MOMENTUM)

# Many examples: logistic data with two inputs and a bias, from random starts of scale 10, all starts at once.
random = np.random.default_rng(0)
X = np.column_stack([random.standard_normal((M, 2)), np.ones(M)])
y = (X @ [3.0, -2.0, 0.5] + random.logistic(size=M) > 0).astype(float)
starts = 10 * random.standard_normal((N_STARTS, 3))


def accuracy(theta: np.ndarray) -> np.ndarray:
    """The share of right examples of each start."""
    right: np.ndarray = np.mean((theta @ X.T > 0) == y, axis=-1)
    return right


def descend(name: str, ways: list[tuple[float, float, float]], budget: int = 4000) -> np.ndarray:
    """The first step at which each start comes within the target of the best accuracy; inf if none does.

    The ways, one row of the result for each, are a rate, a momentum and a weight decay.
    """
    rate, momentum, decay = (np.repeat(column, N_STARTS)[:, None] for column in zip(*ways, strict=True))
    theta = np.tile(starts, (len(ways), 1))  # all ways from all starts at once
    speed, first, signed = np.zeros_like(theta), np.full(len(theta), np.inf), X * (2 * y - 1)[:, None]
    on_the_way = np.arange(len(theta))
    for step in range(budget):
        margin = theta @ signed.T
        arrived = np.count_nonzero(margin > 0, axis=1) >= TARGET * best * M
        if arrived.any():
            first[on_the_way[arrived]] = step
            on_the_way, margin, theta, speed, rate, momentum, decay = (
                part[~arrived] for part in (on_the_way, margin, theta, speed, rate, momentum, decay)
            )
        if not on_the_way.size:
            break
        growth = np.exp(np.minimum(margin, 700))
        wrong = 1 / (1 + growth)  # the probability of the false class; the true one's is growth * wrong
        push = growth * wrong * wrong * wrong if name == "mse" else wrong
        speed = momentum * speed + rate * (push @ signed / M - decay * theta)
        theta = theta + speed
    return first.reshape(len(ways), N_STARTS)


def scoring(name: str, weight: str, budget: int = 200) -> np.ndarray:
    """The same for steps divided by a curvature, X^T diag(w) X / m, damped until the loss does not rise."""
    theta, damping, first = starts.copy(), np.full(N_STARTS, 1e-3), np.full(N_STARTS, np.inf)
    for step in range(budget):
        first[(accuracy(theta) >= TARGET * best) & np.isinf(first)] = step
        if np.isfinite(first).all():
            break
        z = theta @ X.T
        push, bend = -LOSSES[name].gradient_logit(y, z), slope(z) ** (2 if weight == "gauss_newton" else 1)
        curvature = np.einsum("rm,mi,mj->rij", bend, X, X) / M + damping[:, None, None] * np.eye(3)
        moved = theta + np.linalg.solve(curvature, (push @ X / M)[..., None])[..., 0]
        better = np.mean(LOSSES[name].loss(y, moved @ X.T) - LOSSES[name].loss(y, z), axis=-1) <= 0
        theta = np.where(better[:, None], moved, theta)
        damping = np.clip(np.where(better, damping / 3, damping * 4), 1e-12, 1e12)
    return first


theta = np.zeros(3)
for _ in range(30):  # maximum likelihood, by scoring
    s = sigmoid(X @ theta)
    theta = theta + np.linalg.solve((X.T * (s * (1 - s))) @ X, X.T @ (y - s))
best = float(accuracy(theta[None])[0])


def trap(decay: float, n_copies: int = 20, n_steps: int = 20_000) -> np.ndarray:
    """The logits of the three points of the separable trap where descent with decay leaves them: MSE, then BCE."""
    points, weight = np.array([[0.1, 1], [0.1, -1], [-1, 11]]), np.array([n_copies, n_copies, 1]) / (2 * n_copies + 1)
    theta = np.zeros((2, 2))
    for _ in range(n_steps):
        p = 1 / (1 + np.exp(-theta @ points.T))  # of the true class: the labels are in the signs of the points
        push = weight * (1 - p)
        push[0] *= p[0] * (1 - p[0])
        theta = theta + push @ points - decay * theta
    return theta @ points.T


rates = (1.0, 10.0, 100.0)
plain = [(rate, 0.0, 0.0) for rate in rates]
*by_rate, with_momentum, with_decay = descend("mse", [*plain, (1.0, MOMENTUM, 0.0), (1.0, 0.0, DECAY)])
runs = {f"mse_rate_{rate:g}": first for rate, first in zip(rates, by_rate, strict=True)}
runs |= {f"bce_rate_{rate:g}": first for rate, first in zip(rates, descend("bce", plain), strict=True)}
runs |= {"mse_momentum": with_momentum, "mse_decay": with_decay}
runs["mse_fisher"] = scoring("mse", "fisher")
runs["mse_gauss_newton"] = scoring("mse", "gauss_newton")
runs["bce_newton"] = scoring("bce", "fisher")

values: dict[str, float] = {"n_starts": N_STARTS, "m": M, "best": best, "decay": DECAY, "start": -START}
values |= {f"one_{name}": len(path) - 1 for name, path in paths.items()}
values |= {"newton_end": float(paths["newton"][-1]), "gauss_newton_end": float(paths["gauss_newton"][-1])}
for name, z in zip(("mse", "bce"), trap(1e-4), strict=True):
    values |= {f"trap_{name}_copies": float(z[:2].min()), f"trap_{name}_lone": float(z[2])}
for name, first in runs.items():
    low, middle, high = np.quantile(first, [0.25, 0.5, 0.75], method="closest_observation")
    print(f"{name}: quartiles {low:g}, {middle:g}, {high:g}; never {np.isinf(first).sum()}")
    values |= {f"{name}_low": float(low), name: float(middle), f"{name}_high": float(high)}
    values[f"{name}_never"] = int(np.isinf(first).sum())

assert len(paths["fisher"]) == len(paths["bce"]), "divided by the Fisher information: cross-entropy's path"
assert np.allclose(paths["fisher"], paths["bce"], rtol=0, atol=1e-9), (
    "divided by the Fisher information: cross-entropy's"
)
assert np.all(np.diff(paths["newton"]) < -1), "Newton's method walks away, by more than one unit a step"
assert values["gauss_newton_end"] > 300 * values["start"], "the undamped Gauss-Newton step overshoots"
assert values["trap_mse_lone"] < -10 < values["trap_bce_lone"] < 0, "decay makes the bad minimum finite, not good"
assert 8 < values["one_descent"] / values["one_ten"] < 12, "ten times the rate, a tenth of the plateau"
assert 7 < values["one_descent"] / values["one_momentum"] < 11, "and momentum 0.9 does the same"
assert values["one_decay"] < np.log(values["start"]) / -np.log(1 - DECAY), "decay: at most the logarithm over the decay"
for name in ("mse_fisher", "mse_gauss_newton"):
    assert values[f"{name}_high"] < 0.1 * values["mse_rate_1_low"], "what divides needs far fewer steps"
    assert values[f"{name}_never"] == 0, "and leaves no start behind"
assert np.isinf(values["mse_rate_1_high"]), "plain descent leaves more than a quarter of the starts behind"
assert values["mse_decay_high"] < values["mse_rate_1_low"], "decay shortens it"
assert values["mse_decay_never"] == 0 < values["mse_rate_100_never"], (
    "for the starts that no rate of the grid frees as well"
)
assert values["mse_decay"] > 3 * values["bce_rate_1"], "but cross-entropy's plain descent stays ahead"

shown = {
    "bce_newton": ("cross-entropy, Newton", plots.BCE),
    "bce_rate_1": ("cross-entropy, rate 1", plots.BCE),
    "mse_gauss_newton": ("MSE, Gauss–Newton", plots.MSE),
    "mse_fisher": ("MSE, by Fisher information", plots.MSE),
    "mse_rate_100": ("MSE, rate 100", plots.MSE),
    "mse_decay": ("MSE, weight decay", plots.MSE),
    "mse_momentum": ("MSE, momentum 0.9", plots.MSE),
    "mse_rate_1": ("MSE, rate 1", plots.MSE),
}
_, ax = plots.subplots(height=3.9)
for row, (name, (_, color)) in enumerate(shown.items()):
    low, middle, high = (min(values[f"{name}{end}"], 4000) for end in ("_low", "", "_high"))
    ax.plot([low, high], [row, row], color=color, linewidth=1.6)
    ax.plot([middle], [row], "o" if color == plots.BCE else "s", color=color, markersize=8)
    if np.isinf(values[f"{name}_high"]):
        ax.plot([high], [row], ">", color=color, markersize=8)
ax.set_yticks(range(len(shown)), [words for words, _ in shown.values()])
ax.invert_yaxis()
ax.set(xscale="log", xlabel="steps", xticks=[1, 10, 100, 1000])
plots.plain_numbers(ax.xaxis)

plots.finish()
