"""Parse trees evaluated at one point with mpmath, and nothing of the elaborator: no term cancels before it is computed.

Derivatives are taken numerically and sums are added up, so what the elaborator or SymPy would simplify away is still
seen here. The attack (attack.py) and the comparison with functions (binding.py) evaluate by it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias
from zlib import crc32

import mpmath as mp
from lark import Token

from mseclf.site.latex.parse import Node, letter, plain
from mseclf.site.proofs.binders import SIGNS, axis_of, chain_parts, trees
from mseclf.site.proofs.scope import Scope, keys_in

Number: TypeAlias = Any  # an mpf, a Grid, or a bool
Place = tuple[str, Any, Any]  # key, example, component


class NoValue(Exception):
    """A side has no value here."""


class Unsure(Exception):
    """This cannot be evaluated numerically, or not to enough digits."""


@dataclass(frozen=True)
class Grid:
    """A matrix of numbers whose sides run over `axes`."""

    axes: tuple[str, str]
    rows: tuple[tuple[mp.mpf, ...], ...]

    def map(self, function: Callable[[mp.mpf], mp.mpf]) -> "Grid":
        """A function at each entry."""
        return Grid(self.axes, tuple(tuple(map(function, row)) for row in self.rows))

    @property
    def flat(self) -> list[mp.mpf]:
        """The entries, row by row."""
        return [entry for row in self.rows for entry in row]


def _column(axis: str, entries: list[mp.mpf]) -> Grid:
    return Grid((axis, "1"), tuple((entry,) for entry in entries))


def _zip(left: Number, right: Number, function: Callable[[mp.mpf, mp.mpf], mp.mpf]) -> Number:
    if isinstance(left, Grid) and isinstance(right, Grid) and left.axes == right.axes:
        pairs = zip(left.rows, right.rows, strict=True)
        return Grid(left.axes, tuple(tuple(map(function, a, b)) for a, b in pairs))
    if isinstance(left, Grid) and right == 1 and left.axes[1] == "1":
        return left.map(lambda entry: function(entry, mp.mpf(1)))
    if isinstance(right, Grid) and left == 1 and right.axes[1] == "1":
        return right.map(lambda entry: function(mp.mpf(1), entry))
    if isinstance(left, Grid) or isinstance(right, Grid):
        raise Unsure
    return function(left, right)


def _times(left: Number, right: Number) -> Number:
    if isinstance(left, Grid) and isinstance(right, Grid):
        columns = list(zip(*right.rows, strict=True))
        if left.axes[1] != right.axes[0]:
            raise Unsure
        rows = tuple(tuple(mp.fdot(row, column) for column in columns) for row in left.rows)
        axes = (left.axes[0], right.axes[1])
        return rows[0][0] if axes == ("1", "1") else Grid(axes, rows)
    if isinstance(left, Grid):
        left, right = right, left
    return right.map(lambda entry: left * entry) if isinstance(right, Grid) else left * right


@dataclass
class Numbers:
    """Evaluates trees at one point. `choose` picks the value of a free symbol when it is first asked for."""

    scope: Scope
    sizes: Mapping[str, int]
    choose: Callable[[Place], mp.mpf]
    kept: frozenset[str]
    shape: int = 0
    indices: dict[str, int] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    sample: int | None = None
    held: dict[Place, mp.mpf] = field(default_factory=dict)  # variables while something is differentiated in them
    opened: frozenset[str] = frozenset()
    values: dict[Place, mp.mpf] = field(default_factory=dict)
    assumed: dict[Place, tuple[Node, dict[str, int]]] = field(default_factory=dict)
    rough: bool = False
    sloping: bool = False
    raw: bool = False  # the values are given, not chosen

    def of(self, node: Node | Token) -> Number:
        """The value of a part."""
        method = getattr(self, f"_{node.data}", None)
        if method is None:
            raise Unsure
        value = method(*node.children)
        if isinstance(value, mp.mpc):
            raise NoValue("it is not a real number")
        return value

    def scalar(self, node: Node | Token) -> mp.mpf:
        """The value of a part that must be a number."""
        value = self.of(node)
        if isinstance(value, Grid):
            raise Unsure
        return value

    @contextmanager
    def within(self, **changes: object) -> Iterator[None]:
        """Set some fields for a while."""
        before = {name: getattr(self, name) for name in changes}
        self.__dict__.update(changes)
        try:
            yield
        finally:
            self.__dict__.update(before)

    # symbols ---------------------------------------------------------------------------------------------------

    def free(self, place: Place) -> mp.mpf:
        """The value of a free symbol, or of a variable."""
        if place in self.held:
            return self.held[place]
        if place not in self.values:
            said = next((self.assumed[p] for p in (place, (place[0], None, None)) if p in self.assumed), None)
            if said is None:
                self.values[place] = mp.mpf(self.choose(place))
            else:
                with self.within(held={}, opened=frozenset(), indices=said[1], sample=place[1]):
                    self.values[place] = self.scalar(said[0])
        return self.values[place]

    def symbol(self, key: str, sample: int | None = None) -> Number:
        """The value of a declared symbol."""
        symbol = self.scope.notation.symbols[key]
        sample = self.sample if symbol.sample and sample is None else sample
        definition = self.scope.definition(key)
        if (key, sample, None) in self.held or key in self.opened or (key in self.kept):
            definition = None
        if definition is not None:
            if definition.parameters:
                return self.apply(key, [self.symbol(p, self._sample(p, sample)) for p in definition.parameters], sample)
            with self.within(sample=sample, indices={}, scope=definition.place or self.scope):
                value = self.of(definition.body)
            return _column(symbol.axes[0], [value] * self.sizes[symbol.axes[0]]) if (
                symbol.axes and not isinstance(value, Grid)) else value  # fmt: skip
        if symbol.kind == "count":
            return mp.mpf(self.sizes[key])
        if symbol.kind == "quantity" and key not in self.opened:
            return self.apply(key, [self.symbol(p, self._sample(p, sample)) for p in symbol.arguments], sample)
        if symbol.kind == "random" and (key, None, None) not in self.held:
            raise Unsure
        return self._collected(key, sample) if symbol.axes else self.free((key, sample, None))

    def _sample(self, key: str, sample: int | None) -> int | None:
        return sample if self.scope.notation.symbols[key].sample else None

    def _collected(self, key: str, sample: int | None) -> Grid:
        symbol = self.scope.notation.symbols[key]
        if symbol.entries:
            found = self.scope.notation.find(symbol.entries)
            parts = [self.symbol(found.tex, i) for i in range(1, self.sizes["m"] + 1)] if found else []
            rows = tuple(tuple(p.flat) if isinstance(p, Grid) else (p,) for p in parts)
            return Grid((*symbol.axes, "1")[:2], rows)  # type: ignore[arg-type]
        if len(symbol.axes) == 2:
            down, across = (range(1, self.sizes[a] + 1) for a in symbol.axes)
            return Grid(symbol.axes, tuple(tuple(self.free((key, sample, 10 * i + j)) for j in across) for i in down))
        entries = [self.free((key, sample, c)) for c in range(1, self.sizes[symbol.axes[0]] + 1)]
        if symbol.domain == "simplex" and not self.raw:
            total = mp.fsum(abs(e) + mp.mpf(1) / 7 for e in entries)
            entries = [(abs(e) + mp.mpf(1) / 7) / total for e in entries]
            if self.shape == 0:  # a hard label
                hot = crc32(key.encode()) % len(entries)
                entries = [mp.mpf(place == hot) for place in range(len(entries))]
        return _column(symbol.axes[0], entries)

    def _name(self, *tokens: Token) -> Number:
        key, sample, component = self.resolve(tokens)
        value = self.symbol(key, sample)
        if component is None:
            return value
        if not isinstance(value, Grid) or component > len(value.flat):
            raise Unsure
        return value.flat[component - 1]

    def resolve(self, tokens: Any) -> Place:
        """Which symbol, example and component a name speaks of."""
        notation = self.scope.notation
        found, sample, component = notation.find(str(tokens[0])), None, None
        if found is None:
            raise Unsure
        for token in tokens[1:]:
            index = letter(token)
            value = int(index) if index.isdigit() else self.indices.get(index)
            if value is None:
                raise Unsure
            if token.type == "SAMPLE" or (
                found.sample and (self.runs.get(index) or notation.indices.get(index)) == "m"
            ):
                sample = value
            else:
                found = notation.symbols.get(f"\\vec {found.tex}", found) if not found.axes else found
                component = value
        return found.tex, sample, component

    def apply(self, key: str, arguments: list[Number], sample: int | None = None) -> Number:
        """A function at its arguments."""
        definition = self.scope.definition(key)
        names = definition.parameters if definition else self.scope.notation.symbols[key].arguments
        if definition is None:
            return self._smooth(key, arguments)
        if len(names) == 1 and isinstance(arguments[0], Grid) and not self.scope.notation.symbols[names[0]].axes:
            return arguments[0].map(lambda entry: self.apply(key, [entry], sample))
        held, opened = dict(self.held), set(self.opened)
        for name, argument in zip(names, arguments, strict=True):
            if isinstance(argument, Grid):
                held |= {(name, sample_, c): v for c, v in enumerate(argument.flat, 1) for sample_ in {None, sample}}
            else:
                held |= {(name, s, None): argument for s in {None, self._sample(name, sample)}}
            opened.add(name)
        with self.within(held=held, opened=frozenset(opened), sample=sample, indices={},
                         scope=definition.place or self.scope):  # fmt: skip
            return self.of(definition.body)

    def _smooth(self, key: str, arguments: list[Number]) -> mp.mpf:
        """A free function, here one of several: growing, falling and concave, negative, or oscillating."""
        if any(isinstance(a, Grid) for a in arguments):
            raise Unsure
        lean = mp.mpf(crc32(key.encode()) % 7 + 3) / 5
        inner = mp.fsum(lean * (place + 1) * a / 2 * (-1) ** place for place, a in enumerate(arguments))
        shapes = (
            lambda: mp.exp(inner / 3) + inner,
            lambda: -mp.exp(-inner / 2) - inner**2,
            lambda: mp.sin(3 * inner) - 2,
            lambda: mp.cos(inner) * inner,
        )
        value = shapes[self.shape % len(shapes)]()
        domain = self.scope.notation.symbols[key].domain
        return value**2 if domain in ("nonnegative", "positive") else value

    # arithmetic ------------------------------------------------------------------------------------------------

    def _number(self, token: Token) -> mp.mpf:
        return mp.mpf(int(token)) if token.isdigit() else mp.mpf(str(token))

    def _euler(self, *_: Token) -> mp.mpf:
        return +mp.e

    def _pi(self, *_: Token) -> mp.mpf:
        return +mp.pi

    def _infinity(self, *_: Token) -> mp.mpf:
        return mp.inf

    def _group(self, _open: Token, inner: Node, _close: Token) -> Number:
        return self.of(inner)

    def _signed(self, sign: Node, term: Node) -> Number:
        return _times(mp.mpf(-1 if sign.children[0].type == "MINUS" else 1), self.of(term))

    def _add(self, left: Node, _plus: Token, right: Node) -> Number:
        return _zip(self.of(left), self.of(right), lambda a, b: a + b)

    def _subtract(self, left: Node, _minus: Token, right: Node) -> Number:
        return _zip(self.of(left), self.of(right), lambda a, b: a - b)

    def _beside(self, *factors: Node | Token) -> Number:
        return _times(self.of(factors[0]), self.of(factors[-1]))

    _dot = _times_big = _dot_big = _beside

    def _elementwise(self, left: Node, _odot: Token, right: Node) -> Number:
        return _zip(self.of(left), self.of(right), lambda a, b: a * b)

    def _over(self, top: Node, _slash: Token, bottom: Node) -> Number:
        below = self.scalar(bottom)
        if below == 0:
            raise NoValue("a division by zero")
        return _times(1 / below, self.of(top))

    def _fraction(self, *children: Node) -> Number:
        return self._over(children[2], Token("SLASH", "/"), children[5])

    def _raised(self, base: Node, _caret: Token, _open: Token, exponent: Node, _close: Token) -> mp.mpf:
        value, power = self.scalar(base), self.scalar(exponent)
        if value == 0 and (power < 0 or (power == 0 and not getattr(exponent, "data", "") == "number")):
            raise NoValue("a division by zero")
        if value < 0 and not mp.isint(power):
            raise NoValue("the power or root of a negative number")
        if abs(power) > 10**6 and value not in (0, 1):
            raise Unsure
        return value ** (int(power) if mp.isint(power) else power)

    def _transposed(self, base: Node, _top: Token) -> Grid:
        value = self.of(base)
        if not isinstance(value, Grid):
            raise Unsure
        return Grid(value.axes[::-1], tuple(zip(*value.rows, strict=True)))

    def _absolute(self, _open: Token, inner: Node, _close: Token) -> mp.mpf:
        return abs(self.scalar(inner))

    def _norm(self, _open: Token, inner: Node, _close: Token) -> mp.mpf:
        value = self.of(inner)
        return mp.sqrt(mp.fsum(e * e for e in value.flat)) if isinstance(value, Grid) else abs(value)

    def _root(self, *children: Node) -> mp.mpf:
        value = self.scalar(children[2])
        if value < 0:
            raise NoValue("the root of a negative number")
        return mp.sqrt(value)

    # functions -------------------------------------------------------------------------------------------------

    def _call(self, function: Token, *rest: Token | Node) -> Number:
        found = self.scope.notation.find(str(function))
        if found is None:
            raise Unsure
        primes = sum(1 for t in rest if getattr(t, "type", "") == "PRIME")
        arguments = [self.of(t) for t in rest if not isinstance(t, Token)]
        samples = [letter(t) for t in rest if getattr(t, "type", "") == "SAMPLE"]
        sample = (int(samples[0]) if samples[0].isdigit() else self.indices[samples[0]]) if samples else None
        if not primes:
            return self.apply(found.tex, arguments, sample)

        def slope(at: mp.mpf) -> mp.mpf:
            return self.slope(lambda value: self.apply(found.tex, [value], sample), at, primes)

        (argument,) = arguments
        return argument.map(slope) if isinstance(argument, Grid) else slope(argument)

    def slope(self, function: Callable[[mp.mpf], mp.mpf], at: mp.mpf, order: int = 1) -> mp.mpf:
        """A derivative, from values nearby."""
        self.rough = True
        try:
            with self.within(sloping=True):
                return mp.diff(function, at, order)
        except NoValue:
            raise Unsure from None

    def _builtin(self, function: Token, *rest: Token | Node) -> Number:
        pieces = function.split()
        name = "".join(pieces[2:-1]) or pieces[0].removeprefix("\\")
        power = next((int(t) for t in rest if getattr(t, "type", "") == "NUM"), 1)
        values = [self.of(t) for t in rest if not isinstance(t, Token)]
        if name in ("max", "min"):
            return (max if name == "max" else min)(values)
        (value,) = values
        if name == "softmax" and isinstance(value, Grid):
            total = mp.fsum(mp.exp(e) for e in value.flat)
            return value.map(lambda e: mp.exp(e) / total)
        if name == "diag" and isinstance(value, Grid):
            axis, flat = value.axes[0], value.flat
            rows = (tuple(e if i == j else mp.mpf(0) for j in range(len(flat))) for i, e in enumerate(flat))
            return Grid((axis, axis), tuple(rows))
        function_of = {"log": _log, "ln": _log, "logit": lambda v: _log(v) - _log(1 - v), "sgn": mp.sign,
                       "arctan": mp.atan}.get(name) or getattr(mp, name)  # fmt: skip
        return value.map(function_of) if isinstance(value, Grid) else function_of(value) ** power

    def _builtin_bare(self, function: Token, argument: Node) -> Number:
        return self._builtin(function, argument.children[0] if argument.data == "bare" else argument)

    _builtin_big = _builtin_bare

    def _inverse(self, function: Token, _open: Token, argument: Node, _close: Token) -> Number:
        value = self.scalar(argument)
        return _log(value) - _log(1 - value)

    def _outcomes(self, *children: Node | Token) -> tuple[mp.mpf, mp.mpf, mp.mpf]:
        inner = [c for c in children if not isinstance(c, Token)][-1]
        known = self.scope.notation.symbols
        random = [k for k in keys_in(inner, self.scope.notation) if known[k].kind == "random"]
        chance = self.scope.definition(random[0]) if len(random) == 1 else None
        if chance is None:
            raise Unsure
        weight = self.scalar(chance.body)
        sides = []
        for outcome in (1, 0):
            with self.within(
                held={**self.held, (random[0], None, None): mp.mpf(outcome)}, opened=self.opened | {random[0]}
            ):
                sides.append(self.scalar(inner))
        return weight, sides[0], sides[1]

    def _expectation(self, *children: Node | Token) -> mp.mpf:
        weight, one, zero = self._outcomes(*children)
        return weight * one + (1 - weight) * zero

    def _variance(self, *children: Node | Token) -> mp.mpf:
        weight, one, zero = self._outcomes(*children)
        mean = weight * one + (1 - weight) * zero
        return weight * (one - mean) ** 2 + (1 - weight) * (zero - mean) ** 2

    # what binds a variable ---------------------------------------------------------------------------------------

    def _derivative(self, *children: Node | Token) -> Number:
        (body,) = [t for t in trees(children) if t.data not in ("order", "by")]
        return self._derive(*[c for c in children if c is not body], body)

    def _derive(self, *children: Node | Token) -> Number:
        targets = []
        for by in trees(children[:-1], "by"):
            turned = any(getattr(t, "type", "") == "TRANSPOSE" for t in by.children)
            times = next((int(t) for t in by.children if getattr(t, "type", "") == "NUM"), 1)
            targets += [(trees(by.children, "name")[0], turned)] * times
        return self.differentiate(children[-1], targets)

    def _slope_in(self, *children: Node | Token) -> Number:
        (name, body) = trees(children)
        return self.differentiate(body, [(name, False)])

    def _gradient(self, *children: Node | Token) -> Number:
        (name,) = trees(children[:-1], "name")
        twice = any(getattr(t, "type", "") == "NUM" for t in children[:-1])
        return self.differentiate(children[-1], [(name, False), (name, True)][: 1 + twice])

    def differentiate(self, body: Node | Token, targets: list[tuple[Node, bool]]) -> Number:
        """Partial derivatives, one target after the other."""
        *before, (name, turned) = targets

        def inner() -> Number:
            return self.differentiate(body, before) if before else self.of(body)

        key, sample, component = self.resolve(name.children)
        symbol = self.scope.notation.symbols[key]
        sample = self.sample if symbol.sample and sample is None else sample
        start = self.symbol(key, sample)
        if not isinstance(start, Grid):
            return self._partial(inner, (key, sample, None), start)
        if component is not None:
            return self._partial(inner, (key, sample, component), start.flat[component - 1], start)
        parts = [self._partial(inner, (key, sample, c), v, start) for c, v in enumerate(start.flat, 1)]
        if isinstance(parts[0], Grid):
            return Grid((parts[0].axes[0], start.axes[0]), tuple(zip(*(p.flat for p in parts), strict=True)))
        return Grid(("1", start.axes[0]), (tuple(parts),)) if turned else _column(start.axes[0], parts)

    def _partial(self, inner: Callable[[], Number], place: Place, at: mp.mpf, whole: Grid | None = None) -> Number:
        key, sample, _ = place
        if self.scope.notation.symbols[key].domain == "simplex":
            raise Unsure
        fixed = {(key, sample, c): v for c, v in enumerate(whole.flat, 1)} if whole else {}
        kept = frozenset(k for k in self.kept if not self.scope.depends(k, key))
        opened = frozenset(k for k in self.opened if not self.scope.depends(k, key)) | (
            {key} if sample is None else set()
        )
        held = {p: v for p, v in self.held.items() if not self.scope.depends(p[0], key) or p[0] == key}

        def function(value: mp.mpf) -> Number:
            with self.within(held={**held, **fixed, place: value}, kept=kept, opened=opened):
                return inner()

        first = function(at)
        if not isinstance(first, Grid):
            return self.slope(function, at)

        def entry(index: int) -> Callable[[mp.mpf], mp.mpf]:
            return lambda value: function(value).flat[index]

        flat = [self.slope(entry(index), at) for index in range(len(first.flat))]
        width = len(first.rows[0])
        return Grid(first.axes, tuple(tuple(flat[i : i + width]) for i in range(0, len(flat), width)))

    def _evaluated(self, *children: Node | Token) -> Number:
        body, name, at = trees(children)
        place, value = self.resolve(name.children), self.of(at)
        if isinstance(value, Grid) or self.scope.notation.symbols[place[0]].axes:
            raise Unsure
        place = (
            place[0],
            self.sample if self.scope.notation.symbols[place[0]].sample and place[1] is None else place[1],
            None,
        )
        held = {p: v for p, v in self.held.items() if not self.scope.depends(p[0], place[0])}
        with self.within(held={**held, place: value}, opened=self.opened | {place[0]}):
            return self.of(body)

    def _total(self, head: Token, *children: Node | Token) -> Number:
        (ranges,) = trees(children, "index_range", "index_where")
        name = str(ranges.children[0])
        axis = axis_of(ranges, children, self.scope.notation)
        if axis is None:
            raise Unsure
        parts = []
        for index in range(1, self.sizes[axis] + 1):
            with self.within(indices=self.indices | {name: index}, runs=self.runs | {name: axis}):
                if ranges.data == "index_where" and not self._relates(*ranges.children[2:5]):
                    continue
                apart = ranges.data == "index_range" and len(ranges.children) > 1 and str(ranges.children[1]) != "="
                if apart and not self._relates(ranges.children[0], *ranges.children[1:3]):
                    continue
                parts.append(self.of(children[-1]))
        if not parts:
            return mp.mpf(0 if head.type == "SUM" else 1)
        result = parts[0]
        for part in parts[1:]:
            result = _zip(result, part, lambda a, b: a + b) if head.type == "SUM" else _times(result, part)
        return result

    def _relates(self, left: Node | Token, sign: Token, right: Node | Token) -> bool:
        sides = []
        for node in (left, right):
            name = str(node) if isinstance(node, Token) else plain(node)
            sides.append(mp.mpf(self.indices[name]) if name in self.indices else self.scalar(node))
        return holds(sides[0], SIGNS[str(sign)], sides[1], mp.mpf(0))

    def _delta(self, token: Token) -> mp.mpf:
        first, second = (self.indices.get(i, i) for i in token.split()[3:5])
        return mp.mpf(first == second)

    def _indicator(self, *children: Node | Token) -> mp.mpf:
        return mp.mpf(self.true(trees(children)[0]))

    def _cases(self, *children: Node | Token) -> mp.mpf:
        for row in trees(children, "row"):
            if isinstance(row.children[2], Token) or self.true(row.children[2]):
                return self.scalar(row.children[0])
        raise NoValue("no case applies")

    def _integral(self, _int: Token, bounds: Node, body: Node, _d: Token, name: Node) -> mp.mpf:
        return self.integrate(bounds, name, lambda: self.scalar(body))

    def _integral_over(self, *children: Node | Token) -> mp.mpf:
        bounds, name, below = trees(children)
        return self.integrate(bounds, name, lambda: 1 / self.scalar(below))

    def integrate(self, bounds: Node, name: Node, body: Callable[[], mp.mpf]) -> mp.mpf:
        """A definite integral between numbers."""
        low, high = (self.scalar(t) for t in trees(bounds.children))
        key, sample, component = self.resolve(name.children)
        if mp.isinf(low) or mp.isinf(high) or component is not None:
            raise Unsure

        def function(value: mp.mpf) -> mp.mpf:
            with self.within(held={**self.held, (key, sample, None): value}, opened=self.opened | {key}):
                return body()

        if self.sloping:
            raise Unsure  # a derivative of a number that is known to few digits
        self.rough = True
        try:
            with mp.workdps(30):
                value, error = mp.quad(function, [low, (low + high) / 2, high], error=True)
        except (NoValue, ZeroDivisionError, OverflowError):
            raise Unsure from None
        if error > abs(value) * mp.mpf(10) ** -15 + mp.mpf(10) ** -15 or abs(value) > 10**20:
            raise Unsure  # it may diverge
        return value

    # statements --------------------------------------------------------------------------------------------------

    def true(self, node: Node) -> bool:
        """Whether a relation, a membership or a hypothesis holds."""
        node = node.children[0] if node.data in ("given", "hypothesis") else node
        if node.data == "member":
            inner, members = trees(node.children)
            values = self.of(inner)
            return all(self._inside(v, members) for v in (values.flat if isinstance(values, Grid) else [values]))
        sides, signs = chain_parts(node)
        values = [self.of(side) for side in sides]
        return all(self.holds(a, s, b) for a, s, b in zip(values, signs, values[1:], strict=False))

    def assume(self, node: Node) -> bool:
        """Whether a hypothesis is `symbol = expression`; then the symbol takes that value."""
        if node.data != "related" or [SIGNS[str(s)] for s in node.children[1::2]] != ["="]:
            return False
        for name, other in ((node.children[0], node.children[2]), (node.children[2], node.children[0])):
            if getattr(name, "data", "") != "name":
                continue
            try:
                place = self.resolve(name.children)
            except Unsure:
                return False
            if self.scope.definition(place[0]) is None or place[0] in self.kept:
                self.assumed[place] = (other, dict(self.indices))
                return True
        return False

    def admits(self, given: tuple[Node, ...]) -> bool:
        """Whether every hypothesis holds, for each example that was met, and every value lies in its domain."""
        samples = dict.fromkeys([None, *(place[1] for place in self.values)])
        for node in given:
            for sample in samples:
                with self.within(sample=sample):
                    try:
                        if not self.true(node):
                            return False
                    except NoValue:
                        return False
                    except Unsure:
                        continue  # about an index that this claim does not speak of
        return all(inside(value, self.scope.domain(place[0])) for place, value in self.values.items())

    def holds(self, left: Number, sign: str, right: Number) -> bool:
        """Whether a relation holds entry by entry, in doubt yes."""
        lefts = left.flat if isinstance(left, Grid) else [left]
        rights = right.flat if isinstance(right, Grid) else [right] * len(lefts)
        return all(holds(a, sign, b, self.tolerance) for a, b in zip(lefts, rights, strict=True))

    def _inside(self, value: mp.mpf, members: Node) -> bool:
        if members.data == "reals":
            return True
        numbers = [self.scalar(t) for t in trees(members.children)]
        if members.data == "finite":
            return any(holds(value, "=", n, self.tolerance) for n in numbers)
        low, high = (
            ("<" if members.children[0].type == "LP" else "<="),
            ("<" if members.children[-1].type == "RP" else "<="),
        )
        return holds(numbers[0], low, value, self.tolerance) and holds(value, high, numbers[1], self.tolerance)

    @property
    def tolerance(self) -> mp.mpf:
        """Relative: numerical derivatives and integrals lose digits."""
        return mp.mpf(10) ** (-12 if self.rough else -30)


def _log(value: mp.mpf) -> mp.mpf:
    if value <= 0:
        raise NoValue("the logarithm of something that is not positive")
    return mp.log(value)


def holds(left: mp.mpf, sign: str, right: mp.mpf, tolerance: mp.mpf) -> bool:
    """Whether a relation holds between two numbers, in doubt yes."""
    scale = max(abs(left), abs(right), mp.mpf(1) if tolerance > mp.mpf(10) ** -20 else mp.mpf(10) ** -12)
    equal = left == right or (mp.isfinite(left) and mp.isfinite(right) and abs(left - right) <= tolerance * scale)
    if sign in ("=", "!="):
        return bool(equal == (sign == "="))
    if sign in ("<=", ">="):
        return bool(equal or (left < right) == (sign == "<="))
    return bool(left != right and ((left < right) == (sign == "<") or equal))


def inside(value: Any, domain: Any) -> bool:
    """Whether a number lies in a domain, whose ends are SymPy's."""
    low = -mp.inf if domain.low.is_infinite else mp.mpf(int(domain.low.p)) / int(domain.low.q)
    high = mp.inf if domain.high.is_infinite else mp.mpf(int(domain.high.p)) / int(domain.high.q)
    number = mp.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value
    above = number > low if domain.low_open else number >= low
    return bool(above and (number < high if domain.high_open else number <= high))
