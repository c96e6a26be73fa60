"""Does a hidden layer change the story?

Claim: In a two-layer network too, the squared error's gradient is σ′(z) times cross-entropy's, example by example
    and layer by layer; from a confident wrong output bias it waits on a plateau that grows exponentially, at any rate
    of a grid.
Source: docs/beyond/any-network.md (experiment E9)
Topics: gradient, saturation, training
Time limit: 120 s
"""

from dataclasses import dataclass

import numpy as np

from mseclf import plots
from mseclf.links import sigmoid_derivative
from mseclf.losses import LOSSES

HIDDEN = 16
TARGET = 0.95
BUDGET = 40_000
# At z = 0 the gradient of MSE is a quarter of BCE's, so the first rates match there; each loss may take a larger one.
RATES = {"mse": np.array([2.0, 8.0, 32.0, 128.0]), "bce": np.array([0.5, 2.0, 8.0, 32.0])}
SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Network:
    """A batch of networks 2-16-1, one per run: z = v tanh(W x) + c, where x ends with a 1 for the hidden biases."""

    W: np.ndarray  # (n_runs, HIDDEN, 3)
    v: np.ndarray  # (n_runs, 1, HIDDEN)
    c: np.ndarray  # (n_runs, 1, 1)

    def runs(self, chosen: np.ndarray) -> "Network":
        """Some of the runs, by number or by a mask."""
        return Network(self.W[chosen], self.v[chosen], self.c[chosen])


def start(output_bias: float, seeds: tuple[int, ...] = SEEDS) -> Network:
    """Draw the usual uniform start, +-1/sqrt(fan-in), one per seed, and set the output bias."""
    draws = [np.random.default_rng(seed) for seed in seeds]
    wide, narrow = 1 / np.sqrt(2), 1 / np.sqrt(HIDDEN)
    W = np.stack([rng.uniform(-wide, wide, (3, HIDDEN)).T for rng in draws])
    v = np.stack([rng.uniform(-narrow, narrow, (1, HIDDEN)) for rng in draws])
    return Network(W, v, np.full((len(seeds), 1, 1), float(output_bias)))


def two_moons(m: int = 200, noise: float = 0.1, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return two interleaved half circles, X of shape (3, m) with a last row of ones, and y of shape (m,)."""
    t = np.linspace(0, np.pi, m // 2)
    upper = np.stack([np.cos(t), np.sin(t)], axis=1)
    X = np.concatenate([upper, [1.0, 0.5] - upper])
    X = X + noise * np.random.default_rng(seed).standard_normal(X.shape)
    return np.column_stack([X, np.ones(m)]).T, np.repeat([0.0, 1.0], m // 2)


def forward(net: Network, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the hidden activations (n_runs, HIDDEN, m) and the logits (n_runs, 1, m)."""
    hidden = np.tanh(net.W @ X)
    return hidden, net.v @ hidden + net.c


def backward(net: Network, X: np.ndarray, hidden: np.ndarray, slope: np.ndarray) -> Network:
    """Carry dL/dz of each example, `slope` (n_runs, 1, m), back to every parameter and sum over the examples."""
    inner = slope * (1 - hidden**2)
    return Network(W=net.v.mT * (inner @ X.mT), v=slope @ hidden.mT, c=slope.sum(axis=-1, keepdims=True))


def push(name: str, margin: np.ndarray) -> np.ndarray:
    """-dL/du at the margin u, the logit with the label's sign: one formula for both labels."""
    wrong = 1 / (1 + np.exp(margin))  # the probability of the false class
    return wrong * wrong * (1 - wrong) if name == "mse" else wrong


def train(name: str, rate: float | np.ndarray, net: Network, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Run full-batch descent; return for each run the first step with 95 % of the examples right (NaN: never).

    The rate is one number, or one for each run. A run that has arrived is dropped from the batch.
    """
    first = np.full(len(net.W), np.nan)
    rate = np.broadcast_to(rate, len(first))[:, None, None]
    on_the_way, sign = np.arange(len(first)), 2 * y - 1
    for step in range(BUDGET + 1):
        hidden, z = forward(net, X)
        margin = sign * z
        arrived = np.count_nonzero(margin > 0, axis=(1, 2)) >= TARGET * len(y)
        if arrived.any():
            first[on_the_way[arrived]] = step
            on_the_way, rate, net = on_the_way[~arrived], rate[~arrived], net.runs(~arrived)
            hidden, margin = hidden[~arrived], margin[~arrived]
        if not on_the_way.size:
            break
        gradient = backward(net, X, hidden, push(name, margin) * (-sign / len(y)))
        net = Network(*(getattr(net, k) - rate * getattr(gradient, k) for k in ("W", "v", "c")))
    return first


def largest_difference(net: Network, X: np.ndarray, y: np.ndarray) -> float:
    """Compare each example's two gradients in every layer; return the largest relative difference from sigma'(z)."""
    x, y = X.T[:, None, :, None], y[:, None, None, None]  # the first axis is that of the examples
    hidden, z = forward(net, x)
    mse, bce = (backward(net, x, hidden, LOSSES[name].gradient_logit(y, z)) for name in ("mse", "bce"))
    worst = 0.0
    for layer in ("W", "v", "c"):
        expected = sigmoid_derivative(z) * getattr(bce, layer)
        size = np.abs(expected).max(axis=(1, 2, 3), keepdims=True)
        worst = max(worst, float((np.abs(getattr(mse, layer) - expected) / size).max()))
    return worst


def main() -> dict[str, float]:
    """Measure the plateau for several output biases and check the identity."""
    X, y = two_moons()
    biases = [0.0, -4.0, -8.0, -10.0, -12.0]
    starts = [start(c) for c in biases]
    values: dict[str, float] = {"largest_difference": max(largest_difference(net, X, y) for net in starts)}
    together = Network(*(np.concatenate([getattr(net, k) for net in starts]) for k in ("W", "v", "c")))
    matched: dict[str, np.ndarray] = {}
    for name, rates in RATES.items():
        runs = np.repeat(np.arange(len(together.W)), len(rates))  # each start at each rate
        counts = train(name, np.tile(rates, len(together.W)), together.runs(runs), X, y)
        counts = counts.reshape(len(biases), len(SEEDS), len(rates))
        matched[name] = counts[:, :, 0]
        median = np.median(counts, axis=1)  # NaN if a run did not arrive
        print(f"{name}: median steps from each bias {biases}")
        for rate, row in zip(rates, median.T, strict=True):
            print(f"  rate {rate:<4g}", *(f"{count:g}" for count in row))
        for c, per_seed, of_rates in zip(biases, matched[name], median, strict=True):
            values |= {
                f"{name}_{abs(c):.0f}_seed{seed}": n for seed, n in zip(SEEDS, per_seed.astype(int), strict=True)
            }
            values[f"{name}_{abs(c):.0f}_best"] = float(np.nanmin(of_rates))
            values[f"{name}_{abs(c):.0f}_rate"] = float(rates[np.nanargmin(of_rates)])
    values["ratio_12_best"] = values["mse_12_best"] / values["bce_12_best"]
    draw(np.abs(biases), matched)
    return values


def draw(a: np.ndarray, steps: dict[str, np.ndarray]) -> None:
    """Draw the steps against the start: a flat line and an exponential."""
    _, ax = plots.subplots(height=3.3)
    for name, line, marker in (("bce", plots.BCE_LINE, "o"), ("mse", plots.MSE_LINE, "s")):
        ax.plot(a, np.median(steps[name], axis=1), **line)
        ax.plot(a, steps[name], marker, color=line["color"], markersize=5)
    ax.set(yscale="log", ylim=(100, 1e5), xlabel="start $a$: the output bias is $-a$")
    plots.name_y(ax, "steps to 95 % accuracy")
    plots.plain_numbers(ax.yaxis)
    plots.label(ax, 6, 190, "cross-entropy", plots.BCE, ha="center")
    plots.label(ax, 9.8, 6500, "squared error", plots.MSE, ha="right")


values = main()

margins = np.linspace(-15, 15, 31)
for name in RATES:
    assert np.allclose(push(name, margins), -LOSSES[name].gradient_logit(1, margins))
assert values["largest_difference"] < 1e-15, "one factor per example, the same in every layer, up to rounding"
for seed in SEEDS:
    assert values[f"mse_12_seed{seed}"] > 20_000, "still on the plateau after 20,000 steps"
    assert values[f"bce_12_seed{seed}"] < 500, "cross-entropy does not notice the bias"
    growth = values[f"mse_12_seed{seed}"] / values[f"mse_10_seed{seed}"]
    assert 0.8 < growth / np.exp(2) < 1.2, "two more units of logit: about e^2 times as many steps"
assert values["ratio_12_best"] > 5, "each loss at its own fastest rate: the plateau is shorter and still there"
assert values["mse_12_best"] > 3 * values["mse_8_best"]
assert max(values["bce_0_best"], values["mse_0_best"]) < 400, "from zero neither waits"

plots.finish()
