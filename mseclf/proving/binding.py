"""`code: mse_gradient_logit(y, z)`: the formula as typed against the NumPy function, extreme points included.

The reference is the display itself, to as many digits as the point needs; the function is called in float64.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import mpmath as mp
import numpy as np
import sympy as sp

import mseclf
from mseclf.proving.elaborate import Expressions
from mseclf.proving.errors import FormulaError, TypeTrouble, Undefined
from mseclf.proving.hypotheses import elaborator
from mseclf.proving.numeric import evaluate
from mseclf.proving.parse import Node
from mseclf.proving.scope import Scope
from mseclf.proving.tensors import Tensor, Value
from mseclf.proving.verdict import Binding

TOLERANCE = 1e-12
SCALARS = {
    "y": [0.0, 1.0, 0.25],
    "z": [0.0, *(s * z for z in (0.1, 0.75, 1.5, 3.0, 8.0, 17.0, 23.8, 37.0, 80.0, 300.0, 700.0) for s in (1, -1))],
    "k": [0.0, 1.0, 0.5, -0.5, 2.0],
    "a": [1.0, 0.125, 2.0, 5.0, 10.0, 30.0, 300.0],
}  # fmt: skip
OTHERS = [0.25, 0.5, 0.75, 0.125, 0.9375, 1e-6]
SHAPES = ((1, 1), (3, 2), (2, 3), (4, 2))  # examples, features
CLASSES = (2, 3, 5)
TINY = 1e-290


class Disagreement(Exception):
    """The function and the formula differ; the message names the point."""


def bound_function(code: str) -> tuple[Callable[..., object], list[str | float]]:
    """The public function of mseclf that `code` calls, and its arguments.

    Raises:
        FormulaError: no such function, or arguments that are not names or numbers.
    """
    try:
        call = ast.parse(code, mode="eval").body
    except SyntaxError:
        raise FormulaError(f"code: {code} is not a call") from None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.keywords:
        raise FormulaError(f"code: {code} is not a call such as mse_loss(y, z)")
    function = getattr(mseclf, call.func.id, None) if call.func.id in mseclf.__all__ else None
    if not inspect.isfunction(function):
        raise FormulaError(f"code: mseclf has no public function {call.func.id}")
    arguments: list[str | float] = []
    for node in call.args:
        if isinstance(node, ast.Name):
            arguments.append(node.id)
        else:
            try:
                arguments.append(float(ast.literal_eval(node)))
            except (ValueError, TypeError):
                raise FormulaError(f"code: {ast.unparse(node)} is neither a name nor a number") from None
    return function, arguments


def compare(body: Node, scope: Scope, code: str, root: Path) -> Binding:
    """Compare a display's side with the function.

    Raises:
        Disagreement: with the point and both values.
        FormulaError: the call or the display cannot be compared.
    """
    function, arguments = bound_function(code)
    count = 0
    before: Expressions | None = None
    for tool, data in _draws(body, scope, arguments):
        count += 1
        if tool is not before:
            value, before = tool.value(body), tool
        with np.errstate(all="ignore"):
            got = function(*(data[a][()] if isinstance(a, str) else a for a in arguments))
        _compare_at(value, _point(tool, data), data, np.asarray(got, dtype=np.float64), code)
    code_object = inspect.unwrap(function).__code__
    source = Path(code_object.co_filename).resolve()
    where = source.relative_to(root.resolve()).as_posix() if source.is_relative_to(root.resolve()) else source.name
    return Binding(f"{function.__module__}.{function.__name__}", where, code_object.co_firstlineno, count, TOLERANCE)


Data = dict[str, np.ndarray]


def _draws(body: Node, scope: Scope, arguments: list[str | float]) -> Iterator[tuple[Expressions, Data]]:
    """Elaborators, and the arrays by Python name."""
    names = [a for a in arguments if isinstance(a, str)]
    generator = np.random.default_rng(20220210)

    def normal(scale: float, *shape: int) -> np.ndarray:
        return np.round(scale * generator.normal(size=shape) * 64) / 64

    tool = elaborator(scope)
    if "X" in names:
        for m, n in SHAPES:
            tool = replace(elaborator(scope), sizes={**tool.sizes, "m": m, "n": n})
            for scale in (1.0, 8.0, 60.0):
                data = {"X": normal(1.0, m, n), "theta": normal(scale, n)}
                yield tool, data | {"y": generator.integers(0, 2, size=m).astype(float)}
    elif "\\vec z" in scope.mentions(body):
        for size in [scope.sizes["K"]] if "K" in scope.sizes else CLASSES:
            tool = replace(elaborator(scope), sizes={**tool.sizes, "K": size})
            soft = np.full(size, 1 / 8)
            soft[0] = 1 - (size - 1) / 8
            for scale in (0.0, 1.0, 10.0, 100.0):
                z = normal(scale, size)
                for y in (np.eye(size)[int(generator.integers(size))], soft):
                    yield tool, {"z": z, "y": y}
    else:
        named = {s.tex for s in scope.notation.symbols.values() if s.python in names and s.kind == "scalar"}
        tool.frozen |= named - set(scope.assumed)
        tables = [[v for v in SCALARS.get(n, OTHERS) if _admissible(scope, n, v)] for n in names]
        if not all(tables):
            raise FormulaError("code: no admissible value for an argument")
        for turn, pair in enumerate(product(*tables[:2])):  # every combination of two, the others in turn
            mixed = (*pair, *(t[turn % len(t)] for t in tables[2:]))
            yield tool, {n: np.array(v) for n, v in zip(names, mixed, strict=True)}


def _admissible(scope: Scope, name: str, value: float) -> bool:
    for symbol in scope.notation.symbols.values():
        if symbol.python == name and not symbol.axes:
            fixed = scope.assumed.get(symbol.tex)
            if fixed is not None:
                return bool(elaborator(scope).scalar(fixed.body) == sp.Rational(value))
            return sp.Rational(value) in scope.domain(symbol.tex)
    return True


def _compare_at(value: Value, point: dict[sp.Symbol, mp.mpf], data: Data, got: np.ndarray, code: str) -> None:
    entries = np.array(value.matrix.tolist() if isinstance(value, Tensor) else value, dtype=object)
    if isinstance(value, Tensor) and value.axes[1] == "1":
        entries = entries[:, 0]
    if entries.shape != got.shape:
        raise Disagreement(f"{code}: the display has the shape {entries.shape}, the function returns {got.shape}")
    largest = max((abs(float(v)) for v in point.values()), default=0.0)
    where = ", ".join(f"{name} = {array.tolist()}" for name, array in data.items())
    with mp.workdps(int(75 + largest)):  # one minus a sigmoid loses 0.43 digits per unit of logit
        try:
            want = [evaluate(e, point) for e in entries.ravel()]
        except KeyError as missing:
            raise TypeTrouble(f"code: {missing.args[0]} stands in the display but not among the arguments") from None
        except Undefined as error:
            raise Disagreement(f"{code}: the display has no value at {where}: {error.message}") from None
        scale = max((abs(w) for w in want), default=mp.mpf(0))
        for expected, found in zip(want, got.ravel(), strict=True):
            if not np.isfinite(found) or abs(mp.mpf(float(found)) - expected) > TOLERANCE * scale + TINY:
                raise Disagreement(
                    f"{code} disagrees with the formula at {where}: "
                    f"the formula gives {mp.nstr(expected, 12)}, the function {float(found):.12g}"
                )


def _point(tool: Expressions, data: Data) -> dict[sp.Symbol, mp.mpf]:
    """The value of every atom of the display, taken from the arrays by Python name, sample and component."""
    point: dict[sp.Symbol, mp.mpf] = {}
    for symbol, atom in tool.atoms.items():
        name = tool.scope.notation.symbols[atom.key].python or ""
        place = tuple(index - 1 for index in (atom.sample, atom.component) if index)
        array = data.get("X" if name == "x" else name)
        if name == "z" and "X" in data and atom.sample:
            terms = zip(data["X"][place], data["theta"], strict=True)
            point[symbol] = mp.fsum(mp.mpf(float(a)) * mp.mpf(float(b)) for a, b in terms)
        elif array is not None and array.ndim == len(place) and all(map(int.__lt__, place, array.shape)):
            point[symbol] = mp.mpf(float(array[place]))
    return point
