"""precision.js against NumPy's own float16 and float32, exact fractions for bfloat16, and the package for float64."""

import math
from fractions import Fraction

import numpy as np
import pytest

import mseclf

LIMITS = {"bfloat16": (8, -126, 127), "float16": (11, -14, 15), "float32": (24, -126, 127)}


def hard_to_round(seed: int, name: str) -> list[float]:
    """Doubles on, beside and halfway between the format's numbers, tiny, huge, and of both signs."""
    bits, low, high = LIMITS[name]
    rng = np.random.default_rng(seed)
    exponents = rng.integers(low - bits - 2, high + 2, 3000)
    halves = np.ldexp(rng.integers(2 ** (bits - 1), 2 ** (bits + 1), 3000) * 0.5, exponents - bits + 1)
    beside = np.nextafter(halves, rng.choice([-np.inf, np.inf], 3000))
    plain = np.ldexp(rng.random(3000) + 1, exponents)
    smallest, largest = 2.0 ** (low - bits + 1), (2 - 2.0 ** (1 - bits)) * 2.0**high
    edges = [
        0.0,
        smallest,
        smallest / 2,
        smallest / 2 * (1 + 1e-15),
        largest,
        largest * (1 + 2.0 ** -(bits + 1)),
        5e-324,
        1e308,
    ]
    values = np.concatenate([halves, beside, plain, edges])
    return [float(v) for v in np.concatenate([values, -values])]


def exact(value: float, bits: int, low: int, high: int) -> float:
    """Round to nearest, ties to even, in rational arithmetic."""
    size = Fraction(abs(value))
    if size == 0:
        return value
    exponent = math.frexp(abs(value))[1] - 1
    unit = Fraction(2) ** (max(exponent, low) - bits + 1)
    rounded = round(size / unit) * unit  # Python rounds a Fraction half to even
    return math.copysign(math.inf if rounded >= Fraction(2) ** (high + 1) else float(rounded), value)


@pytest.mark.parametrize("name", LIMITS)
def test_every_format_rounds_as_exact_arithmetic_does(precision_js, name):
    values = hard_to_round(1, name)
    got = precision_js("(n, v) => v.map(lib.FORMATS[n].round)", name, values)
    assert got == [exact(v, *LIMITS[name]) for v in values]


def test_our_own_float16_is_numpys(precision_js):
    values = hard_to_round(2, "float16")
    with np.errstate(over="ignore"):
        want = np.array(values).astype(np.float16).astype(float).tolist()
    assert precision_js("(v) => v.map(lib.roundFloat16)", values) == want


def test_not_a_number_and_infinities_pass(precision_js):
    got = precision_js(
        "() => Object.values(lib.FORMATS).map(({ round }) => [round(NaN), round(Infinity), round(-Infinity)])"
    )
    assert all(math.isnan(a) and b == math.inf and c == -math.inf for a, b, c in got)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_naive_formula_is_numpys_operation_by_operation(precision_js, dtype):
    rng = np.random.default_rng(3)
    one = dtype(1)
    cases = [
        (float(y), float(z))
        for y, z in zip(rng.integers(0, 2, 800), rng.normal(size=800) * rng.choice([2, 12, 90], 800), strict=True)
    ]
    got = precision_js("(f, c) => c.map(([y, z]) => lib.evaluate(f, 'naive', y, z))", np.dtype(dtype).name, cases)
    for (y, z), result in zip(cases, got, strict=True):
        with np.errstate(over="ignore", under="ignore"):
            # The exponential is float64's, rounded: as the module states.
            s = one / (one + dtype(math.exp(-float(dtype(z)))))
            slope = s * (one - s)
            rest = s - dtype(y)
            want = [s, slope, rest * slope, rest, (rest * rest) / dtype(2)]
        have = [
            result["s"],
            result["slope"],
            result["mse"]["gradient"],
            result["bce"]["gradient"],
            result["mse"]["loss"],
        ]
        if dtype is np.float64:  # Python's and QuickJS's exp may differ in the last place
            np.testing.assert_allclose(have, [float(v) for v in want], rtol=1e-13, atol=3e-16)
        else:
            assert have == [float(v) for v in want]


def test_stable_float64_is_the_package(precision_js):
    rng = np.random.default_rng(4)
    y, z = rng.random(500), rng.normal(size=500) * rng.choice([1, 10, 100], 500)
    got = precision_js(
        "(y, z) => y.map((_, i) => lib.evaluate('float64', 'stable', y[i], z[i]))", y.tolist(), z.tolist()
    )
    for name in ("mse", "bce"):
        loss = mseclf.LOSSES[name]
        np.testing.assert_allclose([g[name]["loss"] for g in got], loss.loss(y, z), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(
            [g[name]["gradient"] for g in got], loss.gradient_logit(y, z), rtol=1e-12, atol=1e-15
        )


# As in docs/beyond/finite-precision.md: for y = 1 exp(-z) overflows, for y = 0 the sigmoid rounds to 1 near t ln 2.
@pytest.mark.parametrize(
    ("name", "bits", "for_one"),
    [("bfloat16", 8, -89.0), ("float16", 11, -11.094), ("float32", 24, -88.7228), ("float64", 53, -709.783)],
)
def test_where_the_naive_gradient_dies(precision_js, name, bits, for_one):
    one, zero = precision_js("(f) => [1, 0].map((y) => lib.deadLogit(f, 'naive', y))", name)
    assert one == pytest.approx(for_one, rel=5e-5)
    threshold = bits * math.log(2)
    assert abs(zero - threshold) <= 2.0 ** (math.frexp(threshold)[1] - bits)


@pytest.mark.parametrize("form", ["naive", "stable"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dead_logit_is_the_first_one(precision_js, form, dtype):
    name = np.dtype(dtype).name
    for y in (0, 1):
        dead = precision_js("lib.deadLogit", name, form, y)
        alive = float(np.nextafter(dtype(dead), dtype(0)))
        at = precision_js(
            "(f, m, y, z) => z.map((v) => lib.evaluate(f, m, y, v).mse.gradient)", name, form, y, [dead, alive]
        )
        assert at[0] == 0
        assert at[1] != 0


def test_dead_for_mse_and_for_bce_on_probabilities_but_not_from_the_logit(precision_js):
    for name, z in (("float16", 8), ("float32", 17), ("float64", 37)):
        result = precision_js("lib.evaluate", name, "naive", 0, z)
        assert result["mse"]["gradient"] == 0
        assert result["bce"]["loss"] == math.inf
        assert math.isnan(result["bce"]["product"])
        assert result["bce"]["gradient"] == 1
        stable = precision_js("lib.evaluate", name, "stable", 0, z)
        assert stable["bce"]["loss"] == pytest.approx(z, rel=1e-3)
        assert stable["mse"]["gradient"] > 0
