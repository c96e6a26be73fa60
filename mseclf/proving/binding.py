"""`code: mse_gradient_logit(y, z)`: the formula as typed against the NumPy function, extreme points included.

The reference is the display itself, to as many digits as the point needs; the function is called in float64.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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

TOLERANCE = 1e-12
SCALARS = {
    "y": [0.0, 1.0, 0.25],
    "z": [0.0, *(s * z for z in (0.1, 0.75, 1.5, 3.0, 8.0, 17.0, 23.8, 37.0, 80.0, 300.0, 700.0) for s in (1, -1))],
    "k": [0.0, 1.0, 0.5, -0.5, 2.0],
    "a": [1.0, 0.125, 2.0, 5.0, 10.0, 30.0, 300.0],
}  # fmt: skip
OTHERS = [0.25, 0.5, 0.75, 0.125, 0.9375, 1e-6]
SHAPES = ({"m": 1, "n": 1}, {"m": 3, "n": 2}, {"m": 2, "n": 3}, {"m": 4, "n": 2})
CLASSES = (2, 3, 5)
TINY = 1e-290


class Disagreement(Exception):
    """The function and the formula differ; the message names the point."""


@dataclass(frozen=True)
class Bound:
    """A function that a display is bound to, and how far they were compared."""

    name: str
    source: str
    line: int
    points: int
    tolerance: float


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


def compare(body: Node, scope: Scope, code: str, root: Path) -> Bound:
    """Compare a display's side with the function.

    Raises:
        Disagreement: with the point and both values.
        FormulaError: the call or the display cannot be compared.
    """
    function, arguments = bound_function(code)
    count = 0
    before: Expressions | None = None
    for tool, data, values in _draws(body, scope, arguments):
        count += 1
        if tool is not before:
            value, before = tool.value(body), tool
        _compare_at(value, tool, data, function, values, code)
    code_object = inspect.unwrap(function).__code__
    source = Path(code_object.co_filename).resolve()
    where = source.relative_to(root.resolve()).as_posix() if source.is_relative_to(root.resolve()) else source.name
    return Bound(f"{function.__module__}.{function.__name__}", where, code_object.co_firstlineno, count, TOLERANCE)


Draw = tuple[Expressions, dict[str, np.ndarray], list[object]]


def _draws(body: Node, scope: Scope, arguments: list[str | float]) -> Iterator[Draw]:
    """Elaborators with the arrays by Python name, and the call's arguments."""
    names = [a for a in arguments if isinstance(a, str)]
    mentioned = scope.mentions(body)
    if "X" in names:
        yield from _batches(scope, arguments)
    elif "\\vec z" in mentioned:
        yield from _class_points(scope, arguments)
    else:
        tables = [[v for v in SCALARS.get(n, OTHERS) if _admissible(scope, n, v)] for n in names]
        tool = elaborator(scope)
        named = {s.tex for s in scope.notation.symbols.values() if s.python in names and s.kind == "scalar"}
        tool.frozen |= named - set(scope.assumed)
        for values in _mix(tables):
            data = {n: np.array(v) for n, v in zip(names, values, strict=True)}
            yield tool, data, [data[a][()] if isinstance(a, str) else a for a in arguments]


def _mix(tables: list[list[float]]) -> Iterator[tuple[float, ...]]:
    """Every combination of up to two arguments; beyond that, the third in turn."""
    if not all(tables):
        raise FormulaError("code: no admissible value for an argument")
    grids = np.meshgrid(*(np.arange(len(t)) for t in tables[:2]), indexing="ij") if tables else []
    rows = np.stack([g.ravel() for g in grids], axis=1) if tables else np.zeros((1, 0), dtype=int)
    for turn, row in enumerate(rows):
        extra = [t[turn % len(t)] for t in tables[2:]]
        yield tuple([tables[place][index] for place, index in enumerate(row)] + extra)


def _admissible(scope: Scope, name: str, value: float) -> bool:
    for symbol in scope.notation.symbols.values():
        if symbol.python == name and not symbol.axes:
            fixed = scope.assumed.get(symbol.tex)
            if fixed is not None:
                return bool(elaborator(scope).scalar(fixed.body) == sp.Rational(value))
            return sp.Rational(value) in scope.domain(symbol.tex)
    return True


def _batches(scope: Scope, arguments: list[str | float]) -> Iterator[Draw]:
    generator = np.random.default_rng(20220210)
    for shape in SHAPES:
        tool = elaborator(scope)
        tool.sizes = {**tool.sizes, **shape}
        for scale in (1.0, 8.0, 60.0):
            data = {
                "X": np.round(generator.normal(size=(shape["m"], shape["n"])) * 64) / 64,
                "theta": np.round(scale * generator.normal(size=shape["n"]) * 64) / 64,
                "y": generator.integers(0, 2, size=shape["m"]).astype(float),
            }
            yield tool, data, [data[a] if isinstance(a, str) else a for a in arguments]


def _class_points(scope: Scope, arguments: list[str | float]) -> Iterator[Draw]:
    generator = np.random.default_rng(20220210)
    for size in CLASSES if "K" not in scope.sizes else (scope.sizes["K"],):
        tool = elaborator(scope)
        tool.sizes = {**tool.sizes, "K": size}
        for scale in (0.0, 1.0, 10.0, 100.0):
            z = np.round(scale * generator.normal(size=size) * 64) / 64
            soft = np.full(size, 1 / 8)
            soft[0] = 1 - (size - 1) / 8
            for y in (np.eye(size)[int(generator.integers(size))], soft):
                data = {"z": z, "y": y}
                yield tool, data, [data[a] if isinstance(a, str) else a for a in arguments]


def _compare_at(
    value: Value,
    tool: Expressions,
    data: dict[str, np.ndarray],
    function: Callable[..., object],
    values: list[object],
    code: str,
) -> None:
    with np.errstate(all="ignore"):
        got = np.asarray(function(*values), dtype=np.float64)
    entries = (
        np.array(value.matrix.tolist(), dtype=object) if isinstance(value, Tensor) else np.array(value, dtype=object)
    )
    if isinstance(value, Tensor) and value.axes[1] == "1":
        entries = entries[:, 0]
    if entries.shape != got.shape:
        raise Disagreement(f"{code}: the display has the shape {entries.shape}, the function returns {got.shape}")
    logits = (
        data["X"] @ data["theta"]
        if "X" in data
        else np.concatenate([np.ravel(v) for v in data.values()] or [np.zeros(1)])
    )
    with mp.workdps(int(75 + float(np.max(np.abs(logits))))):  # one minus a sigmoid loses 0.43 digits per unit of logit
        point = _point(tool, data)
        try:
            want = [evaluate(e, point) for e in entries.ravel()]
        except KeyError as missing:
            raise TypeTrouble(f"code: {missing.args[0]} stands in the display but not among the arguments") from None
        except Undefined as error:
            raise Disagreement(f"{code}: the display has no value at {_words(data)}: {error.message}") from None
        scale = max((abs(w) for w in want), default=mp.mpf(0))
        for expected, found in zip(want, got.ravel(), strict=True):
            if not np.isfinite(found) or abs(mp.mpf(float(found)) - expected) > TOLERANCE * scale + TINY:
                raise Disagreement(
                    f"{code} disagrees with the formula at {_words(data)}: "
                    f"the formula gives {mp.nstr(expected, 12)}, the function {float(found):.12g}"
                )


def _words(data: dict[str, np.ndarray]) -> str:
    return ", ".join(f"{name} = {np.asarray(value).tolist()}" for name, value in data.items())


def _point(tool: Expressions, data: dict[str, np.ndarray]) -> dict[sp.Symbol, mp.mpf]:
    """The value of every atom of the display, taken from the arrays by Python name, sample and component."""
    point: dict[sp.Symbol, mp.mpf] = {}
    for symbol, atom in list(tool.atoms.items()):
        name = tool.scope.notation.symbols[atom.key].python or ""
        if name == "x" and "X" in data and atom.sample and atom.component:
            point[symbol] = mp.mpf(float(data["X"][atom.sample - 1, atom.component - 1]))
        elif name == "z" and "X" in data and atom.sample:
            row = data["X"][atom.sample - 1]
            point[symbol] = mp.fsum(
                mp.mpf(float(a)) * mp.mpf(float(b)) for a, b in zip(row, data["theta"], strict=True)
            )
        elif name in data:
            array = np.asarray(data[name])
            place = (atom.sample or atom.component or 1) - 1
            if array.ndim == 0 and not atom.sample and not atom.component:
                point[symbol] = mp.mpf(float(array))
            elif array.ndim == 1 and place < len(array) and (atom.sample or atom.component):
                point[symbol] = mp.mpf(float(array[place]))
    return point
