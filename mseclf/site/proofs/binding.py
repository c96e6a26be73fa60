"""`code: mse_gradient_logit(y, z)`: the formula as typed against the NumPy function, extreme points included.

The reference is the display itself, to as many digits as the point needs; the function is called in float64.
"""

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import mpmath as mp
import numpy as np

import mseclf
from mseclf.site.latex.errors import FormulaError, TypeTrouble
from mseclf.site.latex.parse import Node
from mseclf.site.proofs.draws import CLASSES, Data, draws, dtype_of, error_allowed
from mseclf.site.proofs.numeric import Grid, NoValue, Numbers, Place, Unsure
from mseclf.site.proofs.scope import Scope
from mseclf.site.proofs.verdict import Binding

TOLERANCE = 1e-12
# What formulas are compared with, in the order of import.
_CORE: Final = ("arrays", "links", "losses", "softmax", "family", "risk", "training", "flow", "efficiency")
_MODULES: Final = tuple(sys.modules[f"mseclf.{name}"] for name in _CORE)


def _ages() -> dict[str, float]:
    return {module.__name__: Path(str(module.__file__)).stat().st_mtime for module in _MODULES}


_AGES: Final = _ages()


@cache
def renew() -> None:
    """Have this process know the functions on disk: while a site is served, what it was forked from may be older."""
    if _ages() != _AGES:
        for module in (*_MODULES, mseclf):
            importlib.reload(module)


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
    name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
    if not isinstance(call, ast.Call) or not re.fullmatch(r"\w+(\.\w+)?", name) or call.keywords:
        raise FormulaError(f"code: {code} is not a call such as mse_loss(y, z)")
    function = _public(*name.split("."))
    if function is None:
        message = f"code: mseclf has no public function {name}"
        raise FormulaError(message, remedy="docs/reference.md names them all")
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


def _public(name: str, method: str = "") -> Callable[..., object] | None:
    """The function `mse_loss`, or `MSE.gradient_theta` of a loss; None for whatever else is or is not there."""
    found = getattr(mseclf, name, None) if name in mseclf.__all__ else None
    if method:
        found = getattr(found, method, None) if isinstance(found, mseclf.Loss) and method[0] != "_" else None
    return found if inspect.isfunction(found) or inspect.ismethod(found) else None


def compare(body: Node, scope: Scope, code: str, root: Path) -> Binding:
    """Compare a display's side with the function.

    Raises:
        Disagreement: with the point and both values.
        FormulaError: the call or the display cannot be compared.
    """
    function, arguments = bound_function(code)
    count = 0
    for sizes, data in _draws(body, scope, arguments):
        with np.errstate(all="ignore"):
            got = function(*(data[a][()] if isinstance(a, str) else a for a in arguments))
        if not _numbers(scope, sizes, data).admits(scope.given):
            continue
        count += 1
        wanted, found = dtype_of(data, arguments), np.asarray(got).dtype
        if wanted != found:
            raise Disagreement(f"{code}: the arguments are {wanted}, the result is {found}")
        _compare_at(body, _numbers(scope, sizes, data), data, np.asarray(got, dtype=np.float64), code)
    if not count:
        raise FormulaError("code: no admissible value for an argument")
    code_object = inspect.unwrap(function).__code__
    source = Path(code_object.co_filename).resolve()
    where = source.relative_to(root.resolve()).as_posix() if source.is_relative_to(root.resolve()) else source.name
    name = f"{function.__module__}.{code.partition('(')[0].strip()}"  # as the author calls it: MSE.gradient_theta
    return Binding(name, where, code_object.co_firstlineno, count, TOLERANCE)


def _draws(body: Node, scope: Scope, arguments: list[str | float]) -> Iterator[tuple[dict[str, int], Data]]:
    """Sizes, and the arrays by Python name."""
    names = [a for a in arguments if isinstance(a, str)]
    over_classes = "\\vec z" in scope.mentions(body)
    classes = ([scope.sizes["K"]] if "K" in scope.sizes else CLASSES) if over_classes else None
    for sizes, data in draws(names, classes):
        yield {"m": 1, "n": 1, "K": 1, **sizes}, data


def _numbers(scope: Scope, sizes: dict[str, int], data: Data) -> Numbers:
    """An evaluator whose free symbols are the arrays, by Python name, example and component."""
    known = scope.notation.symbols.values()
    given = frozenset(
        s.tex for s in known if s.python in data and s.kind == "scalar" and data[s.python or ""].ndim == 0
    )

    def choose(place: Place) -> mp.mpf:
        symbol = scope.notation.symbols[place[0]]
        collected = next((s.python for s in known if s.entries == symbol.tex and s.python in data), None)
        array = data.get(collected or symbol.python or "")
        index = tuple(i - 1 for i in place[1:] if i)
        if array is None or array.ndim != len(index) or not all(map(int.__lt__, index, array.shape)):
            raise TypeTrouble(f"code: {place[0]} stands in the display but not among the arguments")
        return mp.mpf(float(array[index]))

    numbers = Numbers(scope, sizes, choose, given, raw=True)
    for node in scope.given:
        numbers.assume(node)
    for place in [p for p in numbers.assumed if scope.notation.symbols[p[0]].python in data]:
        del numbers.assumed[place]  # the argument says it
    return numbers


def _compare_at(body: Node, numbers: Numbers, data: Data, got: np.ndarray, code: str) -> None:
    largest = max((float(np.max(np.abs(a))) for a in data.values()), default=0.0)
    if "X" in data:
        largest = float(np.max(np.abs(data["X"] @ data["theta"])))
    where = ", ".join(f"{name} = {array.tolist()}" for name, array in data.items())
    with mp.workdps(int(75 + largest)):  # one minus a sigmoid loses 0.43 digits per unit of logit
        try:
            value = numbers.of(body)
        except NoValue as error:
            raise Disagreement(f"{code}: the display has no value at {where}: {error}") from None
        except Unsure:
            raise TypeTrouble("code: this side cannot be computed from the arguments") from None
        rows = value.rows if isinstance(value, Grid) else ((value,),)
        shape = (
            () if not isinstance(value, Grid) else (len(rows),) if value.axes[1] == "1" else (len(rows), len(rows[0]))
        )
        if shape != got.shape:
            raise Disagreement(f"{code}: the display has the shape {shape}, the function returns {got.shape}")
        want = [entry for row in rows for entry in row]
        scale = max((abs(w) for w in want), default=mp.mpf(0))
        allowed = error_allowed(data, float(scale))
        for expected, found in zip(want, got.ravel(), strict=True):
            if not np.isfinite(found) or abs(mp.mpf(float(found)) - expected) > allowed:
                raise Disagreement(
                    f"{code} disagrees with the formula at {where}: "
                    f"the formula gives {mp.nstr(expected, 12)}, the function {float(found):.12g}"
                )
