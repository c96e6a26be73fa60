"""The other key: each step evaluated from its parse tree (numeric.py), at borders, kinks, extremes and mixed sizes.

No step passes for being unharmed here; a point that does harm is a counterexample.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from zlib import crc32

import mpmath as mp
from lark import Token

from mseclf.site.latex.parse import Node
from mseclf.site.proofs.numeric import Grid, NoValue, Number, Numbers, Place, Unsure, inside
from mseclf.site.proofs.scope import Scope, keys_in, linear

DIGITS = (120, 800)  # at an extreme point most digits cancel, so what fails is computed once more
SIZES = ({"m": 1, "n": 1, "K": 1}, {"m": 3, "n": 2, "K": 4}, {"m": 2, "n": 3, "K": 2}, {"m": 1, "n": 2, "K": 3},
         {"m": 4, "n": 1, "K": 5})  # fmt: skip
POINTS = 36
SMALL = [
    Fraction(n, d) for n, d in ((1, 1), (-1, 2), (2, 1), (1, 3), (-2, 1), (0, 1), (3, 2), (-1, 1), (5, 4), (-3, 1))
]
REAL = [Fraction(n) for n in (2, -1, 0, 1, -3, 5, -9, 14, -25, 40, -60)] + [Fraction(1, 2), Fraction(-3, 2)]
UNIT = [Fraction(n, d) for n, d in ((1, 4), (2, 3), (1, 2), (1, 8), (9, 10), (1, 3), (1, 100), (999, 1000), (1, 10**6))]


@dataclass(frozen=True)
class Found:
    """A counterexample in words: the point, and both sides there or why one of them has no value."""

    point: str
    left: str = ""
    right: str = ""
    trouble: str = ""
    reason: str = ""  # of a limit, an integral or an extreme: what it is instead

    def __str__(self) -> str:
        at = f"with {self.point}, " if self.point else ""
        if self.reason:
            return f"{at}{self.reason}"
        if self.trouble:
            return f"{at}a side has no value: {self.trouble}"
        if not self.left:
            return f"{at}one statement holds and the other does not"
        return f"{at}the left side is {self.left}, the right side {self.right}"


class Refuted(Exception):
    """A step is false."""

    def __init__(self, found: Found) -> None:
        super().__init__(str(found))
        self.found = found


@dataclass
class Attack:
    """Tries to refute one step at many points, sizes and indices."""

    nodes: list[Node]
    sign: str
    scope: Scope
    tried: set[tuple[object, ...]] = field(default_factory=set)  # admissible points
    _good: dict[tuple[str, bool], list[Fraction]] = field(default_factory=dict)  # what a symbol may be, once found

    def run(self, letters: Mapping[str, str], shaped: bool) -> Found | None:
        """The first point that refutes it."""
        if self.sign in ("~", "~="):
            return None
        sizes = [{**s, **self.scope.sizes} for s in (SIZES if shaped else SIZES[:1])]
        slow = any(True for node in self.nodes for _ in node.find_data("integral")) or "integral" in self.behind()
        for turn in range(10 if shaped or slow else POINTS):
            shape = sizes[turn % len(sizes)]
            values = list(product(*(range(1, shape[axis] + 1) for axis in letters.values())))
            for indices in values[turn % 3 :: max(1, len(values) // 4)]:
                try:
                    verdict = self.surely(turn, shape, dict(zip(letters, indices, strict=True)))
                except (Unsure, ArithmeticError, LookupError, ValueError, TypeError):
                    continue
                if verdict is not None:
                    return verdict
        return None

    def behind(self) -> set[str]:
        """What stands in the definitions that the step unfolds."""
        keys = set().union(*(self.scope.mentions(node) for node in self.nodes))
        bodies = [d.body for key in keys if (d := self.scope.definition(key)) is not None]
        return {part.data for body in bodies if not isinstance(body, Token) for part in body.iter_subtrees()}

    def surely(self, turn: int, shape: Mapping[str, int], indices: dict[str, int]) -> Found | None:
        """How the step fails at a point, if more digits say so too."""
        verdict: Found | None = None
        for digits in DIGITS:
            with mp.workdps(digits):
                numbers = self.numbers(turn, shape, indices)
                verdict = self.at(numbers)
            if verdict is None or (numbers.rough and not verdict.trouble):
                break
        return verdict

    def numbers(self, turn: int, sizes: Mapping[str, int], indices: dict[str, int]) -> Numbers:
        """An evaluator at the point of one turn."""
        notation = self.scope.notation
        own = set().union(*(keys_in(n, notation) for n in (*self.nodes, *self.scope.given)))
        own |= {found.tex for key in own if (found := notation.find(notation.symbols[key].entries or "")) is not None}
        kept = frozenset(k for k, pair in linear(notation).items() if not own & set(pair) and k not in self.scope.fixed)
        numbers = Numbers(self.scope, sizes, lambda place: mp.mpf(0), kept, shape=turn, indices=indices)
        simple: dict[str, list[Node]] = {}
        for node in self.scope.given:
            keys, indexed = keys_in(node, notation), list(node.scan_values(lambda t: t.type in ("SUB", "SAMPLE")))
            if not numbers.assume(node) and len(keys) == 1 and not indexed:
                simple.setdefault(keys.pop(), []).append(node)
        numbers.choose = lambda place: self._choice(place, turn, simple)
        return numbers

    def _choice(self, place: Place, turn: int, simple: Mapping[str, list[Node]]) -> mp.mpf:
        """The value of a free symbol at one turn: the simple ones and the borders first."""
        good = self._good.get(kind := (place[0], place[2] is not None))
        if good is None:
            table, sources = self._table(*kind), simple.get(place[0], ())
            good = [v for v in table if all(self._fits(place[0], v, node) for node in sources)] or table
            self._good[kind] = good
        spread = (
            crc32(repr(place).encode()) if place[1:] != (None, None) or turn > len(good) else crc32(place[0].encode())
        )
        simplest = turn == 0 and place[1:] == (None, None)
        value = good[0 if simplest else (turn * (1 + 2 * (spread % 5)) + spread) % len(good)]
        return mp.mpf(value.numerator) / value.denominator

    def _fits(self, key: str, value: Fraction, node: Node) -> bool:
        numbers = Numbers(self.scope, SIZES[0], lambda _: mp.mpf(value.numerator) / value.denominator, frozenset({key}))
        try:
            return numbers.true(node)
        except (Unsure, NoValue):
            return True

    def _table(self, key: str, small: bool) -> list[Fraction]:
        domain = self.scope.domain(key)
        nodes = (*self.nodes, *self.scope.given)
        said = {Fraction(str(t)) for node in nodes for t in node.scan_values(lambda t: t.type == "NUM")}
        near = [
            s * v + shift
            for v in sorted(said)
            if v <= 5000
            for s in (1, -1)
            for shift in (0, Fraction(1, 1000), Fraction(-1, 1000))
        ]
        low, high = domain.low, domain.high
        if low.is_finite and high.is_finite:
            first, last = Fraction(int(low.p), int(low.q)), Fraction(int(high.p), int(high.q))
            table = [first + (last - first) * share for share in UNIT]
            table[2:2] = [e for e, is_open in ((first, domain.low_open), (last, domain.high_open)) if not is_open]
        else:
            table = [*(SMALL if small else REAL)]
        return [v for v in dict.fromkeys([*table, *near]) if inside(v, domain)]

    def at(self, numbers: Numbers) -> Found | None:
        """How the step fails at an admissible point."""
        trouble = ""
        left = right = None
        try:
            if self.sign == "":
                false = self._joined(numbers)
            else:
                left, right = (numbers.of(node) for node in self.nodes)
                false = not numbers.holds(left, self.sign, right)
        except NoValue as error:
            trouble, false = str(error), True
        if not numbers.admits(self.scope.given):
            return None
        values = ((place, mp.nstr(value, 30)) for place, value in numbers.values.items())  # whatever the digits
        self.tried.add((*numbers.sizes.items(), *numbers.indices.items(), *values))
        if not false:
            return None
        point = ", ".join(f"{_word(place)} = {_short(value)}" for place, value in numbers.values.items())
        if trouble:
            return Found(point, trouble=trouble)
        if left is None:
            return Found(point)
        return Found(point, *_shown(*_worst(left, right)))

    def _joined(self, numbers: Numbers) -> bool:
        parts = self.nodes[0].children
        truths = [numbers.true(part) for part in parts[::2]]
        false = False
        for arrow, a, b in zip(parts[1::2], truths, truths[1:], strict=False):
            false |= (a and not b) if arrow.type == "IMPLIES" else a != b
        return false


def _shown(left: mp.mpf, right: mp.mpf) -> tuple[str, str]:
    """Both numbers, with the digits that tell them apart."""
    for digits in (4, 12, 40):
        a, b = (mp.nstr(side, digits).removesuffix(".0") for side in (left, right))
        if a != b or left == right:
            break
    return a, b


def _worst(left: Number, right: Number) -> tuple[mp.mpf, mp.mpf]:
    if isinstance(left, Grid) != isinstance(right, Grid):
        raise Unsure
    if not isinstance(left, Grid):
        return left, right
    rights = right.flat if isinstance(right, Grid) else [right] * len(left.flat)
    return max(zip(left.flat, rights, strict=True), key=lambda pair: abs(pair[0] - pair[1]))


def _word(place: Place) -> str:
    key, sample, component = place
    word = key.removeprefix("\\").replace("hat y", "y_hat").replace("\\", "").replace("vec ", "")
    return word + (f"^({sample})" if sample else "") + (f"_{component}" if component else "")


def _short(value: mp.mpf) -> str:
    for below in (1, 2, 3, 4, 8, 10, 100, 1000, 10**6):
        if mp.isint(value * below) and abs(value) < 10**7:
            return f"{int(value * below)}/{below}" if below > 1 else str(int(value))
    return str(mp.nstr(value, 6))
