"""Where does a floating-point format make the gradient exactly zero?

Claim: With the sigmoid computed as 1/(1 + exp(−z)), the squared error's gradient is exactly zero for a confident
    mistake: on y = 0 from z = B ln 2 on (B significand bits), on y = 1 once exp(−z) overflows. Cross-entropy from
    logits gives 1.
Source: docs/beyond/finite-precision.md (experiment E7)
Topics: gradient, saturation
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mseclf import plots
from mseclf.links import sigmoid
from mseclf.losses import bce_gradient_logit, bce_loss, mse_gradient_logit

Array = np.ndarray


def to_bfloat16(x: Array) -> Array:
    """Round float32 to bfloat16's 8 significant bits, ties to even; NumPy has no such type."""
    bits = np.asarray(x, dtype=np.float32).view(np.uint32).astype(np.uint64)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    return rounded.astype(np.uint32).view(np.float32)


@dataclass(frozen=True)
class Format:
    """A floating-point format: its name, significand bits, rounding, and the dtype that holds its numbers."""

    name: str
    bits: int
    round: Callable[[Array], Array]


FORMATS = (
    Format("bfloat16", 8, to_bfloat16),
    Format("float16", 11, lambda x: np.asarray(x, dtype=np.float16)),
    Format("float32", 24, lambda x: np.asarray(x, dtype=np.float32)),
    Format("float64", 53, lambda x: np.asarray(x, dtype=np.float64)),
)


def naive_sigmoid(z: Array, fmt: Format) -> Array:
    """Compute 1 / (1 + exp(-z)), rounded to the format after each operation."""
    with np.errstate(over="ignore"):
        growth = fmt.round(np.exp(fmt.round(-z)))
        return fmt.round(1 / fmt.round(1 + growth))


def naive_gradient(y: float, z: Array, fmt: Format) -> Array:
    """Compute (s - y) s (1 - s) from the naive sigmoid, rounded after each operation."""
    s = naive_sigmoid(z, fmt)
    return fmt.round(fmt.round(fmt.round(s - fmt.round(y)) * s) * fmt.round(1 - s))


def first(is_dead: Callable[[Array], Array], fmt: Format, far: float) -> float:
    """Return the number of the format nearest to zero, on the side of `far`, for which `is_dead` holds."""
    alive, dead = 0.0, far
    assert is_dead(fmt.round(far))
    while True:
        middle = float(fmt.round((alive + dead) / 2))
        if middle in (alive, dead):
            return dead
        alive, dead = (alive, middle) if is_dead(fmt.round(middle)) else (middle, dead)


values: dict[str, float] = {}
for fmt in FORMATS:
    values[f"{fmt.name}_ln2"] = fmt.bits * np.log(2)
    values[f"{fmt.name}_high"] = first(lambda z, fmt=fmt: naive_gradient(0.0, z, fmt) == 0, fmt, 60.0)
    values[f"{fmt.name}_low"] = first(lambda z, fmt=fmt: naive_gradient(1.0, z, fmt) == 0, fmt, -1000.0)
for fmt in FORMATS[:3]:  # computed in float64 and rounded once, at the end
    values[f"{fmt.name}_once"] = first(lambda z, fmt=fmt: fmt.round(sigmoid(np.float64(z))) == 1, fmt, 60.0)

# The same mistakes, from logits: nothing dies.
z_64 = values["float64_high"]
with np.errstate(divide="ignore"):
    values["naive_loss"] = float(-np.log(1 - naive_sigmoid(np.float64(z_64), FORMATS[3])))
values["logit_loss"] = float(bce_loss(0.0, z_64))
values["float16_probability"] = float(sigmoid(values["float16_high"]))
values["logit_gradient"] = float(bce_gradient_logit(0.0, z_64))
values["stable_mse_gradient"] = float(mse_gradient_logit(0.0, z_64))

for fmt in FORMATS:
    spacing = 2.0 ** (np.floor(np.log2(values[f"{fmt.name}_ln2"])) - fmt.bits + 1)
    gap = abs(values[f"{fmt.name}_high"] - values[f"{fmt.name}_ln2"])
    assert gap <= spacing, f"{fmt.name}: the first logit with a sigmoid of one is B ln 2, rounded to the format"
for fmt in FORMATS[:3]:
    later = values[f"{fmt.name}_once"] - values[f"{fmt.name}_high"]
    assert abs(later - np.log(2)) < 0.05, f"{fmt.name}: rounded once, the sigmoid becomes one log 2 later"
lows = [values[f"{fmt.name}_low"] for fmt in FORMATS]
assert np.allclose(lows, [-89.0, -11.09375, -88.7228, -709.7827], rtol=1e-6), "where exp(-z) overflows"
assert values["naive_loss"] == np.inf
assert values["logit_gradient"] == 1.0
assert values["logit_loss"] == z_64
assert 0 < values["stable_mse_gradient"] < 2e-16

_, ax = plots.subplots(height=2.9)
for row, fmt in enumerate(reversed(FORMATS)):
    low, high = values[f"{fmt.name}_low"], values[f"{fmt.name}_high"]
    ax.barh(row, high - low, left=low, height=0.5, color=plots.MSE, alpha=0.85)
    ax.annotate(f"−{-low:.1f}", (low, row), xytext=(-4, 0), textcoords="offset points", ha="right", va="center")
    ax.annotate(f"{high:.1f}", (high, row), xytext=(4, 0), textcoords="offset points", ha="left", va="center")
plots.label(ax, -9000, 4.0, "y = 1: exactly zero", plots.INK, ha="left", xytext=(6, 0))
plots.label(ax, -1, 4.0, "not zero", plots.MSE, ha="center")
plots.label(ax, 300, 4.0, "y = 0: zero", plots.INK, ha="right")
ax.set_xscale("symlog", linthresh=10, linscale=1)
ax.set(xlim=(-9000, 300), ylim=(-0.6, 4.4), xlabel="logit $z$")
ax.set_yticks(range(4), [fmt.name for fmt in reversed(FORMATS)])
ax.set_xticks([-1000, -100, -10, 0, 10, 100])
plots.plain_numbers(ax.xaxis)
ax.axvline(0, color=plots.MUTED, linewidth=0.8)

plots.finish()
