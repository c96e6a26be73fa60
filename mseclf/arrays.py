"""What goes in and what comes out of the numerical modules: checked float64 arrays, and the caller's dtype.

Every function of `mseclf.links` and `mseclf.losses` follows the same three rules.

* **dtype.** float16, float32 and float64 come back as they went in. A number or list without a dtype and an integer
  or boolean array follow the other arguments; if none of these is a float, the result is float64.
* **Precision.** The arithmetic is done in float64 and rounded once to that dtype, so float16 and float32 results are
  within 0.51 ulp wherever the float64 result is good.
* **Refusal.** Input that makes no sense gets a `ValueError` that names the rule and the first value that breaks it.

Underflow is not an error here: a probability of e^-1000 *is* 0 in float64.

"Accuracy: within 3 ulp (measured: 2.0)" in a docstring is about float64: an ulp is the spacing of the numbers at the
exact result, the bound is tested against mpmath for logits from -750 to 750, subnormal results included, and the number
in brackets is the largest error among 24,000 such logits (NumPy 2.4 on x86-64).
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
"""An array, or the NumPy scalar that a scalar argument gives back."""
Float64Array: TypeAlias = NDArray[np.float64]
Dtype: TypeAlias = np.dtype[Any]

_FLOATS = (np.dtype(np.float16), np.dtype(np.float32), np.dtype(np.float64))


def common_dtype(**arguments: ArrayLike) -> Dtype:
    """The dtype of the result: NumPy's promotion of the float arguments, float64 if there is none."""
    floats = []
    for name, value in arguments.items():
        dtype = np.asarray(value).dtype
        if dtype.kind == "f" and dtype in _FLOATS:
            if hasattr(value, "dtype"):  # a Python number or list has no precision of its own
                floats.append(dtype)
        elif dtype.kind not in "iub":
            raise ValueError(f"{name} must be real numbers in float16, float32 or float64: got dtype {dtype}")
    return np.result_type(*floats) if floats else np.dtype(np.float64)


def as_float64(value: ArrayLike) -> Float64Array:
    """The argument as a float64 array, not copied when it is one."""
    return np.asarray(value, dtype=np.float64)


def rounded(value: ArrayLike, dtype: Dtype) -> FloatArray:
    """The result in the caller's dtype: an array, or a NumPy scalar if there are no axes."""
    with np.errstate(under="ignore", over="ignore"):
        result: FloatArray = np.asarray(value).astype(dtype, copy=False)[()]
    return result


def refuse(broken: NDArray[np.bool_] | np.bool_, name: str, rule: str, value: Float64Array) -> None:
    """Raise `ValueError` for the first element that breaks the rule, saying where it is."""
    if not broken.any():
        return
    index = tuple(int(i) for i in np.argwhere(broken)[0])
    where = f" at index {index[0] if len(index) == 1 else index}" if index else ""
    raise ValueError(f"{name} must {rule}: got {float(value[index])}{where}")


def logits(z: ArrayLike, name: str = "z") -> Float64Array:
    """Logits: any real number and ±inf, not NaN."""
    z = as_float64(z)
    refuse(np.isnan(z), name, "not be NaN", z)
    return z


def probabilities(p: ArrayLike, name: str = "y") -> Float64Array:
    """Labels or probabilities: numbers in [0, 1], so not NaN either."""
    p = as_float64(p)
    refuse(~((p >= 0) & (p <= 1)), name, "be in [0, 1]", p)
    return p


def finite(value: ArrayLike, name: str) -> Float64Array:
    """Finite numbers: parameters and inputs, whose products have no meaning at infinity."""
    value = as_float64(value)
    refuse(~np.isfinite(value), name, "be finite", value)
    return value


def check_broadcast(**arrays: Float64Array) -> None:
    """Raise `ValueError` unless the arrays fit each other under NumPy's broadcasting."""
    try:
        np.broadcast_shapes(*(a.shape for a in arrays.values()))
    except ValueError:
        shapes = " and ".join(str(a.shape) for a in arrays.values())
        raise ValueError(f"{' and '.join(arrays)} must have shapes that broadcast: got {shapes}") from None


def times(a: ArrayLike, b: ArrayLike) -> Float64Array:
    """a·b with 0·∞ = 0: a term whose weight is 0 is absent, whatever it would have been."""
    a, b = as_float64(a), as_float64(b)
    with np.errstate(invalid="ignore"):
        product: Float64Array = np.where((a == 0) | (b == 0), 0.0, a * b)
    return product
