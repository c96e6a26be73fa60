"""An independent numeric judge of displays: it shares the parser with the checker, and nothing else.

A world is a concrete data set with concrete parameters. Formulas are walked with numbers, derivatives are difference
quotients, limits are values far out, extremes are found on a grid: crude, slow, and built on none of the checker's
ideas.
"""

import random
from dataclasses import dataclass, field

import mpmath as mp
import numpy as np
from lark import Token, Tree

from mseclf.proving.notation import Notation
from mseclf.proving.parse import parse

DIGITS = 60
FAR = 300


class NoValue(Exception):
    """Undefined here, or outside what the judge can do."""


def column(values):
    return np.array([[v] for v in values], dtype=object)


@dataclass
class World:
    notation: Notation
    definitions: dict[str, tuple[tuple[str, ...], Tree]]
    rng: random.Random
    sizes: dict[str, int]
    domains: dict[str, object] = field(default_factory=dict)
    drawn: dict[tuple, object] = field(default_factory=dict)

    def draw(self, key, sample, component=None):
        """A number for a free symbol, the same one each time it is asked for."""
        name = (key, sample, component)
        if name not in self.drawn:
            self.drawn[name] = self._fresh(self.notation.symbols[key].domain, key)
        return self.drawn[name]

    def _fresh(self, domain, key):
        values = self.domains.get(key)
        if isinstance(values, list):
            return mp.mpf(self.rng.choice(values))
        low, high = values or (None, None)
        if domain in ("positive", "nonnegative"):
            low = mp.mpf(0) if low is None else low
        elif domain[0] in "([":
            ends = [mp.mpf(part) for part in domain[1:-1].split(",")]
            low, high = (ends[0] if low is None else low), (ends[1] if high is None else high)
        r = mp.mpf(self.rng.randint(1, 9998)) / 9999
        if low is not None and high is not None:
            return low + (high - low) * r
        step = mp.mpf(self.rng.choice([1, 1, 3, 12])) * (r + mp.mpf(1) / 7)
        return low + step if low is not None else high - step if high is not None else step * self.rng.choice([-1, 1])


class Oracle:
    """Evaluates trees in one world."""

    def __init__(self, world):
        self.world = world
        self.over: dict[tuple, object] = {}
        self.indices: dict[str, int] = {}
        self.sample = None
        self.unfixed: set[str] = set()

    # symbols
    def symbol(self, key, sample=None):
        symbol = self.world.notation.symbols[key]
        if symbol.sample and sample is None:
            sample = self.sample
        if (key, sample) in self.over:
            return self.over[key, sample]
        if key in self.world.definitions and key not in self.unfixed:
            _, body = self.world.definitions[key]
            return self.lexical(sample if symbol.sample else self.sample, lambda: self.value(body), symbol)
        if symbol.kind == "count":
            return mp.mpf(self.world.sizes[key])
        if symbol.kind == "quantity":
            return self.free_function(
                key, [self.symbol(a, sample) for a in symbol.arguments], (0,) * len(symbol.arguments)
            )
        if symbol.entries:
            parts = [self.symbol(symbol.entries, i) for i in range(1, self.world.sizes["m"] + 1)]
            return np.array([p[:, 0] if isinstance(p, np.ndarray) else [p] for p in parts], dtype=object)
        if symbol.kind == "vector":
            size = self.world.sizes[symbol.axes[0]]
            values = [self.world.draw(key, sample, c) for c in range(size)]
            return column([v / sum(values) for v in values] if symbol.domain == "simplex" else values)
        if symbol.kind == "matrix":
            rows, columns = (self.world.sizes[a] for a in symbol.axes)
            return np.array(
                [[self.world.draw(key, sample, (i, j)) for j in range(columns)] for i in range(rows)], dtype=object
            )
        return self.world.draw(key, sample)

    def lexical(self, sample, body, symbol=None):
        before = self.sample, self.indices
        self.sample, self.indices = sample, {}
        try:
            value = body()
        finally:
            self.sample, self.indices = before
        if symbol is not None and symbol.axes and not isinstance(value, np.ndarray):
            return column([value] * self.world.sizes[symbol.axes[0]])
        return value

    def free_function(self, key, arguments, orders):
        total = mp.mpf(0)
        for t in (1, 2):
            part = mp.mpf(len(key) % 5 + t)
            for place, (argument, order) in enumerate(zip(arguments, orders, strict=True)):
                rate = mp.mpf(2 * t + place - 4) / 3 + mp.mpf(1) / 7
                part *= rate**order * mp.exp(rate * argument)
            total += part
        return total

    def index(self, letter):
        return int(letter) if letter.isdigit() else self.indices[letter]

    def resolve(self, tokens):
        found = self.world.notation.find(str(tokens[0]))
        key, sample, component = found.tex, None, None
        for token in tokens[1:]:
            letter = "".join(c for c in token if c not in " _{}^()")
            if token.type == "SAMPLE":
                sample = self.index(letter)
            else:
                if found.kind in ("scalar", "random") and f"\\vec {key}" in self.world.notation.symbols:
                    key = f"\\vec {key}"
                component = self.index(letter)
        if sample is None and self.world.notation.symbols[key].sample:
            sample = self.sample
        return key, sample, component

    def value(self, node):
        return getattr(self, "do_" + node.data)(node.children)

    def scalar(self, node):
        value = self.value(node)
        if isinstance(value, np.ndarray):
            raise NoValue("a vector")
        return value

    def do_name(self, c):
        key, sample, component = self.resolve(c)
        if (key, sample, component) in self.over:
            return self.over[key, sample, component]
        value = self.symbol(key, sample)
        if component is None:
            return value
        if component > len(value):
            raise NoValue("no such entry")
        return value[component - 1, 0]

    # arithmetic
    def do_number(self, c):
        whole, _, part = str(c[0]).partition(".")
        return mp.mpf(int(whole + part)) / mp.mpf(10) ** len(part)

    def do_euler(self, _c):
        return mp.e + 0

    def do_pi(self, _c):
        return mp.pi + 0

    def do_infinity(self, _c):
        return mp.inf

    def do_group(self, c):
        return self.value(c[1])

    def do_signed(self, c):
        value = self.value(c[1])
        return -value if c[0].children[0].type == "MINUS" else value

    def do_add(self, c):
        return self.plus(self.value(c[0]), self.value(c[2]))

    def do_subtract(self, c):
        return self.plus(self.value(c[0]), -self.value(c[2]))

    def plus(self, a, b):
        if np.shape(a) != np.shape(b):
            raise NoValue("shapes")
        return a + b

    def do_beside(self, c):
        return self.times(self.value(c[0]), self.value(c[-1]))

    do_dot = do_times_big = do_dot_big = do_beside

    def times(self, a, b):
        if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
            if a.shape[1] != b.shape[0]:
                raise NoValue("shapes")
            product = a.dot(b)
            return product[0, 0] if product.shape == (1, 1) else product
        return a * b

    def do_elementwise(self, c):
        return self.value(c[0]) * self.value(c[2])

    def do_over(self, c):
        return self.divide(self.value(c[0]), self.scalar(c[2]))

    def do_fraction(self, c):
        return self.divide(self.value(c[2]), self.scalar(c[5]))

    def divide(self, a, b):
        if b == 0:
            raise NoValue("division by zero")
        return a / b if not isinstance(a, np.ndarray) else a * (1 / b)

    def do_raised(self, c):
        base, power = self.scalar(c[0]), self.scalar(c[3])
        if (base == 0 and power <= 0) or (base < 0 and not mp.isint(power)):
            raise NoValue("power")
        return base ** (int(power) if mp.isint(power) and abs(power) < 10**6 else power)

    def do_transposed(self, c):
        return self.value(c[0]).T

    def do_absolute(self, c):
        return abs(self.scalar(c[1]))

    def do_norm(self, c):
        value = self.value(c[1])
        return mp.sqrt(mp.fsum(v * v for v in value.ravel())) if isinstance(value, np.ndarray) else abs(value)

    def do_root(self, c):
        value = self.scalar(c[2])
        if value < 0:
            raise NoValue("root")
        return mp.sqrt(value)

    # functions
    def do_call(self, c):
        key = self.world.notation.find(str(c[0])).tex
        primes = sum(1 for t in c if isinstance(t, Token) and t.type == "PRIME")
        arguments = [self.value(t) for t in c if not isinstance(t, Token)]
        if isinstance(arguments[0], np.ndarray) and self.world.notation.symbols[key].kind == "function":
            return np.vectorize(lambda v: self.call(key, [v], primes), otypes=[object])(arguments[0])
        return self.call(key, arguments, primes)

    def call(self, key, arguments, primes=0):
        symbol = self.world.notation.symbols[key]
        if primes:
            return mp.diff(lambda v: self.call(key, [v]), arguments[0], primes)
        if key not in self.world.definitions:
            return self.free_function(key, arguments, (0,) * len(arguments))
        parameters, body = self.world.definitions[key]
        return self.with_over(
            dict.fromkeys(()) | {(p, None): a for p, a in zip(parameters, arguments, strict=True)},
            lambda: self.lexical(None, lambda: self.value(body), symbol),
            fresh=symbol.kind == "function",
        )

    def with_over(self, changes, body, fresh=False):
        before = self.over
        self.over = ({} if fresh else dict(before)) | changes
        try:
            return body()
        finally:
            self.over = before

    def do_builtin(self, c):
        name = str(c[0]).replace(" ", "").lstrip("\\")
        name = name[name.find("{") + 1 : -1] if "{" in name else name
        power = next((int(t) for t in c[1:] if isinstance(t, Token) and t.type == "NUM"), 1)
        values = [self.value(t) for t in c[1:] if not isinstance(t, Token)]
        return self.builtin(name, values) ** power

    do_builtin_bare = do_builtin

    def builtin(self, name, values):
        if name in ("max", "min"):
            return (max if name == "max" else min)(values)
        (v,) = values
        if name == "softmax":
            e = [mp.exp(x) for x in v[:, 0]]
            return column([x / mp.fsum(e) for x in e])
        if name == "diag":
            return np.array(
                [[v[i, 0] if i == j else mp.mpf(0) for j in range(len(v))] for i in range(len(v))], dtype=object
            )
        if isinstance(v, np.ndarray):
            return np.vectorize(lambda x: self.builtin(name, [x]), otypes=[object])(v)
        if name in ("log", "ln", "logit"):
            if v <= 0 or (name == "logit" and v >= 1):
                raise NoValue("logarithm")
            return mp.log(v) if name != "logit" else mp.log(v / (1 - v))
        return {"exp": mp.exp, "cosh": mp.cosh, "sinh": mp.sinh, "tanh": mp.tanh, "sign": mp.sign, "sgn": mp.sign}[
            name
        ](v)

    def do_expectation(self, c):
        chance = self.scalar(self.world.definitions["Y"][1])
        values = [self.with_over({("Y", None): mp.mpf(v)}, lambda: self.scalar(c[2])) for v in (1, 0)]
        return chance * values[0] + (1 - chance) * values[1]

    # binders
    def targets(self, c):
        out = []
        for by in (t for t in c if isinstance(t, Tree) and t.data == "by"):
            times = next((int(t) for t in by.children if isinstance(t, Token) and t.type == "NUM"), 1)
            out += [next(t for t in by.children if isinstance(t, Tree)).children] * times
        return out

    def do_derivative(self, c):
        (body,) = [t for t in c if isinstance(t, Tree) and t.data not in ("order", "by")]
        return self.derivative(lambda: self.value(body), self.targets(c))

    def do_derive(self, c):
        return self.derivative(lambda: self.value(c[-1]), self.targets(c))

    def do_gradient(self, c):
        name = next(t for t in c if isinstance(t, Tree) and t.data == "name").children
        order = next((int(t) for t in c if isinstance(t, Token) and t.type == "NUM"), 1)
        return self.derivative(lambda: self.value(c[-1]), [name] * order)

    def derivative(self, body, targets):
        key, sample, component = self.resolve(targets[0])
        at = self.do_name(targets[0])
        if isinstance(at, np.ndarray):
            return self.gradient(body, key, sample, at[:, 0], len(targets))
        names = [(key, sample, component)] if component is not None else [(key, sample)]
        if component is not None:
            whole = self.symbol(key, sample)

            def along(v):
                moved = whole.copy()
                moved[component - 1, 0] = v
                return self.with_over({(key, sample): moved}, body)
        else:

            def along(v):
                return self.with_over({names[0]: v}, body)

        start = along(at)
        if isinstance(start, np.ndarray):
            raise NoValue("a vector by a scalar")
        return mp.diff(along, at, len(targets))

    def gradient(self, body, key, sample, at, order):
        def moved(step):
            return self.with_over({(key, sample): column([a + s for a, s in zip(at, step, strict=True)])}, body)

        size, h = len(at), mp.mpf(10) ** -12
        unit = [[h if i == j else mp.mpf(0) for j in range(size)] for i in range(size)]
        if order == 1:
            first = moved([mp.mpf(0)] * size)
            if isinstance(first, np.ndarray):
                raise NoValue("a Jacobian")
            return column([(moved(u) - moved([-s for s in u])) / (2 * h) for u in unit])
        plus = lambda a, b: [x + y for x, y in zip(a, b, strict=True)]  # noqa: E731
        minus = lambda a: [-x for x in a]  # noqa: E731
        return np.array(
            [
                [
                    (
                        moved(plus(a, b))
                        - moved(plus(a, minus(b)))
                        - moved(plus(minus(a), b))
                        + moved(plus(minus(a), minus(b)))
                    )
                    / (4 * h * h)
                    for b in unit
                ]
                for a in unit
            ],
            dtype=object,
        )

    def do_evaluated(self, c):
        body, name, at = (t for t in c if isinstance(t, Tree))
        key, sample, _ = self.resolve(name.children)
        value = self.value(at)
        old = self.symbol(key, sample)
        new = column([value] * len(old)) if isinstance(old, np.ndarray) else value
        self.unfixed.add(key)
        return self.with_over({(key, sample): new}, lambda: self.value(body))

    def do_total(self, c):
        ranges = c[3]
        letter = str(ranges.children[0])
        axis = self.world.notation.indices[letter]
        total = mp.mpf(0) if c[0].type == "SUM" else mp.mpf(1)
        before = self.indices
        for i in range(1, self.world.sizes[axis] + 1):
            self.indices = before | {letter: i}
            if ranges.data == "index_where" and not compare(
                self.scalar(ranges.children[2]), str(ranges.children[3]), self.scalar(ranges.children[4])
            ):
                continue
            part = self.value(c[-1])
            total = (
                part
                if isinstance(part, np.ndarray) and isinstance(total, mp.mpf) and total == 0
                else (total + part if c[0].type == "SUM" else total * part)
            )
        self.indices = before
        return total

    def do_limit(self, c):
        name, target, body = (t for t in c if isinstance(t, Tree))
        return self.limit(name, target, lambda: self.scalar(body))

    def limit(self, name, target, body):
        key, sample, _ = self.resolve(name.children)
        goal = self.scalar(target.children[0])
        side = str(target.children[1]) if len(target.children) > 1 else ""
        inside = (
            -1 if "-" in side or (not side and goal == 1 and self.world.notation.symbols[key].domain[0] in "([") else 1
        )
        if mp.isinf(goal):
            steps = [(FAR if goal > 0 else -FAR), (FAR * 30 if goal > 0 else -FAR * 30)]
        else:
            steps = [goal + inside * mp.mpf(10) ** -9, goal + inside * mp.mpf(10) ** -14]
        with mp.workdps(9000 if mp.isinf(goal) else 60):
            values = [self.with_over({(key, sample): mp.mpf(s)}, body) for s in steps]
        if abs(values[1]) > 10**6 and abs(values[1]) > abs(values[0]):
            return mp.inf if values[1] > 0 else -mp.inf
        if mp.isinf(goal):  # an error that falls like 1/v cancels
            return (30 * values[1] - values[0]) / 29 if abs(values[1] - values[0]) > mp.mpf(10) ** -20 else values[1]
        return values[1]

    def do_extremum(self, c):
        return self.extreme(c, str(c[0]).strip("\\"))[0]

    def do_argument(self, c):
        return self.extreme(c, "max" if "max" in str(c[0]) else "min")[1]

    def extreme(self, c, sort):
        name = next(t for t in c[:4] if isinstance(t, Tree) and t.data == "name")
        key, sample, _ = self.resolve(name.children)
        bounded = self.world.notation.symbols[key].domain[0] in "(["
        sign = -1 if sort in ("min", "inf") else 1

        def f(v):
            return sign * self.with_over({(key, sample): v}, lambda: self.scalar(c[-1]))

        low, high = (mp.mpf(10) ** -9, 1 - mp.mpf(10) ** -9) if bounded else (mp.mpf(-40), mp.mpf(40))
        for _ in range(12):
            grid = mp.linspace(low, high, 41)
            values = [f(v) for v in grid]
            best = values.index(max(values))
            low, high = grid[max(0, best - 1)], grid[min(40, best + 1)]
        return sign * values[best], grid[best]

    def do_integral(self, c):
        return self.integrate(c[1], c[4], lambda: self.scalar(c[2]))

    def do_integral_over(self, c):
        bounds, name, below = (t for t in c if isinstance(t, Tree))
        return self.integrate(bounds, name, lambda: 1 / self.scalar(below))

    def integrate(self, bounds, name, body):
        low, high = (self.scalar(t) for t in bounds.children if isinstance(t, Tree))
        key, sample, _ = self.resolve(name.children)
        return mp.quad(lambda v: self.with_over({(key, sample): v}, body), [low, high])

    def do_cases(self, c):
        for row in (t for t in c if isinstance(t, Tree)):
            if self.holds(row.children[2]):
                return self.scalar(row.children[0])
        raise NoValue("no case")

    def holds(self, node):
        parts = list(node.children)
        return all(
            compare(self.scalar(parts[i]), str(parts[i + 1]), self.scalar(parts[i + 2]))
            for i in range(0, len(parts) - 2, 2)
        )


def compare(a, sign, b, tolerance=None):
    """Whether a relation holds between numbers, up to what the judge's own errors allow."""
    tolerance = mp.mpf(10) ** -9 if tolerance is None else tolerance
    if np.shape(a) != np.shape(b):
        raise NoValue("shapes")
    if isinstance(a, np.ndarray):
        return all(compare(x, sign, y, tolerance) for x, y in zip(a.ravel(), b.ravel(), strict=True))
    equal = a == b or (mp.isfinite(a) and mp.isfinite(b) and abs(a - b) <= tolerance * max(1, abs(a), abs(b)))
    if sign == "=":
        return equal
    if sign in (r"\ne", r"\neq"):
        return a != b
    slack = mp.mpf(10) ** -18  # a second derivative at the logit -30 is itself only 1e-13
    if sign in (r"\le", r"\leq"):
        return a <= b + slack
    if sign in (r"\ge", r"\geq"):
        return a >= b - slack
    return a < b if sign in ("<", r"\lt") else a > b


def worlds(job, notation: Notation, count: int, seed: int):
    """Worlds in which a job's definitions and hypotheses hold."""
    definitions = {}
    for symbol in notation.symbols.values():
        if symbol.definition is not None:
            body = parse(symbol.definition, notation, "inline").children[0].children[0]
            definitions[symbol.tex] = tuple(notation.find(a).tex for a in symbol.arguments), body
    for definition in job.definitions:
        chain = parse(definition.tex, notation).children[0].children[0]
        left, body = chain.children[0], chain.children[2]
        key = notation.find(str(left.children[0])).tex
        if notation.symbols[key].definition is None:
            names = (
                [notation.find(str(t.children[0])).tex for t in left.children if isinstance(t, Tree)]
                if left.data == "call"
                else []
            )
            definitions[key] = tuple(names), body
    tree = parse(job.equation.tex, notation)
    hypotheses = [parse(h.tex, notation, "given").children[0] for h in job.hypotheses]
    hypotheses += [
        h
        for t in tree.children
        if isinstance(t, Tree) and t.data == "condition"
        for h in t.children
        if isinstance(h, Tree)
    ]
    for place in range(count):
        rng = random.Random(seed * 1000 + place)
        sizes = {"m": 2 + place % 2, "n": 3 - place % 2, "K": 2 + place % 3}
        yield tree, _with_hypotheses(World(notation, dict(definitions), rng, sizes), hypotheses)


def _with_hypotheses(world, hypotheses):
    for node in hypotheses:
        if node.data == "tends":
            continue
        if node.data == "member":
            key = world.notation.find(str(node.children[0].children[0])).tex
            members = [Oracle(world).scalar(t) for t in node.children[2].children if isinstance(t, Tree)]
            world.domains[key] = members if node.children[2].data == "finite" else tuple(members)
            continue
        parts = node.children
        for at in range(0, len(parts) - 2, 2):
            _bound(world, parts[at], str(parts[at + 1]), parts[at + 2])
    return world


def _bound(world, left, sign, right):
    flip = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le", "=": "=", r"\ne": r"\ne"}
    if left.data != "name":
        left, sign, right = right, flip[sign], left
    symbol = world.notation.find(str(left.children[0]))
    if symbol.kind == "count":
        world.sizes[symbol.tex] = int(Oracle(world).scalar(right))
    elif sign == "=":
        world.definitions[symbol.tex] = ((), right)
    elif sign in ("<", r"\le", ">", r"\ge"):
        low, high = world.domains.get(symbol.tex, (None, None))
        bound = Oracle(world).scalar(right)
        world.domains[symbol.tex] = (low, bound) if sign in ("<", r"\le") else (bound, high)
    if symbol.tex == "z" and (sign == "=" or symbol.tex in world.domains):
        world.definitions.pop("z", None) if sign != "=" else None


def is_true(job, notation: Notation, count: int = 5, seed: int = 1) -> bool:
    """Whether a display holds in every world that is tried.

    Raises:
        NoValue: a side has no value somewhere.
    """
    with mp.workdps(DIGITS):
        return all(_holds(tree, world) for tree, world in worlds(job, notation, count, seed))


def _holds(tree, world):
    oracle = Oracle(world)
    free = {
        "".join(c for c in t if c not in " _{}^()") for t in tree.scan_values(lambda t: t.type in ("SAMPLE", "SUB"))
    }
    oracle.indices = {letter: 1 for letter in free if letter in world.notation.indices}
    approach = next(
        (
            h
            for t in tree.children
            if isinstance(t, Tree) and t.data == "condition"
            for h in t.children
            if isinstance(h, Tree) and h.data == "tends"
        ),
        None,
    )
    for claim in (t for t in tree.children if isinstance(t, Tree) and t.data in ("plain", "equivalent", "implied")):
        relations = [_relation(oracle, t, approach) for t in claim.children if isinstance(t, Tree)]
        if claim.data == "plain" and not relations[0]:
            return False
        if claim.data == "equivalent" and relations[0] != relations[1]:
            return False
        if claim.data == "implied" and relations[0] and not relations[1]:
            return False
    return True


def _relation(oracle, node, approach):
    if node.data == "tends":
        goal = oracle.scalar(node.children[2].children[0])
        return compare(
            oracle.limit(approach.children[0], approach.children[2], lambda: oracle.scalar(node.children[0])),
            "=",
            goal,
            mp.mpf("1e-3"),
        )
    if node.data == "member":
        low, high = (oracle.scalar(t) for t in node.children[2].children if isinstance(t, Tree))
        return compare(low, "<", oracle.scalar(node.children[0])) and compare(
            oracle.scalar(node.children[0]), "<", high
        )
    parts = node.children
    for at in range(0, len(parts) - 2, 2):
        sign = str(parts[at + 1])
        if sign == r"\sim":
            ratio = oracle.limit(
                approach.children[0],
                approach.children[2],
                lambda a=at: oracle.scalar(parts[a]) / oracle.scalar(parts[a + 2]),
            )
            if not compare(ratio, "=", mp.mpf(1), mp.mpf("1e-3")):
                return False
            continue
        left, right = oracle.value(parts[at]), oracle.value(parts[at + 2])
        limits = any(parts[k].data in ("limit",) or list(parts[k].find_data("limit")) for k in (at, at + 2))
        if sign == r"\approx":
            digits = "".join(str(t) for t in parts[at + 2].scan_values(lambda t: True)).partition(".")[2]
            if abs(left - right) > mp.mpf(10) ** -len(digits) / 2:
                return False
        elif not compare(left, sign, right, mp.mpf("1e-3") if limits else None):
            return False
    return True
