"""Trees to mathematics: a parsed expression becomes a SymPy value at fixed sizes, under a scope.

A symbol is unfolded through its definition unless it is *frozen*: while something is differentiated in y_hat, y_hat
is a variable of its own. Each operation that can fail (division, logarithm, root) leaves a `Condition`, so that a
side that has no value at an admissible point is found even when SymPy would cancel the trouble away.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import sympy as sp
from lark import Token

from mseclf.proving.atoms import Atom, Condition, Index, Smooth, put
from mseclf.proving.errors import FormulaError, TypeTrouble, Vacuous
from mseclf.proving.parse import Node, letter, plain, start_of
from mseclf.proving.scope import Scope, keys_in
from mseclf.proving.tensors import (
    Tensor,
    Value,
    add,
    column,
    describe,
    each,
    elementwise,
    free_symbols,
    multiply,
    transpose,
)

SIZES = {"m": 3, "n": 2, "K": 3}
FUNCTIONS: Mapping[str, Callable[[sp.Expr], sp.Expr]] = {
    "exp": sp.exp, "cosh": sp.cosh, "sinh": sp.sinh, "tanh": sp.tanh, "sign": sp.sign, "sgn": sp.sign,
}  # fmt: skip

CONSTANTS = {"euler": sp.E, "pi": sp.pi, "infinity": sp.oo}


@dataclass
class Expressions:
    """Turns trees into values; what binds a variable (sums, derivatives, limits) is added in binders.py."""

    scope: Scope
    sizes: Mapping[str, int] = field(default_factory=lambda: dict(SIZES))
    frozen: frozenset[str] = frozenset()
    indices: dict[str, Index] = field(default_factory=dict)
    sample: Index = None
    guard: sp.Basic = sp.true
    atoms: dict[sp.Symbol, Atom] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)
    base: frozenset[str] = frozenset()
    notes: dict[str, None] = field(default_factory=dict)  # how limits and extremes were found, in words, each once

    def value(self, node: Node | Token) -> Value:
        """The value of an expression.

        Raises:
            FormulaError: types that do not fit, and the rest of the tree in errors.py.
        """
        try:
            if node.data in CONSTANTS:
                return CONSTANTS[node.data]
            result: Value = getattr(self, f"_{node.data}")(*node.children)
        except FormulaError as error:
            if error.offset is None:
                error.offset = start_of(node)
            raise
        return result

    def scalar(self, node: Node | Token) -> sp.Expr:
        """The value of an expression that must be a scalar."""
        value = self.value(node)
        if isinstance(value, Tensor):
            raise TypeTrouble(f"{plain(node)} is {describe(value)} where a scalar is needed", start_of(node))
        return value

    @contextmanager
    def within(self, **changes: object) -> Iterator[None]:
        """Set some fields for a while."""
        before = {name: getattr(self, name) for name in changes}
        try:
            for name, new in changes.items():
                setattr(self, name, new)
            yield
        finally:
            for name, old in before.items():
                setattr(self, name, old)

    def need(self, sort: str, expr: sp.Expr) -> None:
        """Record that an operation makes sense only if `expr` is `sort`."""
        plain_to_see = expr.is_nonzero if sort == "nonzero" else expr.is_number and expr.is_positive
        if not plain_to_see:
            self.conditions.append(Condition(sort, expr, self.guard))

    # symbols ---------------------------------------------------------------------------------------------------

    def atom(self, key: str, sample: Index = None, component: Index = None) -> sp.Symbol:
        """The SymPy symbol of a free (or frozen) symbol."""
        name = key + (f"^({sample})" if sample else "") + (f"_{component}" if component else "")
        domain = self.scope.domain(key)
        above, below = domain.low >= 0, domain.high <= 0
        symbol = sp.Symbol(
            name,
            real=True,
            nonnegative=True if above else None,
            nonpositive=True if below else None,
            zero=False if (above and domain.low_open) or (below and domain.high_open) else None,
        )
        self.atoms[symbol] = Atom(key, sample, component)
        return symbol

    def symbol(self, key: str, sample: Index = None) -> Value:
        """The value of a declared symbol, unfolded unless it is frozen."""
        symbol = self.scope.notation.symbols[key]
        if key in self.scope.poisoned:
            raise FormulaError(f"waiting on {self.scope.poisoned[key]}")
        if symbol.sample and sample is None:
            sample = self.sample
        if sample is not None and not symbol.sample:
            raise TypeTrouble(f"{key} takes no sample index")
        definition = self.scope.definition(key)
        if definition is not None and key not in self.frozen and symbol.kind != "random":
            if symbol.kind == "function":
                raise TypeTrouble(f"{key} needs its argument in parentheses")
            if definition.parameters:
                return self._applied(key, definition.parameters, sample)
            with self.within(sample=sample, indices={}):
                value = self.value(definition.body)
            if symbol.axes and not isinstance(value, Tensor):  # \\mathbf{1}, or a vector assumed to be 0
                return self._vector(key, sample).map(lambda _: value)
            return value
        if symbol.kind == "count":
            return self.size(key)
        if symbol.kind == "quantity" and key not in self.frozen:
            return self._applied(key, symbol.arguments, sample)
        if symbol.axes:
            return self._vector(key, sample)
        return self.atom(key, sample)

    def size(self, key: str) -> sp.Expr:
        """How many there are."""
        return sp.Integer(self.sizes[key])

    def _applied(self, key: str, parameters: tuple[str, ...], sample: Index) -> Value:
        """A function that is written without its arguments."""
        known = self.scope.notation.symbols
        return self.apply(key, [self.symbol(p, sample if known[p].sample else None) for p in parameters], sample)

    def _vector(self, key: str, sample: Index) -> Tensor:
        """A free vector or matrix: its entries are atoms, or the values of the symbol that it collects."""
        symbol = self.scope.notation.symbols[key]
        rows, columns = (*symbol.axes, "1")[:2]
        if symbol.entries:
            parts = [self.symbol(symbol.entries, i) for i in range(1, self.sizes["m"] + 1)]
            flat = [list(p.entries) if isinstance(p, Tensor) else [p] for p in parts]
            return Tensor((rows, columns), sp.ImmutableDenseMatrix(flat))
        if columns != "1":
            shape = (self.sizes[rows], self.sizes[columns])
            entries = sp.ImmutableDenseMatrix(*shape, lambda i, j: self.atom(key, sample, int(10 * (i + 1) + j + 1)))
            return Tensor((rows, columns), entries)
        atoms: list[sp.Expr] = [self.atom(key, sample, c) for c in range(1, self.sizes[rows] + 1)]
        if symbol.domain == "simplex":
            del self.atoms[atoms[-1]]
            atoms[-1] = 1 - sum(atoms[:-1])
        return column(rows, atoms)

    def unfold(self, expr: sp.Expr) -> sp.Expr:
        """The logits that are kept as variables of their own, written out in parameters and inputs."""
        return put(expr, {s: self.written_out(s) for s in expr.free_symbols if self._is_kept(s)})

    def written_out(self, symbol: sp.Symbol) -> sp.Expr:
        """What a kept variable stands for."""
        atom = self.atoms[symbol]
        with self.within(frozen=self.frozen - {atom.key}):
            return self.symbol(atom.key, atom.sample)

    def _is_kept(self, symbol: sp.Symbol) -> bool:
        atom = self.atoms.get(symbol)
        return atom is not None and atom.key in self.base and atom.key not in self.scope.assumed

    def free(self, value: Value) -> set[sp.Symbol]:
        """The free symbols of a value, those behind kept variables included."""
        own = free_symbols(value)
        return own.union(*(self.written_out(s).free_symbols for s in own if self._is_kept(s)))

    def apply(self, key: str, arguments: list[Value], sample: Index = None) -> Value:
        """A function at its arguments: its body with frozen parameters, then the arguments put in."""
        definition = self.scope.definition(key)
        names = definition.parameters if definition else self.scope.notation.symbols[key].arguments
        if len(names) != len(arguments):
            raise TypeTrouble(f"{key} takes {len(names)} arguments, not {len(arguments)}")
        if definition is not None:
            return self._substitute(names, arguments, sample, lambda: self.value(definition.body))
        if any(isinstance(a, Tensor) for a in arguments):
            raise TypeTrouble(f"{key} of {describe(arguments[0])}")
        return Smooth(sp.Symbol(f"{key}|{','.join('0' for _ in names)}"), *arguments)

    def _substitute(
        self, keys: tuple[str, ...], arguments: list[Value], sample: Index, body: Callable[[], Value]
    ) -> Value:
        """Evaluate `body` with `keys` frozen, then replace them; a scalar function of a column acts entry by entry."""
        first = len(self.conditions)
        with self.within(frozen=self.frozen | set(keys), sample=sample, indices={}):
            value = body()
            holes = [self.symbol(key) for key in keys]
        fresh = self.conditions[first:]
        del self.conditions[first:]
        if len(keys) == 1 and isinstance(arguments[0], Tensor) and not isinstance(holes[0], Tensor):
            if isinstance(value, Tensor):
                raise TypeTrouble(f"{keys[0]} is a scalar in this definition")
            return arguments[0].map(lambda entry: self._put(value, fresh, {holes[0]: entry}))
        mapping: dict[sp.Expr, sp.Expr] = {}
        for hole, argument in zip(holes, arguments, strict=True):
            mapping |= {old: new for old, new in _pairs(hole, argument).items() if old != new}
        if any(isinstance(hole, Tensor) for hole in holes) and mapping:
            value = each(value, self.unfold)
        self._put(sp.S.Zero, fresh, mapping)
        return each(value, lambda entry: put(entry, mapping))

    def _put(self, expr: sp.Expr, fresh: list[Condition], mapping: Mapping[sp.Expr, sp.Expr]) -> sp.Expr:
        for condition in fresh:
            with self.within(guard=sp.And(self.guard, condition.guard.xreplace(mapping))):
                self.need(condition.sort, put(condition.expr, mapping))
        return put(expr, mapping)

    def _name(self, *tokens: Token) -> Value:
        key, sample, component = self.resolve(tokens)
        value = self.symbol(key, sample)
        return value if component is None else self.component(key, value, component)

    def component(self, key: str, value: Value, component: Index) -> sp.Expr:
        """One entry of a column."""
        if not isinstance(value, Tensor) or value.axes[1] != "1":
            raise TypeTrouble(f"{key} has no components")
        if component > len(value.entries):
            raise TypeTrouble(f"{key} has no component {component}")
        return value.entries[component - 1]

    def resolve(self, tokens: tuple[Token, ...]) -> tuple[str, Index, Index]:
        """Which symbol, of which example, and which component a name speaks of."""
        notation = self.scope.notation
        found = notation.find(str(tokens[0]))
        assert found is not None, tokens
        key, sample, component = found.tex, None, None
        if key in self.indices:
            raise TypeTrouble(f"{key} is an index here, not a number")
        for token in tokens[1:]:
            if token.type == "SAMPLE":
                sample = self._index(letter(token), "m")
            else:
                if found.kind in ("scalar", "random") and f"\\vec {found.tex}" in notation.symbols:
                    found = notation.symbols[f"\\vec {found.tex}"]
                    key = found.tex
                if found.kind != "vector":
                    raise TypeTrouble(f"{key} has no components")
                component = self._index(letter(token), found.axes[0])
        return key, sample, component

    def _index(self, letter: str, axis: str) -> Index:
        if letter.isdigit():
            return int(letter)
        if self.scope.notation.indices[letter] != axis:
            raise TypeTrouble(f"the index {letter} runs over {self.scope.notation.indices[letter]}, not {axis}")
        if letter not in self.indices:
            raise TypeTrouble(f"the index {letter} is bound by no sum here")
        return self.indices[letter]

    def _index_value(self, token: Token) -> Value:
        raise TypeTrouble(f"{token} is an index, not a number")

    # arithmetic ------------------------------------------------------------------------------------------------

    def times(self, left: Value, right: Value) -> Value:
        """The product; written for every size at once in schematic.py."""
        return multiply(left, right)

    def turned(self, value: Value) -> Value:
        """The transpose; likewise."""
        return transpose(value)

    def _number(self, token: Token) -> Value:
        return sp.Rational(str(token))

    def _group(self, _open: Token, inner: Node, _close: Token) -> Value:
        return self.value(inner)

    def _signed(self, sign: Node, term: Node) -> Value:
        value = self.value(term)
        return self.times(sp.S.NegativeOne, value) if sign.children[0].type == "MINUS" else value

    def _add(self, left: Node, _plus: Token, right: Node) -> Value:
        return add(self.value(left), self.value(right))

    def _subtract(self, left: Node, _minus: Token, right: Node) -> Value:
        return add(self.value(left), self.times(sp.S.NegativeOne, self.value(right)))

    def _beside(self, *factors: Node | Token) -> Value:
        return self.times(self.value(factors[0]), self.value(factors[-1]))

    _dot = _times_big = _dot_big = _beside

    def _elementwise(self, left: Node, _odot: Token, right: Node) -> Value:
        if getattr(left, "data", "") in ("beside", "dot") and isinstance(self.value(left), Tensor):
            raise TypeTrouble("ambiguous: put parentheses around the elementwise product")
        return elementwise(self.value(left), self.value(right))

    def _over(self, top: Node, _slash: Token, bottom: Node) -> Value:
        return self.divide(self.value(top), self.scalar(bottom))

    def _fraction(self, *children: Node) -> Value:
        return self.divide(self.value(children[2]), self.scalar(children[5]))

    def divide(self, top: Value, bottom: sp.Expr) -> Value:
        """A quotient; its denominator must not vanish."""
        self.need("nonzero", bottom)
        if bottom.is_zero:
            raise TypeTrouble("division by zero")
        return self.times(top, 1 / bottom)

    def _raised(self, base: Node, _caret: Token, _open: Token, exponent: Node, _close: Token) -> Value:
        value, power = self.value(base), self.scalar(exponent)
        if isinstance(value, Tensor):
            raise TypeTrouble(f"a power of {describe(value)}: write the norm, or \\odot")
        return self.power(value, power)

    def power(self, value: sp.Expr, power: sp.Expr) -> sp.Expr:
        """A power, with what its base must satisfy."""
        if not power.is_integer:
            self.need("positive", value)
        elif power.is_negative:
            self.need("nonzero", value)
        return value**power

    def _transposed(self, base: Node, _top: Token) -> Value:
        return self.turned(self.value(base))

    def _transposed_raised(self, *_children: Node) -> Value:
        raise TypeTrouble("a power of a transpose")

    def _absolute(self, _open: Token, inner: Node, _close: Token) -> Value:
        return sp.Abs(self.scalar(inner))

    def _norm(self, _open: Token, inner: Node, _close: Token) -> Value:
        value = self.value(inner)
        return sp.sqrt(self.square(value)) if isinstance(value, Tensor) else sp.Abs(value)

    def square(self, value: Tensor) -> sp.Expr:
        """The sum of the squares of the entries."""
        return sp.Add(*(entry**2 for entry in value.entries))

    def diagonal(self, value: Tensor) -> Tensor:
        """The diagonal matrix of a column."""
        return Tensor((value.axes[0], value.axes[0]), sp.ImmutableDenseMatrix(sp.diag(*value.entries)))

    def _root(self, *children: Node) -> Value:
        value = self.scalar(children[2])
        self.need("nonnegative", value)
        return sp.sqrt(value)

    # functions -------------------------------------------------------------------------------------------------

    def _call(self, function: Token, *rest: Token | Node) -> Value:
        found = self.scope.notation.find(str(function))
        assert found is not None, function
        key = found.tex
        primes = sum(1 for t in rest if getattr(t, "type", "") == "PRIME")
        arguments = [self.value(t) for t in rest if not isinstance(t, Token)]
        samples = [self._index(letter(t), "m") for t in rest if getattr(t, "type", "") == "SAMPLE"]
        sample = samples[0] if samples else None
        if not primes:
            return self.apply(key, arguments, sample)
        definition = self.scope.definition(key)
        parameters = definition.parameters if definition else self.scope.notation.symbols[key].arguments
        if len(parameters) != 1 or len(arguments) != 1:
            raise TypeTrouble(f"{key}' : a prime needs a function of one argument")

        def derivative() -> Value:
            hole = self.symbol(parameters[0])
            return sp.diff(self.apply(key, [hole]), hole, primes)

        return self._substitute(parameters, arguments, sample, derivative)

    def _builtin(self, function: Token, *rest: Token | Node) -> Value:
        pieces = function.split()
        name = "".join(pieces[2:-1]) or pieces[0].removeprefix("\\")
        power = next((int(t) for t in rest if getattr(t, "type", "") == "NUM"), None)
        values = [self.value(t) for t in rest if not isinstance(t, Token)]
        result = self._named(name, values)
        if power is None:
            return result
        if isinstance(result, Tensor):
            raise TypeTrouble(f"a power of {describe(result)}")
        return result**power

    def _builtin_bare(self, function: Token, argument: Node) -> Value:
        return self._builtin(function, argument)

    def _named(self, name: str, values: list[Value]) -> Value:
        if name in ("max", "min"):
            if len(values) < 2 or any(isinstance(v, Tensor) for v in values):
                raise TypeTrouble(f"{name} compares two or more scalars")
            return (sp.Max if name == "max" else sp.Min)(*values)
        if len(values) != 1:
            raise TypeTrouble(f"{name} takes one argument")
        (value,) = values
        if name == "softmax":
            return self._softmax(value)
        if name == "diag":
            if not isinstance(value, Tensor) or value.axes[1] != "1":
                raise TypeTrouble(f"diag of {describe(value)}")
            return self.diagonal(value)
        function = {"log": self._log, "ln": self._log, "logit": self._logit}.get(name) or FUNCTIONS[name]
        return each(value, function)

    def _log(self, value: sp.Expr) -> sp.Expr:
        self.need("positive", value)
        if value.is_zero or value.is_negative:
            raise TypeTrouble(f"the logarithm of {value}")
        return sp.log(value)

    def _logit(self, value: sp.Expr) -> sp.Expr:
        self.need("positive", value)
        self.need("positive", 1 - value)
        return sp.log(value) - sp.log(1 - value)

    def _softmax(self, value: Value) -> Value:
        if not isinstance(value, Tensor) or value.axes != ("K", "1"):
            raise TypeTrouble(f"softmax of {describe(value)}")
        total = sp.Add(*(sp.exp(entry) for entry in value.entries))
        return value.map(lambda entry: sp.exp(entry) / total)

    def _expectation(self, _e: Token, _open: Token, inner: Node, _close: Token) -> Value:
        random = [k for k in keys_in(inner, self.scope.notation) if self.scope.notation.symbols[k].kind == "random"]
        if len(random) != 1:
            raise Vacuous("an expectation needs one random symbol in it")
        chance = self.scope.definition(random[0])
        assert chance is not None
        value, hole = self.scalar(inner), self.atom(random[0])
        weight = self.scalar(chance.body)
        self.atoms.pop(hole, None)
        return weight * put(value, {hole: sp.S.One}) + (1 - weight) * put(value, {hole: sp.S.Zero})


def _pairs(hole: Value, argument: Value) -> dict[sp.Expr, sp.Expr]:
    """What to replace by what; a vector of zeros may be written 0."""
    if isinstance(hole, Tensor):
        if argument == 0:
            return dict.fromkeys(hole.entries, sp.S.Zero)
        if not isinstance(argument, Tensor) or hole.axes != argument.axes:
            raise TypeTrouble(f"{describe(argument)} where {describe(hole)} is needed")
        pairs = dict(zip(hole.entries, argument.entries, strict=True))
        return {old: new for old, new in pairs.items() if old.is_Symbol}
    if isinstance(argument, Tensor):
        raise TypeTrouble(f"{describe(argument)} where a scalar is needed")
    return {hole: argument}
