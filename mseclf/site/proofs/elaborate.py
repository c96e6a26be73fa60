"""Trees to mathematics: a parsed expression becomes a SymPy value at stated sizes, under a scope.

A symbol is unfolded through its definition unless it is *frozen*: while something is differentiated in y_hat, y_hat
is a variable of its own. Each operation that can fail (quotient, logarithm, root, power, case) leaves a `Condition`
at once, so that none is lost when SymPy cancels the trouble away.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import sympy as sp
from lark import Token
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from mseclf.site.latex.errors import FormulaError, TypeTrouble, Undefined, Vacuous, Waiting
from mseclf.site.latex.parse import Node, letter, plain, start_of
from mseclf.site.proofs.atoms import Atom, Condition, Index, Smooth, put
from mseclf.site.proofs.scope import Definition, Scope, keys_in, linear
from mseclf.site.proofs.tensors import (
    Tensor,
    Value,
    add,
    column,
    describe,
    each,
    elementwise,
    entries,
    free_symbols,
    multiply,
    transpose,
)

FUNCTIONS: Mapping[str, Callable[[sp.Expr], sp.Expr]] = {
    "exp": sp.exp, "cosh": sp.cosh, "sinh": sp.sinh, "tanh": sp.tanh, "sign": sp.sign, "sgn": sp.sign,
    "sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "arctan": sp.atan,
}  # fmt: skip
CONSTANTS = {"euler": sp.E, "pi": sp.pi, "infinity": sp.oo}


@dataclass
class Expressions(ABC):
    """Turns trees into values; what binds a variable (sums, derivatives, limits) is added in binders.py."""

    scope: Scope
    sizes: Mapping[str, int]
    base: frozenset[str] = frozenset()  # scalars such as the logit, kept as variables while a claim allows it
    frozen: frozenset[str] = frozenset()
    indices: dict[str, Index] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)  # what an index of a sum runs over, where that is said
    sample: Index = None
    guard: Boolean = sp.true
    atoms: dict[sp.Symbol, Atom] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)
    sized: set[str] = field(default_factory=set)  # axes whose length stands in the value as a number
    moved: dict[str, bool] = field(default_factory=dict)  # what a limit, an extreme or an integral runs through

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

    def need(self, needed: Boolean, words: str, sharp: bool = True) -> None:
        """Record what an operation needs."""
        needed = needed.replace(lambda part: isinstance(part, Relational), lambda part: part.func(*part.args))
        if needed is not sp.true:
            self.conditions.append(Condition(needed, words, self.guard, sharp))

    # symbols ---------------------------------------------------------------------------------------------------

    def atom(self, key: str, sample: Index = None, component: Index = None) -> sp.Symbol:
        """The SymPy symbol of a free (or frozen) symbol: no assumption but what its declared domain says."""
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
            raise Waiting(f"waiting on {self.scope.poisoned[key]}")
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
            value = self.body(definition, sample)
            if symbol.axes and not isinstance(value, Tensor):  # \\mathbf{1}
                return self._vector(key, sample).map(lambda _: value)
            return value
        if symbol.kind == "count":
            return self.size(key)
        if symbol.kind == "quantity" and key not in self.frozen:
            return self._applied(key, symbol.arguments, sample)
        if symbol.kind == "function":
            raise TypeTrouble(f"{key} needs its argument in parentheses")
        return self._vector(key, sample) if symbol.axes else self.atom(key, sample)

    def body(self, definition: Definition, sample: Index) -> Value:
        """The right side of a definition, with the meaning of its place; where it was not made, it says nothing."""
        with self.within(sample=sample, indices={}, scope=definition.place or self.scope):
            for node in definition.needs:
                for fact in self.facts(node):
                    self.need(fact, f"the definition was made for {plain(node)} only", sharp=False)
            return self.value(definition.body)

    @abstractmethod
    def facts(self, node: Node) -> list[Boolean]:
        """What a hypothesis states; in binders.py."""

    def size(self, key: str) -> sp.Expr:
        """How many there are."""
        self.sized.add(key)
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
            return Tensor((rows, columns), sp.ImmutableDenseMatrix(list(map(entries, parts))))
        if columns != "1":
            shape = (self.sizes[rows], self.sizes[columns])
            matrix = sp.ImmutableDenseMatrix(*shape, lambda i, j: self.atom(key, sample, int(10 * (i + 1) + j + 1)))
            return Tensor((rows, columns), matrix)
        atoms: list[sp.Expr] = [self.atom(key, sample, c) for c in range(1, self.sizes[rows] + 1)]
        if symbol.domain == "simplex":
            del self.atoms[atoms[-1]]
            atoms[-1] = 1 - sum(atoms[:-1])
        return column(rows, atoms)

    def is_kept(self, symbol: sp.Symbol) -> bool:
        """Whether a symbol is a logit that stands for itself here."""
        atom = self.atoms.get(symbol)
        return atom is not None and atom.key in self.base

    def written_out(self, symbol: sp.Symbol) -> sp.Expr:
        """What a kept variable stands for."""
        atom = self.atoms[symbol]
        with self.within(frozen=self.frozen - {atom.key}):
            return self.symbol(atom.key, atom.sample)

    def unfolding(self, symbols: set[sp.Symbol]) -> dict[sp.Symbol, sp.Expr]:
        """The kept variables among some symbols, and what they stand for."""
        return {s: self.written_out(s) for s in symbols if self.is_kept(s)}

    def depends(self, value: Value, hole: Value) -> bool:
        """Whether a value changes with a variable."""
        return bool(free_symbols(hole) & self.free(value))

    def free(self, value: Value) -> set[sp.Symbol]:
        """The free symbols of a value, those behind kept variables included."""
        own = free_symbols(value)
        return own.union(*(out.free_symbols for out in self.unfolding(own).values()))

    def apply(self, key: str, arguments: list[Value], sample: Index = None) -> Value:
        """A function at its arguments: its body with frozen parameters, then the arguments put in."""
        definition = self.scope.definition(key)
        names = definition.parameters if definition else self.scope.notation.symbols[key].arguments
        if len(names) != len(arguments):
            raise TypeTrouble(f"{key} takes {len(names)} arguments, not {len(arguments)}")
        if definition is not None:
            return self.substitute(names, arguments, sample, lambda: self.body(definition, sample))
        if any(isinstance(a, Tensor) for a in arguments):
            raise TypeTrouble(f"{key} of {describe(arguments[0])}")
        for name, argument in zip(names, arguments, strict=True):
            self.need(self.scope.domain(name).holds(argument), f"{key} is declared for {name} in its domain only")
        return Smooth(sp.Symbol(f"{key}|{','.join('0' for _ in names)}"), *arguments)

    def substitute(
        self, keys: tuple[str, ...], arguments: list[Value], sample: Index, body: Callable[[], Value]
    ) -> Value:
        """Evaluate `body` with `keys` frozen, then replace them; a scalar function of a column acts entry by entry."""
        first = len(self.conditions)
        with self.within(frozen=self.frozen | set(keys), sample=sample, indices={}, guard=sp.true):
            value = body()
            holes = [self.symbol(key) for key in keys]
        fresh = self.conditions[first:]
        del self.conditions[first:]
        if len(keys) == 1 and isinstance(arguments[0], Tensor) and not isinstance(holes[0], Tensor):
            if isinstance(value, Tensor):
                raise TypeTrouble(f"{keys[0]} is a scalar in this definition")
            return arguments[0].map(lambda entry: self.put(value, fresh, {holes[0]: entry}))
        mapping: dict[sp.Expr, sp.Expr] = {}
        for hole, argument in zip(holes, arguments, strict=True):
            mapping |= {old: new for old, new in pairs(hole, argument).items() if old != new}
        if any(isinstance(hole, Tensor) for hole in holes) and mapping:
            value, fresh = self.in_full(value, fresh)
        return self.put(value, fresh, mapping)

    def in_full(self, value: Value, fresh: list[Condition]) -> tuple[Value, list[Condition]]:
        """A value and its conditions with the kept variables written out."""
        out = self.unfolding(free_symbols(value).union(*(c.needed.free_symbols for c in fresh)))
        return each(value, lambda entry: put(entry, out)), [c.put(out) for c in fresh]

    def put(self, value: Value, fresh: list[Condition], mapping: Mapping[sp.Expr, sp.Expr]) -> Value:
        """A value with symbols replaced; its conditions, likewise, are asked for from here on."""
        for condition in fresh:
            new = condition.put(mapping).under(self.guard)
            if new.needed is not sp.true:
                self.conditions.append(new)
        return each(value, lambda entry: put(entry, mapping))

    def _name(self, *tokens: Token) -> Value:
        key, sample, component = self.resolve(tokens)
        value = self.symbol(key, sample)
        return value if component is None else self.component(key, value, component)

    def component(self, key: str, value: Value, component: Index) -> sp.Expr:
        """One entry of a column."""
        if not isinstance(value, Tensor) or value.axes[1] != "1":
            raise TypeTrouble(f"{key} has no components")
        if component > len(value.entries):
            raise TypeTrouble(f"{key} has no component {component} where there are {len(value.entries)}")
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
            index = letter(token)
            if token.type == "SAMPLE" or (found.sample and self.axis(index) == "m"):  # y_i is y^{(i)}
                sample = self.index(index, "m")
            else:
                if found.kind in ("scalar", "random") and f"\\vec {found.tex}" in notation.symbols:
                    found = notation.symbols[f"\\vec {found.tex}"]
                    key = found.tex
                if found.kind != "vector":
                    raise TypeTrouble(f"{key} has no components")
                component = self.index(index, found.axes[0])
        return key, sample, component

    def index(self, letter: str, axis: str) -> Index:
        """The value of an index."""
        if letter.isdigit():
            if not 0 < int(letter) <= self.sizes[axis]:
                raise TypeTrouble(f"there is no {letter} among {self.sizes[axis]}: fix the size by a hypothesis")
            return int(letter)
        if self.axis(letter) != axis:
            raise TypeTrouble(f"the index {letter} runs over {self.axis(letter)}, not {axis}")
        if letter not in self.indices:
            raise TypeTrouble(f"the index {letter} is bound by no sum here")
        return self.indices[letter]

    def axis(self, letter: str) -> str | None:
        """What an index runs over."""
        return self.runs.get(letter) or self.scope.notation.indices.get(letter)

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
        return add(*self._alike(self.value(left), self.value(right)))

    def _subtract(self, left: Node, _minus: Token, right: Node) -> Value:
        first, second = self._alike(self.value(left), self.value(right))
        return add(first, self.times(sp.S.NegativeOne, second))

    @staticmethod
    def _alike(left: Value, right: Value) -> tuple[Value, Value]:
        """Two terms; beside a column the number 1 is a column of ones."""
        if isinstance(left, Tensor) and right == 1 and left.axes[1] == "1":
            return left, left.map(lambda _: sp.S.One)
        if isinstance(right, Tensor) and left == 1 and right.axes[1] == "1":
            return right.map(lambda _: sp.S.One), right
        return left, right

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
        self.need(sp.Ne(bottom, 0), "a division by zero")
        if bottom.is_zero:
            raise Undefined("a division by zero")
        return self.times(top, 1 / bottom)

    def _raised(self, base: Node, _caret: Token, _open: Token, exponent: Node, _close: Token) -> Value:
        value, power = self.value(base), self.scalar(exponent)
        if isinstance(value, Tensor):
            raise TypeTrouble(
                f"a power of {describe(value)} is not understood: inverses are not; write the norm, or \\odot"
            )
        return self.power(value, power)

    def power(self, value: sp.Expr, power: sp.Expr) -> sp.Expr:
        """A power, with what its base must satisfy."""
        if power.is_integer:
            if not power.is_nonnegative:
                self.need(sp.Ne(value, 0), "a division by zero")
        elif power.is_positive:
            self.need(sp.Ge(value, 0), "the power or root of a negative number")
        else:
            self.need(sp.Gt(value, 0), "the power of something that is not positive")
        if value.is_zero and not power.is_nonnegative:
            raise Undefined("a power of zero")
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
        return self.power(self.scalar(children[2]), sp.S.Half)

    # functions -------------------------------------------------------------------------------------------------

    def _call(self, function: Token, *rest: Token | Node) -> Value:
        found = self.scope.notation.find(str(function))
        assert found is not None, function
        key = found.tex
        primes = sum(1 for t in rest if getattr(t, "type", "") == "PRIME")
        arguments = [self.value(t) for t in rest if not isinstance(t, Token)]
        samples = [self.index(letter(t), "m") for t in rest if getattr(t, "type", "") == "SAMPLE"]
        sample = samples[0] if samples else None
        if not primes:
            return self.apply(key, arguments, sample)
        definition = self.scope.definition(key)
        parameters = definition.parameters if definition else self.scope.notation.symbols[key].arguments
        if len(parameters) != 1 or len(arguments) != 1:
            raise TypeTrouble(f"{key}' : a prime needs a function of one argument")

        def derivative() -> Value:
            hole, value = self.symbol(parameters[0]), None
            value = self.apply(key, [hole])
            for _ in range(primes):
                value = self.plain_slope(value, hole)
            return value

        return self.substitute(parameters, arguments, sample, derivative)

    @abstractmethod
    def plain_slope(self, expr: sp.Expr, hole: sp.Symbol) -> sp.Expr:
        """The derivative in one symbol, all others fixed; in binders.py."""

    def _inverse(self, function: Token, _open: Token, argument: Node, _close: Token) -> Value:
        r"""``\sigma^{-1}(p)``: known where the function is the logistic one."""
        key = self.scope.notation.find(function.partition("^ { - 1")[0])
        hole = sp.Dummy(real=True)
        value = self.apply(key.tex, [hole]) if key is not None else hole
        if sp.simplify(value - 1 / (1 + sp.exp(-hole))) != 0:
            raise TypeTrouble(f"the inverse of {key.tex if key else function} is not known")
        return each(self.value(argument), self._logit)

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
        return self._builtin(function, argument.children[0] if argument.data == "bare" else argument)

    def _builtin_big(self, function: Token, argument: Node) -> Value:
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
        self.need(sp.Gt(value, 0), "the logarithm of something that is not positive")
        if value.is_zero or value.is_negative:
            raise Undefined(f"the logarithm of {value}")
        return sp.log(value)

    def _logit(self, value: sp.Expr) -> sp.Expr:
        return self._log(value) - self._log(1 - value)

    def _softmax(self, value: Value) -> Value:
        if not isinstance(value, Tensor) or value.axes != ("K", "1"):
            raise TypeTrouble(f"softmax of {describe(value)}")
        total = sp.Add(*(sp.exp(entry) for entry in value.entries))
        return value.map(lambda entry: sp.exp(entry) / total)

    # chance ----------------------------------------------------------------------------------------------------

    def _expectation(self, *children: Node | Token) -> Value:
        weight, one, zero = self._outcomes(children)
        return weight * one + (1 - weight) * zero

    def _variance(self, *children: Node | Token) -> Value:
        weight, one, zero = self._outcomes(children)
        return weight * (1 - weight) * (one - zero) ** 2

    def _probability(self, _p: Token, _open: Token, left: Node, sign: Token, right: Node, _close: Token) -> Value:
        weight, one, zero = self._outcomes((left,))
        told = self.scalar(right)
        if sign != "=" or not {one, zero} == {sp.S.One, sp.S.Zero} or told not in (0, 1):
            raise TypeTrouble("of a random label P(Y = 1) and P(Y = 0) are understood, nothing else")
        return weight if told == one else 1 - weight

    def _outcomes(self, children: tuple[Node | Token, ...]) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
        """The chance that the random symbol inside is 1, and the values with 1 and with 0 in its place."""
        *named, inner = [c for c in children if not isinstance(c, Token)]
        random = [k for k in keys_in(inner, self.scope.notation) if self.scope.notation.symbols[k].kind == "random"]
        if len(random) != 1 or any(keys_in(n, self.scope.notation) != set(random) for n in named):
            raise Vacuous("an expectation needs one random symbol in it")
        chance = self.scope.definition(random[0])
        if chance is None:
            raise TypeTrouble(f"the distribution of {random[0]} is not declared")
        first = len(self.conditions)
        value, hole = self.scalar(inner), self.atom(random[0])
        fresh = self.conditions[first:]
        del self.conditions[first:]
        weight = self.body(chance, None)
        self.atoms.pop(hole, None)
        one, zero = (self.put(value, fresh, {hole: outcome}) for outcome in (sp.S.One, sp.S.Zero))
        return weight, one, zero


def base_of(scope: Scope) -> frozenset[str]:
    """The logits: what the table defines as a product of two columns, where the page defines it no other way."""
    return frozenset(key for key in linear(scope.notation) if key not in scope.fixed)


def pairs(hole: Value, argument: Value) -> dict[sp.Expr, sp.Expr]:
    """What to replace by what; a vector of zeros may be written 0."""
    if isinstance(hole, Tensor):
        if argument == 0:
            return dict.fromkeys(hole.entries, sp.S.Zero)
        if not isinstance(argument, Tensor) or hole.axes != argument.axes:
            raise TypeTrouble(f"{describe(argument)} where {describe(hole)} is needed")
        found = {old: new for old, new in zip(hole.entries, argument.entries, strict=True) if old != new}
        if any(not old.is_Symbol for old in found):
            raise TypeTrouble("the entries of a vector on the simplex cannot be replaced one by one")
        return found
    if isinstance(argument, Tensor):
        raise TypeTrouble(f"{describe(argument)} where a scalar is needed")
    return {hole: argument}
