"""Draws: the arguments with which a bound function is compared with its display.

Hard and soft labels, shapes that are not square, sizes of one, logits far out on both sides, and each float dtype: what
a slip in the code could hide behind.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, TypeAlias

import numpy as np

Data: TypeAlias = dict[str, np.ndarray]
Draw: TypeAlias = tuple[dict[str, int], Data]

FAR = (0.1, 0.75, 1.5, 3.0, 8.0, 17.0, 23.8, 37.0, 80.0, 300.0, 700.0)
SCALARS: Mapping[str, Sequence[float]] = {
    "y": (0.0, 1.0, 0.25, 0.9375),
    "z": (0.0, *(s * z for z in FAR for s in (1, -1))),
    "k": (0.0, 1.0, 0.5, -0.5, 2.0),
    "a": (1.0, 0.125, 2.0, 5.0, 10.0, 30.0, 300.0),
}
OTHERS = (0.25, 0.5, 0.75, 0.125, 0.9375, 1e-6)
SHAPES = ((1, 1), (1, 3), (3, 1), (4, 2), (2, 5))  # examples, features
CLASSES = (1, 2, 3, 5)
SMALL = (np.float32, np.float16)


def draws(names: Sequence[str], classes: Sequence[int] | None) -> Iterator[Draw]:
    """Sizes, and arrays by Python name.

    Args:
        names: the arguments of the function that are names.
        classes: numbers of classes, for a display over classes; else None.
    """
    if "X" in names:
        yield from batches(np.random.default_rng(20220210))
    elif classes is not None:
        yield from over_classes(classes, np.random.default_rng(20220210))
    else:
        yield from scalars(names)


def normal(generator: np.random.Generator, scale: float, *shape: int) -> np.ndarray:
    """Normal numbers of few bits, so that products are exact."""
    return np.round(scale * generator.normal(size=shape) * 64) / 64


def batches(generator: np.random.Generator) -> Iterator[Draw]:
    """Design matrices with hard labels, soft ones, and both; the logits reach some hundreds on both sides."""
    for m, n in SHAPES:
        for scale in (1.0, 8.0, 60.0):
            hard = generator.integers(0, 2, size=m).astype(float)
            soft = generator.integers(1, 64, size=m) / 64
            mixed = np.where(np.arange(m) % 2 == 0, soft, hard)
            for y in (hard, soft, mixed):
                data = {"X": normal(generator, 1.0, m, n), "theta": normal(generator, scale, n), "y": y}
                yield {"m": m, "n": n, "K": 1}, data
                if scale == 1.0:
                    yield from smaller({"m": m, "n": n, "K": 1}, data)


def over_classes(classes: Sequence[int], generator: np.random.Generator) -> Iterator[Draw]:
    """Logits of each number of classes, equal ones and extreme ones, with hard labels and soft ones."""
    for size in classes:
        soft = generator.integers(1, 32, size=size).astype(float)
        for scale in (0.0, 1.0, 10.0, 100.0, 300.0):
            z = normal(generator, scale, size)
            for y in (np.eye(size)[int(generator.integers(size))], soft / 2 ** np.ceil(np.log2(soft.sum()))):
                label = y.copy()
                label[-1] += 1 - label.sum()  # exactly one in all
                yield {"m": 1, "n": 1, "K": size}, {"z": z, "y": label}
                if scale == 1.0:
                    yield from smaller({"m": 1, "n": 1, "K": size}, {"z": z, "y": label})


def scalars(names: Sequence[str]) -> Iterator[Draw]:
    """Every combination of two arguments, the others in turn; smaller dtypes where the numbers are moderate."""
    sizes = {"m": 1, "n": 1, "K": 1}
    tables = [SCALARS.get(n, OTHERS) for n in names]
    for turn, pair in enumerate(product(*tables[:2])):
        mixed = (*pair, *(t[turn % len(t)] for t in tables[2:]))
        data = {n: np.array(v) for n, v in zip(names, mixed, strict=True)}
        yield sizes, data
        if turn % 3 == 0 and all(abs(v) <= 3 and v != OTHERS[-1] for v in mixed):
            yield from smaller(sizes, data)


def smaller(sizes: dict[str, int], data: Data) -> Iterator[Draw]:
    """The same numbers, which have few bits, in each smaller dtype."""
    for dtype in SMALL:
        yield sizes, {name: array.astype(dtype) for name, array in data.items()}


def error_allowed(data: Data, scale: float) -> float:
    """How far a result may be from the formula: rounding to the smallest dtype of the arguments, once."""
    dtype: np.dtype[Any] = np.result_type(*data.values()) if data else np.dtype(np.float64)
    if dtype == np.float64:
        return 1e-12 * scale + 1e-290
    kind = np.finfo(dtype)
    return float(kind.eps) * scale + float(kind.tiny)


def dtype_of(data: Data, arguments: Sequence[str | float]) -> np.dtype[Any]:
    """The dtype that the result must have: that of the arguments, float64 when none of them is an array."""
    arrays = [data[a] for a in arguments if isinstance(a, str)]
    return np.result_type(*arrays) if arrays else np.dtype(np.float64)
