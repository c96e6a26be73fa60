"""The oracle: whether a display is true, by numbers alone. It shares nothing with the checker but docs/notation.yml.

It reads the TeX by itself (reading.py), draws worlds that embarrass (worlds.py) and adds the places where something
inside the formula is zero: a divisor, an argument of a logarithm, the two sides of a comparison. Derivatives are
quotients of differences from both sides, limits are values far out, extremes are found on a grid. A side without a
value makes a display as false as a wrong value. It is crude and slow, and it errs towards "false".
"""

import itertools
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import mpmath as mp
import numpy as np
from reading import Table, Unread, read_display, read_expression, read_statement
from worlds import World, bounds, candidates, inside

ROOT = Path(__file__).parents[3]
DIGITS, ROUGH = 90, mp.mpf(10) ** -8
NOISE = mp.mpf(10) ** -45
ZERO = mp.mpf(10) ** -25  # at a root that was bisected, less than this is zero
COARSE = {"int", "lim", "extreme", "argument"}
GROWS = ("exp", "cosh", "sinh", "tanh", "softmax")


class NoValue(Exception):
    """A side has no value here."""


class Skip(Exception):
    """This world says nothing: too small for an index that the display names."""


@lru_cache
def table():
    """The symbols of the site."""
    return Table(ROOT / "docs" / "notation.yml")


def column(values):
    """Numbers as a column."""
    return np.array([[v] for v in values], dtype=object)


def walk(node):
    """All parts of a tree."""
    if isinstance(node, (tuple, list)):
        if isinstance(node, tuple) and node and isinstance(node[0], str):
            yield node
        for part in node:
            yield from walk(part)


def names(node):
    """The words that stand first in the parts of a tree, and the symbols."""
    found = set()
    for part in walk(node):
        found |= {part[0]}
        if part[0] in ("sym", "call"):
            found.add(part[1])
        if part[0] in ("fn", "const"):
            found.add(part[1])
    return found


class Oracle:
    """Values in one world."""

    def __init__(self, world, definitions, kept=()):
        self.world, self.definitions, self.kept = world, definitions, set(kept)
        self.over, self.indices, self.axes, self.sample = {}, {}, {}, None
        self.approach, self.trace, self.coarse = None, [], False
        self.random = False

    def value(self, node):
        """A number, or an array of them."""
        return getattr(self, "do_" + NAMES.get(node[0], node[0]))(*node[1:])

    def scalar(self, node):
        """A number."""
        value = self.value(node)
        if isinstance(value, np.ndarray):
            if value.shape != (1, 1):
                raise NoValue("an array where a number is needed")
            value = value[0, 0]
        return value

    def with_over(self, changes, body, fresh=False):
        """`body()` while some symbols have other values."""
        before, self.over = self.over, ({} if fresh else dict(self.over)) | changes
        try:
            return body()
        finally:
            self.over = before

    def zero(self, value):
        """Whether a number is zero, as far as a root can be known."""
        return value == 0 or (self.world.at_root and abs(value) < ZERO)

    # symbols
    def resolve(self, key, sample, indices):
        """(symbol, sample, component) with numbers for the letters."""
        entry = table().symbols[key]
        sample = self.place(sample, "m")
        component = []
        for letter in indices:
            axis = self.axes.get(letter) or table().axes.get(letter)
            vector = f"\\vec{{{key}}}"
            if entry["kind"] in ("scalar", "random") and vector in table().symbols and axis in ("K", None):
                key, entry = vector, table().symbols[vector]
            if entry.get("entries"):
                key, entry = entry["entries"].replace(" ", "").replace("\\haty", "\\hat{y}"), None
                entry = table().symbols[key]
                sample = self.place(letter, "m")
            elif entry.get("sample") and (axis == "m" or entry["kind"] == "scalar" or entry["kind"] == "quantity"):
                sample = self.place(letter, "m")
            elif entry.get("axes"):
                component.append(self.place(letter, entry["axes"][len(component)]))
            else:
                raise Unread(f"an index at {key}")
        return key, sample or (self.sample if entry.get("sample") else None), tuple(component)

    def place(self, letter, axis):
        """The number of an index."""
        if letter is None:
            return None
        place = int(letter) if letter.isdigit() else self.indices[letter]
        if not 1 <= place <= self.world.sizes[axis]:
            raise Skip if letter.isdigit() and place > 0 else NoValue(f"there is no entry {place}")
        return place

    def do_sym(self, key, sample, indices):
        if key in self.indices and not indices:
            return mp.mpf(self.indices[key])
        key, sample, component = self.resolve(key, sample, indices)
        if (key, sample, component) in self.over:
            return self.over[key, sample, component]
        whole = self.whole(key, sample)
        if not component:
            return whole
        return whole[component[0] - 1, component[1] - 1 if len(component) > 1 else 0]

    def whole(self, key, sample):
        entry = table().symbols[key]
        if (key, sample, ()) in self.over:
            return self.over[key, sample, ()]
        if key in self.definitions and key not in self.kept:
            value = self.defined(key, sample, entry)
        elif entry["kind"] == "count":
            return mp.mpf(self.world.sizes[key])
        elif entry["kind"] == "random":
            raise NoValue("a random symbol outside an expectation")
        elif entry["kind"] == "quantity":
            return self.free(key, [self.do_sym(canon(a), sample and str(sample), ()) for a in entry["arguments"]])
        elif entry.get("entries"):
            parts = [self.whole(canon(entry["entries"]), i) for i in range(1, self.world.sizes["m"] + 1)]
            return np.array([list(p[:, 0]) if isinstance(p, np.ndarray) else [p] for p in parts], dtype=object)
        elif entry["kind"] == "vector":
            size = self.world.sizes[entry["axes"][0]]
            value = column(self.world.vector(key, sample, size, entry.get("domain", "real")))
        elif entry["kind"] == "matrix":
            rows, columns = (range(1, self.world.sizes[a] + 1) for a in entry["axes"])
            value = [[self.world.draw((key, sample, (i, j)), "real") for j in columns] for i in rows]
            return np.array(value, dtype=object)
        elif entry["kind"] == "function":
            raise NoValue("a function without its argument")
        else:
            return self.world.draw((key, sample, None), entry.get("domain", "real"))
        if isinstance(value, np.ndarray):
            value = value.copy()
            for (name, at, part), new in self.over.items():
                if (name, at) == (key, sample) and part:
                    value[part[0] - 1, 0] = new
        return value

    def defined(self, key, sample, entry):
        _parameters, body, conditions = self.definitions[key]
        before = self.sample, self.indices
        self.sample, self.indices = sample, {}
        try:
            if not all(self.holds(c) for c in conditions):
                raise NoValue(f"{key} is defined under a condition that does not hold")
            value = self.value(body)
        finally:
            self.sample, self.indices = before
        if entry.get("axes") and not isinstance(value, np.ndarray):
            return column([value] * self.world.sizes[entry["axes"][0]])
        return value

    def free(self, key, arguments):
        try:
            return self.world.function(table().symbols[key].get("domain", "real"))(*arguments)
        except (ValueError, ZeroDivisionError, TypeError):  # this function says nothing here
            raise Skip from None

    def do_call(self, key, arguments, primes, sample):
        values = [self.value(a) for a in arguments]
        if isinstance(values[0], np.ndarray):
            return np.vectorize(lambda v: self.called(key, [v], primes), otypes=[object])(values[0])
        return self.called(key, values, primes, self.place(sample, "m"))

    def called(self, key, values, primes=0, sample=None):
        if primes:
            return self.slope(lambda v: self.called(key, [v], primes - 1), values[0])
        if key not in self.definitions:
            return self.free(key, values)
        entry = table().symbols[key]
        parameters, body, _ = self.definitions[key]
        changes = {(p, sample, ()): v for p, v in zip(parameters, values, strict=True)}
        changes |= {(p, None, ()): v for p, v in zip(parameters, values, strict=True)}

        def run():
            before = self.indices, self.sample
            self.indices, self.sample = {}, sample
            try:
                return self.value(body)
            finally:
                self.indices, self.sample = before

        return self.with_over(changes, run, fresh=entry["kind"] == "function")

    # arithmetic
    def do_num(self, text):
        whole, _, part = text.partition(".")
        return mp.mpf(int(whole + part)) / mp.mpf(10) ** len(part)

    def do_const(self, name):
        return {"e": mp.e + 0, "pi": mp.pi + 0, "inf": mp.inf}[name]

    def do_index(self, letter):
        return mp.mpf(self.indices[letter])

    def do_neg(self, a):
        return -self.value(a)

    def do_add(self, a, b):
        return self.plus(self.value(a), self.value(b))

    def do_sub(self, a, b):
        return self.plus(self.value(a), -self.value(b))

    def plus(self, a, b):
        arrays = isinstance(a, np.ndarray), isinstance(b, np.ndarray)
        if all(arrays) and a.shape != b.shape:
            raise NoValue("shapes that cannot be added")
        return a + b

    def do_mul(self, a, b):
        return self.times(self.value(a), self.value(b))

    def times(self, a, b):
        if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
            if a.shape[1] != b.shape[0]:
                raise NoValue("shapes that cannot be multiplied")
            product = a.dot(b)
            return product[0, 0] if product.shape == (1, 1) else product
        if any(not isinstance(x, np.ndarray) and mp.isinf(x) for x in (a, b)):
            raise NoValue("infinity in a product")
        return a * b

    def do_odot(self, a, b):
        left, right = self.value(a), self.value(b)
        if np.shape(left) != np.shape(right):
            raise NoValue("shapes that differ")
        return left * right

    def do_div(self, a, b):
        below = self.scalar(b)
        self.trace.append(below)
        if self.zero(below):
            raise NoValue("a division by zero")
        return self.value(a) * (1 / below)

    def do_pow(self, base, exponent):
        a, n = self.value(base), self.scalar(exponent)
        if isinstance(a, np.ndarray):
            return self.power_of_matrix(a, n)
        whole = mp.isint(n)
        if not whole or n <= 0:
            self.trace.append(a)
        if (n <= 0 and self.zero(a) and not (n == 0 and exponent[0] == "num")) or (not whole and a < 0):
            raise NoValue("a power without value")
        if self.zero(a) and not whole:
            return mp.mpf(0)
        return mp.power(a, int(n) if whole and abs(n) < 10**6 else n)

    def power_of_matrix(self, a, n):
        if n != -1 or a.shape[0] != a.shape[1]:
            raise NoValue("a power of an array")
        try:
            inverse = mp.inverse(mp.matrix(a.tolist()))
        except ZeroDivisionError:
            raise NoValue("a singular matrix") from None
        if max(abs(v) for v in inverse) > 10**30:
            raise NoValue("a singular matrix")
        return np.array(inverse.tolist(), dtype=object)

    def do_transposed(self, a):
        value = self.value(a)
        if not isinstance(value, np.ndarray):
            if 1 not in self.world.sizes.values():
                raise NoValue("the transpose of a number")
            return value
        return value.T

    def do_abs(self, a):
        value = self.scalar(a)
        self.trace.append(value)
        return abs(value)

    def do_norm(self, a):
        value = self.value(a)
        return self.root(mp.fsum(v * v for v in value.ravel())) if isinstance(value, np.ndarray) else abs(value)

    def do_sqrt(self, a):
        value = self.scalar(a)
        return self.root(value)

    def root(self, value):
        self.trace.append(value)
        if value < 0 and not self.zero(value):
            raise NoValue("the root of a negative number")
        return mp.sqrt(abs(value))

    def do_fn(self, name, arguments):
        values = [self.value(a) for a in arguments]
        if name in ("max", "min"):
            self.trace += [a - b for a, b in itertools.pairwise(values)]
            return (max if name == "max" else min)(values)
        (value,) = values
        if name == "softmax":
            powers = [mp.exp(v) for v in value[:, 0]]
            return column([v / mp.fsum(powers) for v in powers])
        if name == "diag":
            entries, zero = value[:, 0], mp.mpf(0)
            rows = [[v if i == j else zero for j in range(len(entries))] for i, v in enumerate(entries)]
            return np.array(rows, dtype=object)
        if isinstance(value, np.ndarray):
            return np.vectorize(lambda v: self.function(name, v), otypes=[object])(value)
        return self.function(name, value)

    def function(self, name, v):
        if name in ("log", "logit"):
            self.trace += [v, 1 - v] if name == "logit" else [v]
            if v <= 0 or self.zero(v) or (name == "logit" and v >= 1):
                raise NoValue("the logarithm of what is not positive")
            return mp.log(v) if name == "log" else mp.log(v / (1 - v))
        if name == "sign":
            self.trace.append(v)
            return mp.mpf(0) if self.zero(v) else mp.sign(v)
        if name == "tan":
            self.trace.append(mp.cos(v))
        return {"arctan": mp.atan}.get(name, getattr(mp, name, None))(v)

    def do_indicator(self, relation):
        return mp.mpf(self.holds(relation))

    def do_cases(self, rows):
        values = [self.scalar(value) for value, condition in rows if condition is None or self.holds(condition)]
        open_end = any(condition is None for _, condition in rows)
        if not values:
            raise NoValue("no case applies")
        if not open_end and any(v != values[0] for v in values):
            raise NoValue("two cases apply")
        return values[0]

    def do_expect(self, body):
        return self.expected(lambda v: v, body)

    def do_var(self, body):
        return self.expected(lambda v: v * v, body) - self.expected(lambda v: v, body) ** 2

    def expected(self, of, body):
        if "Y" not in names(body):
            raise NoValue("an expectation of nothing random")
        chance = self.scalar(self.definitions["Y"][1])
        one, none = (self.with_over({("Y", None, ()): mp.mpf(v)}, lambda: of(self.scalar(body))) for v in (1, 0))
        return chance * one + (1 - chance) * none

    # what binds
    def do_total(self, sort, letter, low, high, condition, body):
        axis = high[1] if high is not None and high[0] == "sym" else table().axes.get(letter)
        first = self.scalar(low) if low is not None else mp.mpf(1)
        last = self.scalar(high) if high is not None else mp.mpf(self.world.sizes[axis])
        if not (mp.isint(first) and mp.isint(last)):
            raise NoValue("a sum whose ends are no whole numbers")
        before = dict(self.indices), dict(self.axes)
        total = None
        try:
            for place in range(int(first), int(last) + 1):
                self.indices[letter], self.axes[letter] = place, axis
                if condition is None or self.holds(condition):
                    part = self.value(body)
                    total = part if total is None else self.plus(total, part) if sort == r"\sum" else total * part
        finally:
            self.indices, self.axes = before
        return total if total is not None else mp.mpf(sort == r"\prod")

    def do_over(self, kind, letter, body):
        axis, before = table().axes[letter], dict(self.indices)
        values = []
        for place in range(1, self.world.sizes[axis] + 1):
            self.indices[letter] = place
            values.append(self.scalar(body))
        self.indices = before
        return max(values) if kind in ("max", "sup") else min(values)

    def do_evaluate(self, body, name, at):
        return self.moved(name, lambda _v: self.value(body))(self.value(at))

    def moved(self, name, body):
        """The function that gives `body` while a symbol has the value v."""
        key, sample, component = self.resolve(*name[1:])

        def at(v):
            changes = {(key, sample, component): v}
            if key == r"\hat{y}" and not isinstance(v, np.ndarray) and 0 < v < 1:
                changes |= {("z", sample, ()): mp.log(v / (1 - v))}  # the logit moves with its probability
            return self.with_over(changes, lambda: body(v))

        return at

    def do_diff(self, targets, body):
        name, *rest = targets
        inner = ("diff", rest, body) if rest else body
        key, sample, component = self.resolve(*name[1:])
        at = self.do_sym(*name[1:])
        if isinstance(at, np.ndarray):
            if rest and [self.resolve(*t[1:]) for t in rest] == [(key, sample, component)]:
                return self.do_grad(name, 2, body)
            return self.do_grad(name, 1, inner)
        if np.size(self.value(inner)) == 1:
            return self.slope(self.moved(name, lambda _v: self.scalar(inner)), at)
        raise NoValue("an array by a number")

    def do_grad(self, name, times, body):
        at = self.do_sym(*name[1:])
        if not isinstance(at, np.ndarray):
            raise NoValue("a gradient in a number")
        key, sample, _ = self.resolve(*name[1:])
        parts = [("sym", key, sample and str(sample), (str(c),)) for c in range(1, len(at) + 1)]
        if np.size(self.value(body)) > 1:
            raise NoValue("the gradient of an array")
        if times == 1:
            return column([self.do_diff([p], body) for p in parts])
        return np.array([[self.do_diff([a, b], body) for b in parts] for a in parts], dtype=object)

    def slope(self, f, at):
        """A derivative: the quotients from both sides, which must agree."""
        digits = mp.mp.dps
        with mp.workdps(digits if self.coarse else 2 * digits + 20):
            h = mp.mpf(10) ** (-12 if self.coarse else -int(0.8 * digits))
            middle = f(at)
            left, right = (middle - f(at - h)) / h, (f(at + h) - middle) / h
            if abs(left - right) > mp.mpf(10) ** (-6 if self.coarse else -20) * (1 + abs(left) + abs(right)):
                raise NoValue("no derivative: the quotients from both sides differ")
            return (left + right) / 2

    def do_lim(self, name, target, side, body):
        return self.limit(name, target, side, lambda _v: self.scalar(body))

    def limit(self, name, target, side, body):
        goal, f = self.scalar(target), self.moved(name, body)
        domain = table().symbols[name[1]].get("domain", "real")
        if mp.isinf(goal):
            signs, steps = [mp.sign(goal)], (["1e20", "1e80", "1.37e80"] if self.world.far else ["300", "900", "1233"])
        else:
            signs, steps = [mp.mpf(s + "1") for s in (side or "+-")], ["1e-20", "1e-80", "1.37e-80"]
            signs = [s for s in signs if inside(goal + s * mp.mpf("1e-20"), domain)]
        if not signs:
            raise NoValue("a limit outside the domain")
        found = []
        for s in signs:
            with mp.workdps(1300 if mp.isinf(goal) else 400):
                values = [f(s * mp.mpf(t) if mp.isinf(goal) else goal + s * mp.mpf(t)) for t in steps]
            found.append(settled(values, rough=mp.isinf(goal) and not self.world.far))
        if any(not same(found[0], v, ROUGH) for v in found):
            raise NoValue("the limits from both sides differ")
        return found[0]

    def do_extreme(self, kind, name, where, body):
        return self.extreme(kind, name, where, body)[0]

    def do_argument(self, kind, name, where, body):
        return self.extreme(kind, name, where, body)[1]

    def extreme(self, kind, name, where, body):
        """(value, place) of an extremum."""
        up = kind in ("max", "sup")
        f = self.moved(name, lambda _v: self.scalar(body) * (1 if up else -1))
        domain = table().symbols[name[1]].get("domain", "real")
        low, low_open, high, high_open = self.ends(where) if where else bounds(domain)
        grid = grid_of(low, low_open, high, high_open)
        values = [f(v) for v in grid]
        best = max(range(len(grid)), key=lambda n: values[n])
        if high_open and values[-1] >= values[best]:
            best = len(grid) - 1
        at_open = (best == 0 and low_open) or (best == len(grid) - 1 and high_open)
        if at_open:
            if kind in ("max", "min"):
                raise NoValue("the extremum is not attained")
            far = values[best] > 10**6 and low is None
            return (mp.inf if far else values[best]) * (1 if up else -1), grid[best]
        a, b = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
        at = golden(f, a, b)
        ties = [v for n, v in enumerate(grid) if abs(n - best) > 1 and values[n] >= f(at) - mp.mpf(10) ** -12]
        if ties and kind == "argument":
            raise NoValue("the extremum is attained at several places")
        return f(at) * (1 if up else -1), at

    def ends(self, where):
        _, opening, parts, closing = where
        return self.scalar(parts[0]), opening == "(", self.scalar(parts[1]), closing == ")"

    def do_int(self, low, high, name, body):
        a, b = self.scalar(low), self.scalar(high)
        f = self.moved(name, lambda _v: self.scalar(body))
        if a == b:
            return mp.mpf(0)
        with mp.workdps(40):
            self.refuse_poles(f, a, b)
            whole = self.area(f, a, b)
            parts = cut(a, b)
            sizes = [self.area(lambda v: abs(f(v)), *part) for part in parts]
            if abs(sizes[1] - sizes[0]) > mp.mpf("1e-3") * (1 + abs(sizes[0])):
                raise NoValue("an integral that diverges")
            return whole

    def area(self, f, a, b):
        try:
            return mp.quad(f, sorted_points(a, b))
        except NoValue:
            raise
        except (ZeroDivisionError, ValueError, TypeError):
            raise NoValue("an integral without value") from None

    def refuse_poles(self, f, a, b):
        """A divisor that changes its sign on the way is a pole."""
        low, high = (max(min(v, mp.mpf(50)), mp.mpf(-50)) for v in (a, b))
        before = None
        for step in range(1, 64):
            self.trace = []
            f(low + (high - low) * step / 64 + (high - low) * mp.mpf("1e-3"))
            signs = [mp.sign(v) for v in self.trace]
            if before is not None and len(before) == len(signs) and before != signs:
                raise NoValue("a pole inside an integral")
            before = signs

    # statements
    def holds(self, chain):
        """Whether every relation of a chain holds."""
        _, sides, signs = chain
        return all(self.related(sides[n], sign, sides[n + 1]) for n, sign in enumerate(signs))

    def related(self, left, sign, right):
        if sign == "in":
            value = self.scalar(left)
            if right[0] == "set":
                return any(value == self.scalar(v) for v in right[2])
            low, high = (self.scalar(v) for v in right[2])
            return (low < value or (right[1] == "[" and low == value)) and (
                value < high or (right[3] == "]" and high == value)
            )
        if sign == "~":
            ratio = self.limit(*self.approach, lambda _v: self.scalar(("/", left, right)))
            return same(ratio, mp.mpf(1), mp.mpf("1e-4"))
        if sign == "to":
            return same(self.limit(*self.approach, lambda _v: self.scalar(left)), self.scalar(right), mp.mpf("1e-4"))
        a, b = self.value(left), self.value(right)
        if sign == "~=":
            digits = "".join(n[1] for n in walk(right) if n[0] == "num").partition(".")[2]
            return abs(a - b) <= mp.mpf(10) ** -len(digits) / 2
        a, b = (v[0, 0] if isinstance(v, np.ndarray) and v.shape == (1, 1) else v for v in (a, b))
        if np.ndim(a) and not np.ndim(b) and b == 0:
            b = a * 0
        if np.shape(a) != np.shape(b):
            raise NoValue("sides of different shapes")
        if isinstance(a, np.ndarray):
            return all(self.compared(x, sign, y) for x, y in zip(a.ravel(), b.ravel(), strict=True))
        return self.compared(a, sign, b)

    def compared(self, a, sign, b):
        if not (mp.isinf(a) or mp.isinf(b)):
            self.trace.append(a - b)
        if sign == "=" or sign == "!=":
            equal = same(a, b, self.tolerance) or (self.world.at_root and self.zero(a - b))
            return equal if sign == "=" else not equal
        slack = self.tolerance * max(1, abs(a), abs(b)) if mp.isfinite(a) and mp.isfinite(b) else 0
        if sign in ("<=", ">="):
            return a <= b + slack if sign == "<=" else a >= b - slack
        strict = a < b if sign == "<" else a > b
        return strict and not (self.world.at_root and self.zero(a - b))

    @property
    def tolerance(self):
        """What the arithmetic may be wrong by."""
        return ROUGH if self.coarse else mp.mpf(10) ** (-40 if self.world.at_root else -72)


NAMES = {"+": "add", "-": "sub", "*": "mul", "/": "div", "^": "pow", "T": "transposed"}


def canon(tex):
    """A symbol as the table's keys are written."""
    from reading import canonical

    return canonical(tex).replace(" ", "")


def same(a, b, tolerance):
    """Whether two numbers are equal, up to a tolerance."""
    return a == b or (mp.isfinite(a) and mp.isfinite(b) and abs(a - b) <= tolerance * max(1, abs(a), abs(b)))


def settled(values, rough):
    """What three values, ever further out, go to."""
    first, second, third = values
    if rough:  # an error that falls like 1/v cancels
        goal = (3 * second - first) / 2
        again = (mp.mpf("1.37") * third - second) / mp.mpf("0.37")
        if same(goal, again, mp.mpf("1e-5")):
            return goal
    elif same(first, second, ROUGH) and same(second, third, ROUGH):
        return second
    if abs(second) > 2.5 * abs(first) and abs(second) > 100 and mp.sign(second) == mp.sign(third) == mp.sign(first):
        return mp.inf * mp.sign(second)
    raise NoValue("a limit that does not settle")


def grid_of(low, low_open, high, high_open):
    """Places for an extremum, far ends included."""
    if low is not None and high is not None:
        inner = [low + (high - low) * mp.mpf(n) / 80 for n in range(1, 80)]
        h = (high - low) * mp.mpf("1e-12")
        return [low + h * low_open, *inner, high - h * high_open]
    line = [mp.mpf(n) / 4 for n in range(-120, 121)]
    far = [mp.mpf(v) for v in (-3000, -300, -80)], [mp.mpf(v) for v in (80, 300, 3000)]
    if low is not None:
        return [low + mp.mpf("1e-12") * low_open, *(low + v for v in line if v > 0), *(low + v for v in far[1])]
    return [*far[0], *line, *far[1]]


def golden(f, a, b, steps=130):
    """Where a function is largest between two places."""
    r = (mp.sqrt(5) - 1) / 2
    c, d = b - r * (b - a), a + r * (b - a)
    fc, fd = f(c), f(d)
    for _ in range(steps):
        if fc >= fd:
            b, d, fd = d, c, fc
            c = b - r * (b - a)
            fc = f(c)
        else:
            a, c, fc = c, d, fd
            d = a + r * (b - a)
            fd = f(d)
    return max(a, b, (a + b) / 2, key=f)


def sorted_points(a, b):
    """The ends of an integral, with a few places between."""
    low, high = min(a, b), max(a, b)
    if high - low > 50:
        middle = [v for v in (-1000, -100, -30, -5, 0, 5, 30, 100, 1000) if low < v < high]
        return [a, *(middle if a < b else middle[::-1]), b]
    return [a, (2 * a + b) / 3, b]


def cut(a, b):
    """An integral's range, cut a little and cut less."""
    span = b - a if mp.isfinite(b - a) else mp.mpf(1)
    out = []
    for far, near in ((mp.mpf(10) ** 3, mp.mpf("1e-10")), (mp.mpf(10) ** 4, mp.mpf("1e-14"))):
        out.append(tuple(mp.sign(v) * far if mp.isinf(v) else v + s * span * near for v, s in ((a, 1), (b, -1))))
    return out


# from a display to a verdict
def declared():
    """The definitions of docs/notation.yml."""
    found = {}
    for key, entry in table().symbols.items():
        if entry.get("definition"):
            found[key] = (
                [canon(a) for a in entry.get("arguments") or ()],
                read_expression(entry["definition"], table()),
                [],
            )
    return found


class Claim:
    """A display with the hypotheses and definitions in force."""

    def __init__(self, tex, given=(), definitions=()):
        self.tex = tex
        self.statements, conditions = read_display(tex, table())
        self.given = [read_statement(g, table()) for g in given] + [c for c in conditions if c[0] == "chain"]
        self.approach = next((c[1:] for c in conditions if c[0] == "to"), None)
        self.definitions = declared()
        for text, under in definitions:
            ((_, sides, _signs),), _ = read_display(text, table())
            key = sides[0][1]
            parameters = [a[1] for a in sides[0][2]] if sides[0][0] == "call" else []
            if not table().symbols[key].get("definition"):
                self.definitions[key] = parameters, sides[1], [read_statement(u, table()) for u in under]
        self.spoken = self._spoken()
        direct = names((self.statements, self.given)) | {a for n in self.page_names(definitions) for a in n}
        self.kept = () if direct & {"x", r"\theta", "X", r"\mathcal{L}(\theta)"} else ("z",)
        self.spoken = self._spoken(self.kept)
        self.coarse = bool(self.spoken & COARSE) or self.approach is not None
        self.far = not self.spoken & {*GROWS, "e", r"\sigma", "pow-variable", "diff", "grad"}
        self.slow = bool(self.spoken & COARSE)
        self.wide = bool(self.spoken & {"X", "x", "grad", "total"})
        self.steep = bool(self.spoken & {"diff", "grad"}) or any(p[0] == "call" and p[3] for p in walk(self.statements))

    def page_names(self, definitions):
        """The symbols of the page's own definitions that are spoken of."""
        for text, _ in definitions:
            ((_, sides, _signs),), _ = read_display(text, table())
            if sides[0][1] in self.spoken and not table().symbols[sides[0][1]].get("definition"):
                yield names(sides[1])

    def _spoken(self, kept=()):
        todo, found = names((self.statements, self.given, self.approach)), set()
        if any(p[0] == "^" and p[2][0] != "num" for p in walk(self.statements)):
            found.add("pow-variable")
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                entry = table().symbols.get(name)
                if name in self.definitions and name not in kept:
                    todo |= names(self.definitions[name][1])
                if entry:
                    todo |= {canon(a) for a in entry.get("arguments") or ()} | {canon(entry.get("entries") or name)}
                    if entry["kind"] == "scalar" and f"\\vec{{{name}}}" in table().symbols:
                        todo |= {f"\\vec{{{name}}}"} if self._indexed(name) else set()
        return found

    def _indexed(self, name):
        return any(p[0] == "sym" and p[1] == name and p[3] for p in walk((self.statements, self.given)))

    def letters(self):
        """The indices that nothing binds."""
        found, bound = set(), set()
        for part in walk(self.statements):
            if part[0] == "sym":
                found |= {part[2], *part[3]}
            elif part[0] == "index":
                found.add(part[1])
            elif part[0] in ("total", "over"):
                bound.add(part[2])
        return sorted((found - bound) & set(table().axes))

    def oracle(self, world):
        """An oracle for one world, with the hypotheses in force; None when they cannot hold there."""
        oracle = Oracle(world, self.definitions, self.kept)
        oracle.coarse, oracle.approach = self.coarse, self.approach
        for statement in self.given:
            assume(oracle, statement)
        if not all(oracle.holds(s) for s in self.given):
            return None
        return oracle

    def wrong(self, world):
        """Why the display fails in a world; empty when it holds; None when the world does not count."""
        with suppress(Skip):
            oracle = self.oracle(world)
            if oracle is None:
                return None
            letters = self.letters()
            ranges = [range(1, world.sizes[table().axes[letter]] + 1) for letter in letters]
            for places in itertools.product(*ranges):
                oracle.indices = dict(zip(letters, places, strict=True))
                oracle.trace = []
                try:
                    if not all(self.true_in(oracle, s) for s in self.statements):
                        return f"false with {oracle.indices or ''} {world}"
                except NoValue as error:
                    return f"no value: {error}, with {oracle.indices or ''} {world}"
            self.trace = oracle.trace
            return ""
        return None

    def true_in(self, oracle, statement):
        if statement[0] == "iff":
            return oracle.holds(statement[1]) == oracle.holds(statement[2])
        if statement[0] == "implies":
            return not oracle.holds(statement[1]) or oracle.holds(statement[2])
        return oracle.holds(statement)


def assume(oracle, statement):
    """Give a free symbol a value that a hypothesis allows."""
    _, sides, signs = statement
    for n, sign in enumerate(signs):
        left, right = sides[n], sides[n + 1]
        if left[0] != "sym":
            left, right, sign = right, left, {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign, sign)
        if left[0] != "sym":
            continue
        key, sample, component = oracle.resolve(*left[1:])
        entry = table().symbols[key]
        if entry["kind"] == "count":
            oracle.world.sizes[key] = int(oracle.scalar(right))
            continue
        if key in oracle.definitions and key not in oracle.kept:
            continue
        domain = entry.get("domain", "real")
        if entry["kind"] == "vector":
            size = oracle.world.sizes[entry["axes"][0]]
            parts = component or tuple(range(1, size + 1))
            for part in parts:
                oracle.world.values[key, sample, part] = oracle.scalar(right)
            continue
        at = (key, sample, component[0] if component else None)
        options = [oracle.scalar(v) for v in right[2]] if sign == "in" else [oracle.scalar(right)]
        if sign in ("=", "in") and right[0] != "interval":
            allowed = [v for v in options if inside(v, domain)]
            if allowed:
                oracle.world.values[at] = allowed[oracle.world.place % len(allowed)]
                oracle.world.domains.pop(at, None)
            continue
        near = [
            o + s * mp.mpf(d)
            for o in options
            for d in ("0", "1e-40", "1/1", "3.5", "40")
            if "/" not in d
            for s in (1, -1)
        ]
        near += [oracle.world.fresh(at, domain, turn) for turn in range(12)]
        near = [v for v in near if inside(v, domain)]
        first = oracle.world.place % len(near)
        for value in near[first:] + near[:first]:
            oracle.world.values[at] = value
            with suppress(NoValue):
                if oracle.related(left, sign, right):
                    break


def roots(claim, world, key):
    """Places where something inside the display is zero, along one symbol."""

    def along(v):
        other = world.with_value(key, v)
        other.at_root = False
        with suppress(Skip, NoValue, ValueError, OverflowError):
            oracle = claim.oracle(other)
            if oracle is None:
                return []
            oracle.indices = dict.fromkeys(claim.letters(), 1)
            oracle.trace = []
            with suppress(NoValue):
                for statement in claim.statements:
                    oracle.holds(statement[1] if statement[0] != "chain" else statement)
                    if statement[0] != "chain":
                        oracle.holds(statement[2])
            return list(oracle.trace)
        return []

    low, _, high, _ = bounds(world.domains[key])
    reach = 4 if key[2] is not None else 45 if not world.far else 10**9
    grid = grid_of(low, True, high, True)[:: 5 if low is not None and high is not None else 11]
    grid = sorted({v for v in (*grid, *candidates(world.domains[key], world.far)) if abs(v) <= reach})
    rows = [along(v) for v in grid]
    for n in range(len(grid) - 1):
        for at, (a, b) in enumerate(zip(rows[n], rows[n + 1], strict=False)):
            if a * b < 0 and min(abs(a), abs(b)) > NOISE and len(rows[n]) == len(rows[n + 1]):
                yield from nice(along, at, bisected(lambda v, at=at: part(along(v), at), grid[n], grid[n + 1]))
    for n in range(1, len(grid) - 1):
        lengths = {len(r) for r in rows[n - 1 : n + 2]}
        for at, middle in enumerate(rows[n]):
            if len(lengths) == 1 and NOISE < abs(middle) <= min(abs(rows[n - 1][at]), abs(rows[n + 1][at])):
                first = golden(lambda v, at=at: -abs(part(along(v), at)), grid[n - 1], grid[n + 1], 30)
                if abs(part(along(first), at)) > abs(middle) * ROUGH:
                    continue  # a valley that does not reach zero
                found = golden(lambda v, at=at: -abs(part(along(v), at)), grid[n - 1], grid[n + 1], 170)
                yield from nice(along, at, found)


def part(values, at):
    """An entry of a trace, far from zero where there is none."""
    return values[at] if at < len(values) else mp.mpf(10) ** 6


def bisected(f, a, b):
    """A root between two places of different signs."""
    sign = mp.sign(f(a))
    for _ in range(190):
        c = (a + b) / 2
        if mp.sign(f(c)) == sign:
            a = c
        else:
            b = c
    return (a + b) / 2


def nice(along, at, value):
    """A root, or the simple fraction that it is up to rounding; nothing where there is no root after all."""
    near = Fraction(str(mp.nstr(value, 60))).limit_denominator(10**6)
    fraction = mp.mpf(near.numerator) / near.denominator
    value = fraction if abs(fraction - value) < mp.mpf(10) ** -25 else value
    if abs(part(along(value), at)) < mp.mpf(10) ** -40:
        yield value


def judge(tex, given=(), definitions=(), count=60):
    """What a display is: ``true``, ``vacuous`` (no world fits its hypotheses), or why it is false.

    Raises:
        Unread: the oracle cannot read it.
    """
    claim = Claim(tex, given, definitions)
    digits = 60 if claim.coarse else DIGITS if claim.far else DIGITS + 50
    tried = 0
    with mp.workdps(digits):
        kept = []
        for place in range(count // 4 if claim.slow else count // 3 if claim.steep or claim.wide else count):
            world = World(place, claim.far, tame=claim.slow)
            with suppress(OverflowError):
                why = claim.wrong(world)
                if why:
                    return why
                tried += why == ""
                kept += [world] if why == "" and len(kept) < 1 + (place > 8) else []
        if not tried:
            return "vacuous"
        if claim.slow or claim.steep or claim.wide:
            return "true"
        mp.mp.dps = 60
        for world in kept:
            scalars = sorted((k for k in world.domains if not isinstance(k[2], tuple)), key=lambda k: k[2] is not None)[
                :3
            ]
            for key in scalars:
                for value in itertools.islice(roots(claim, world, key), 12):
                    if inside(value, world.domains[key]):
                        why = claim.wrong(world.with_value(key, value))
                        if why:
                            return why
    return "true"
