"""The accuracy that each docstring states, held against mpmath over the whole range of logits.

The bound is read from the docstring ("Accuracy: within 3 ulp"), so that text and test cannot drift apart. The oracle
evaluates the textbook formula, cancellation and all, with so many bits that it does not matter.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import mpmath
import numpy as np
import pytest

import mseclf

MP = mpmath.mp.clone()
MP.prec = 1400  # 1 - sigma(750) needs 1082 bits before its first digit
DTYPES = [np.float64, np.float32, np.float16]
LABELS = [0.0, 1.0]
SOFT_LABELS = [0.5, 1 / 3, 0.1, 0.75, 1e-10, 1 - 2**-20, 1 - 2**-53, 5e-324]


def structured_logits() -> list[float]:
    """Where a branch, a zero, a limit of a format or the end of the subnormal numbers lies; and their neighbours."""
    zeros = [0.0, 5e-324, 1e-310, 1e-16, 1e-8, 1e-3, float(np.log(2)), float(np.log(3)), float(np.log(9))]
    formats = [5.545, 7.625, 11.094, 16.6355, 23.8, 36.7368, 88.7228, 103.97, 709.783, 708.4, 744.44, 745.13, 750.0]
    plain = [0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 17.33, 100.0, 350.0, 372.0, 500.0]
    points = np.array(zeros + formats + plain)
    near = [np.nextafter(points, np.inf), np.nextafter(points, -np.inf), points]
    return [float(z) for z in np.concatenate(near)]


def logits(dtype: type, n_random: int) -> np.ndarray:
    rng = np.random.default_rng(20)
    random = [
        rng.uniform(0, 750, n_random),
        np.exp(rng.uniform(-23, 6.6, n_random)),
        np.abs(rng.normal(0, 3, n_random)),
    ]
    with np.errstate(under="ignore"):
        sizes = np.concatenate([structured_logits(), *random]).astype(dtype)
    return np.unique(np.concatenate([sizes, -sizes]))


def exact(x: float) -> mpmath.mpf:
    return MP.mpf(float(x))


def ulp(size: mpmath.mpf, dtype: type) -> mpmath.mpf:
    """The spacing of the numbers of a format at a size, subnormal numbers included."""
    info = np.finfo(dtype)
    exponent = int(MP.frexp(size)[1]) - 1 if size else info.minexp
    return MP.mpf(2) ** (max(exponent, int(info.minexp)) - info.nmant)


def stated_bound(function: Callable[..., object]) -> float:
    found = re.search(r"Accuracy: within (\d+) ulp", function.__doc__ or "")
    assert found, f"{function.__name__} states no accuracy"
    return float(found[1])


def allowed(function: Callable[..., object], dtype: type) -> float:
    """The stated bound in float64; the formats below only see the last rounding."""
    return stated_bound(function) if dtype is np.float64 else 0.51


@dataclass(frozen=True)
class OfLogit:
    """A function with its textbook formula in y and s = sigma(z), and the sum of the magnitudes of its terms."""

    function: Callable[..., np.ndarray]
    formula: Callable[..., mpmath.mpf]
    magnitude: Callable[..., mpmath.mpf] | None = None


def weight(y: mpmath.mpf, s: mpmath.mpf) -> mpmath.mpf:
    return (1 - y) * s + y * (1 - s)


def cross_entropy(y: mpmath.mpf, s: mpmath.mpf) -> mpmath.mpf:
    return (-y * MP.log(s) if y else 0) - ((1 - y) * MP.log(1 - s) if y < 1 else 0)


LINKS = [
    OfLogit(mseclf.sigmoid, lambda s: s),
    OfLogit(mseclf.sigmoid_derivative, lambda s: s * (1 - s)),
    OfLogit(mseclf.log_sigmoid, lambda s: MP.log(s)),
]
LOSS_FUNCTIONS = [
    OfLogit(mseclf.mse_loss, lambda y, s: (s - y) ** 2 / 2, lambda y, s: weight(y, s) ** 2 / 2),
    OfLogit(mseclf.mse_gradient_logit, lambda y, s: (s - y) * s * (1 - s), lambda y, s: weight(y, s) * s * (1 - s)),
    OfLogit(
        mseclf.mse_second_derivative_logit,
        lambda y, s: s * (1 - s) * (s * (1 - s) + (s - y) * (1 - 2 * s)),
        lambda y, s: s * (1 - s) * ((1 - y) * s * abs(2 - 3 * s) + y * (1 - s) * abs(3 * s - 1)),
    ),
    OfLogit(mseclf.bce_loss, cross_entropy),
    OfLogit(mseclf.bce_gradient_logit, lambda y, s: s - y, weight),
    OfLogit(mseclf.bce_second_derivative_logit, lambda y, s: s * (1 - s)),
]


def name(case: OfLogit) -> str:
    return case.function.__name__


@pytest.fixture(scope="module", params=DTYPES, ids=lambda dtype: dtype.__name__)
def grid(request: pytest.FixtureRequest) -> tuple[type, np.ndarray, list[mpmath.mpf]]:
    z = logits(request.param, 80)
    return request.param, z, [1 / (1 + MP.exp(-exact(v))) for v in z]


def worst_error(computed: np.ndarray, expected: list[mpmath.mpf], sizes: list[mpmath.mpf], dtype: type) -> float:
    assert computed.dtype == dtype
    assert np.isfinite(computed).all()
    return max(float(abs(exact(c) - e) / ulp(s, dtype)) for c, e, s in zip(computed, expected, sizes, strict=True))


@pytest.mark.parametrize("case", LINKS, ids=name)
def test_a_link_is_as_accurate_as_it_says(case, grid):
    dtype, z, sigma = grid
    with np.errstate(all="raise"):
        computed = case.function(z)
    expected = [case.formula(s) for s in sigma]
    assert worst_error(computed, expected, [abs(e) for e in expected], dtype) <= allowed(case.function, dtype)


@pytest.mark.parametrize("y", LABELS + SOFT_LABELS)
@pytest.mark.parametrize("case", LOSS_FUNCTIONS, ids=name)
def test_a_loss_is_as_accurate_as_it_says(case, y, grid):
    dtype, z, sigma = grid
    label = dtype(y)
    with np.errstate(all="raise"):
        computed = case.function(label, z)
    soft = case.magnitude is not None and 0 < label < 1
    expected = [case.formula(exact(label), s) for s in sigma]
    sizes = [case.magnitude(exact(label), s) for s in sigma] if soft else [abs(e) for e in expected]
    assert worst_error(computed, expected, sizes, dtype) <= allowed(case.function, dtype)


@pytest.mark.parametrize("k", [-0.9, -0.5, -0.25, 0.0, 0.3, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("y", [0.0, 1.0, 1 / 3, 5e-324])
def test_the_family_is_as_accurate_as_it_says(y, k):
    z = logits(np.float64, 15)
    y_, k_ = exact(y), exact(k)
    with np.errstate(all="raise"):
        gradient, curvature = mseclf.family_gradient_logit(y, z, k), mseclf.family_second_derivative_logit(y, z, k)
    for v, g, c in zip(z, gradient, curvature, strict=True):
        s = 1 / (1 + MP.exp(-exact(v)))
        power = (s * (1 - s)) ** k_
        bound = 8 + 2 * abs(k) + 2 * (1 + abs(k)) * abs(v)
        assert abs(exact(g) - (s - y_) * power) <= bound * ulp(weight(y_, s) * power, np.float64)
        terms = (1 - y_) * s * (abs(1 + k_) * (1 - s) + abs(k_) * s) + y_ * (1 - s) * (
            abs(1 + k_) * s + abs(k_) * (1 - s)
        )
        expected = power * (s * (1 - s) + k_ * (s - y_) * (1 - 2 * s))
        assert abs(exact(c) - expected) <= bound * ulp(terms * power, np.float64)


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
def test_logit_is_as_accurate_as_it_says(dtype):
    rng = np.random.default_rng(21)
    near = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    points = np.concatenate([rng.uniform(0, 1, 400), 0.5 + rng.normal(0, 1e-6, 100), np.exp(rng.uniform(-744, 0, 200))])
    with np.errstate(under="ignore"):
        p = np.concatenate([points, near, np.nextafter(near, 0.5), 1 - points]).astype(dtype)
    p = p[(p > 0) & (p < 1)]
    expected = [MP.log(exact(v) / (1 - exact(v))) for v in p]
    with np.errstate(all="raise"):
        computed = mseclf.logit(p)
    assert worst_error(computed, expected, [abs(e) for e in expected], dtype) <= allowed(mseclf.logit, dtype)


def test_the_oracle_sees_a_formula_that_cancels():
    """sigma(z) - 1 written as it stands loses seven digits at z = 23.8: a check that cannot see that proves nothing."""
    z, s = 23.8, 1 / (1 + MP.exp(exact(-23.8)))
    naive = mseclf.sigmoid(z) - 1
    assert abs(exact(naive) - (s - 1)) / ulp(abs(s - 1), np.float64) > 1e5
