"""What is known where a claim stands (domains and hypotheses), and the claim decided under it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import sympy as sp
from lark import Token
from sympy.logic.boolalg import Boolean

from mseclf.site.latex.errors import FormulaError, NotShown, TypeTrouble, Vacuous
from mseclf.site.latex.parse import Node, letter, plain, start_of
from mseclf.site.proofs import decide as kernel
from mseclf.site.proofs.atoms import Held, Smooth, put
from mseclf.site.proofs.attack import Found, Refuted
from mseclf.site.proofs.binders import RELATIONS, Elaborator
from mseclf.site.proofs.domains import Domain, declared
from mseclf.site.proofs.schematic import NotSchematic, Over, Schematic
from mseclf.site.proofs.scope import keys_in, linear
from mseclf.site.proofs.verdict import Means, Method


@dataclass(frozen=True)
class Prepared:
    """A claim's parts and what is given, ready for the kernel; `genuine`: its points are points of the claim."""

    parts: tuple[sp.Basic, ...]
    given: tuple[Boolean, ...]
    genuine: bool


NAMES = {
    "limit": "limit", "integral": "integral", "max": "maximum", "min": "minimum", "sup": "supremum", "inf": "infimum",
    "argmax": "place of the maximum", "argmin": "place of the minimum",
}  # fmt: skip
_decide = lru_cache(maxsize=2048)(kernel.decide)


class Facts:
    """Decides under the hypotheses that are in force for the atoms of one elaborator."""

    def __init__(self, tool: Elaborator, given: Sequence[Node]) -> None:
        self.tool = tool
        self.given = given
        self.known: tuple[int, list[Boolean]] = (-1, [])
        for node in given:
            self._refuse_moved(node)

    @property
    def hypotheses(self) -> list[Boolean]:
        """What the hypotheses say of the atoms that there are by now; that they have a value is part of them."""
        tool = self.tool
        if self.known[0] != len(tool.atoms):
            conditions, found = tool.conditions, []
            samples = list(dict.fromkeys([None, *(atom.sample for atom in tool.atoms.values())]))
            tool.conditions = []
            for node in self.given:
                found += self._instances(node, samples)
            found += [sp.Implies(c.guard, c.needed) for c in tool.conditions]
            tool.conditions = conditions
            self.known = len(tool.atoms), found
        return self.known[1]

    def _refuse_moved(self, node: Node) -> None:
        scope = self.tool.scope
        keys = keys_in(node, scope.notation)
        for key in keys:
            for moved, strict in self.tool.moved.items():
                if (key == moved and (strict or len(keys) > 1)) or scope.depends(moved, key):
                    raise TypeTrouble(
                        f"the hypothesis {plain(node)} speaks of {key}, but {moved} runs here",
                        start_of(node),
                        "say below the sign where it runs",
                    )

    def _instances(self, node: Node, samples: list[object]) -> list[Boolean]:
        """A hypothesis for every example that the claim speaks of; one on one entry for that entry."""
        tool = self.tool
        tokens = node.scan_values(lambda t: isinstance(t, Token) and t.type in ("SAMPLE", "SUB"))
        letters = {i for t in tokens if (i := letter(t)) in tool.scope.notation.indices}
        if letters - set(tool.indices):
            return []  # about an index that this claim does not speak of
        if isinstance(tool, Schematic):
            behind = {k: pair for k, pair in linear(tool.scope.notation).items() if k in tool.base}
            spoken = keys_in(node, tool.scope.notation)
            if spoken & {part for pair in behind.values() for part in pair}:
                return self._all_zero(node, spoken, behind)
        found: dict[Boolean, None] = {}
        for sample in samples:
            with tool.within(sample=sample):
                found |= dict.fromkeys(tool.facts(node))
        return list(found)

    def _all_zero(self, node: Node, spoken: set[str], behind: dict[str, tuple[str, str]]) -> list[Boolean]:
        """For every size at once, a parameter or an input can only be assumed to be zero as a whole."""
        if len(spoken) != 1 or node.data != "related" or plain(node) != f"{plain(node.children[0])} = 0":
            raise NotSchematic("a hypothesis on single entries")
        (key,) = spoken
        if plain(node.children[0]) != key and len(node.children[0].children) > 1:
            raise NotSchematic("a hypothesis on single entries")
        linked = {key} | {k for k, pair in behind.items() if key in pair}
        return [sp.Eq(symbol, 0) for symbol, atom in self.tool.atoms.items() if atom.key in linked]

    # preparation ---------------------------------------------------------------------------------------------

    def put(self, expr: sp.Expr) -> sp.Expr:
        """An expression under the equalities among the hypotheses."""
        part = self._prepared((expr,), unfold=False).parts[0]
        assert isinstance(part, sp.Expr)
        return part

    def attempts(self, *parts: sp.Basic) -> list[Prepared]:
        """With the logits as variables of their own, which is more general; then written out if that may matter."""
        first = self._prepared(parts, unfold=False)
        return [first] if first.genuine else [first, self._prepared(parts, unfold=True)]

    def _prepared(self, parts: tuple[sp.Basic, ...], unfold: bool) -> Prepared:
        tool = self.tool
        facts = self._connected(parts)
        symbols = set().union(*(p.free_symbols for p in (*parts, *facts)))
        kept = tool.unfolding(symbols)
        behind = set().union(*(out.free_symbols for out in kept.values()))
        genuine = unfold or not (behind & symbols)
        if unfold:
            parts, facts = _put_all(parts, kept), [f.xreplace(kept) for f in facts]
        parts, facts, replaced = _solved(parts, facts)
        sums = {o: sp.Dummy(real=True) for p in (*parts, *facts) for o in p.atoms(Over)}
        genuine = genuine and not sums
        facts += [fact for part in parts for fact in self._sizes_of(part)]
        parts, facts = tuple(p.xreplace(sums) for p in parts), [f.xreplace(sums) for f in facts]
        free = set().union(*(p.free_symbols for p in (*parts, *facts)))
        given = [*facts, *self._domains(free), *(self._domain(s).holds(value) for s, value in replaced.items())]
        smooth: dict[sp.Expr, sp.Expr] = {}
        for node in sorted(set().union(*(p.atoms(Smooth) for p in parts)), key=str):
            smooth[node] = sp.Dummy(str(node), real=True)
            given += self._values_of(node, smooth[node])
        return Prepared(
            tuple(p.xreplace(smooth) for p in parts),
            tuple(dict.fromkeys(g.xreplace(smooth) for g in given if g is not sp.true)),
            genuine and not smooth,
        )

    def _sizes_of(self, part: sp.Basic) -> Iterator[Boolean]:
        """A sum of what is never negative is at least each summand; and the inequality of Cauchy and Schwarz."""
        tool = self.tool
        if not isinstance(tool, Schematic):
            return
        for one, other in combinations(sorted(part.atoms(Over), key=str), 2):
            yield from tool.cauchy(one, other)
        for whole in part.atoms(Over):
            axis, index, summand = whole.args
            if not summand.is_nonnegative or summand.has(Over):
                continue
            yield (sp.Gt if summand.is_positive else sp.Ge)(whole, 0, evaluate=False)
            if isinstance(part, sp.Eq):
                continue
            near = [tool.atoms[s] for s in part.free_symbols & tool.atoms.keys()]
            places = {(a.sample if axis.name == "m" else a.component) for a in near} - {None, index.name}
            for place in sorted(p for p in places if not str(p).startswith("sum")):
                yield sp.Ge(whole, tool.rename(summand, {index.name: place}), evaluate=False)

    def _connected(self, parts: tuple[sp.Basic, ...]) -> list[Boolean]:
        """The hypotheses that share a symbol with the claim, directly or through another hypothesis."""
        reached = set().union(*(p.free_symbols for p in parts))
        reached |= set().union(*(out.free_symbols for out in self.tool.unfolding(reached).values()))
        found: list[Boolean] = []
        rest = [h for h in self.hypotheses if h is not sp.true]
        while near := [h for h in rest if h.free_symbols & reached or not h.free_symbols]:
            found += near
            reached |= set().union(*(h.free_symbols for h in near))
            rest = [h for h in rest if h not in near]
        return found

    def _domain(self, symbol: sp.Symbol) -> Domain:
        atom = self.tool.atoms.get(symbol)
        return Domain() if atom is None else self.tool.scope.domain(atom.key)

    def _domains(self, symbols: set[sp.Symbol]) -> list[Boolean]:
        """Where each symbol lies; labels over classes add up to at most 1 without the last of them."""
        found = [self._domain(s).holds(s) for s in sorted(symbols, key=str)]
        simplex: dict[tuple[str, object], sp.Expr] = {}
        for symbol, atom in () if isinstance(self.tool, Schematic) else self.tool.atoms.items():
            if self.tool.scope.notation.symbols[atom.key].domain == "simplex" and atom.component:
                simplex[atom.key, atom.sample] = simplex.get((atom.key, atom.sample), sp.S.Zero) + symbol
        sums = [total for total in simplex.values() if total.free_symbols & symbols]
        found += [sp.Le(total, 1) for total in sums]
        found += [sp.Ge(s, 0, evaluate=False) for total in sums for s in total.free_symbols]
        return found + [sp.Ge(s, 1, evaluate=False) for s in symbols if s.is_integer]  # sizes

    def _values_of(self, node: Smooth, symbol: sp.Symbol) -> list[Boolean]:
        """Where the values of a free function lie; of its derivatives nothing is known."""
        name, orders = node.args[0].name.split("|")
        if set(orders) - {"0", ","}:
            return []
        return [declared(self.tool.scope.notation.symbols[name].domain).holds(symbol)]

    # decisions -----------------------------------------------------------------------------------------------

    def defined(self, offset: int) -> Method:
        """Every condition that an operation left.

        Raises:
            Refuted: a side has no value at an admissible point.
            NotShown: it is not shown that it has.
        """
        for condition in dict.fromkeys(self.tool.conditions):
            claim = sp.Implies(condition.guard, condition.needed)
            if claim is sp.true:
                continue
            try:
                self.decided(claim, offset)
            except Refuted as error:
                if condition.sharp:
                    raise Refuted(Found(error.found.point, trouble=condition.words)) from None
                raise NotShown(f"this is not shown to have a value: {condition.words}", offset) from None
            except NotShown as error:
                raise NotShown(
                    f"not shown that it always has a value ({condition.words}): {error.message}", offset
                ) from None
        self.tool.conditions = []
        self.consistent(offset)
        return Method(())

    def consistent(self, offset: int) -> None:
        """From hypotheses that contradict each other everything follows, so a point must satisfy all of them."""
        together = sp.And(*self.hypotheses)
        if together is sp.true:
            return
        reason = ""
        for ready in self.attempts(sp.Not(together)):
            decision = _decide(sp.false, ready.given)
            if isinstance(decision, kernel.Refuted) and ready.genuine:
                return
            if isinstance(decision, kernel.Proved):
                raise Vacuous("nothing satisfies both the hypotheses and the domains: the hypothesis contradicts them")
            reason = getattr(decision, "reason", "")
        raise NotShown(f"no point was found that satisfies the hypotheses: {reason}", offset)

    def relation(self, left: sp.Expr, sign: str, right: sp.Expr, offset: int) -> Method:
        """Left REL right, limits and integrals included."""
        for one, other in ((left, right), (right, left)):
            if sign == "=" and isinstance(one, Held) and not other.has(Held):
                return self.held(one, other, offset)
        means: list[Means] = []
        left, right = (sp.expand_log(self._settled(side, offset, means)) for side in (left, right))
        if isinstance(self.tool, Schematic) and (left - right).has(Over):
            sides = [self.tool.whole(side) for side in (left, right)]
            for a, b in dict.fromkeys([tuple(sides), tuple(map(self.tool.spread, sides))]):
                with suppress(NotShown):  # each sum as a number of its own
                    return Method(tuple(means)).plus(self.decided(RELATIONS[sign](a, b, evaluate=False), offset))
        if isinstance(self.tool, Schematic) and sign != "!=":
            left, right, whole = self.tool.summand(left - right), sp.S.Zero, left - right
            if left != whole:  # sums compare if their summands do; if those do not, nothing is known
                try:
                    return self.decided(RELATIONS[sign](left, right, evaluate=False), offset)
                except Refuted:
                    raise NotSchematic("the summands differ") from None
        if left == right and sign == "=":
            return Method((*means, Means.ALGEBRA))
        claim = RELATIONS[sign](left, right, evaluate=False)
        shown = self.decided(claim, offset, (left, right))
        if sign in ("<=", ">=") and shown.means == (Means.ALGEBRA,):
            raise Vacuous("both sides are equal: nothing tells this from its contrary", offset, "write =")
        return Method(tuple(means)).plus(shown)

    def decided(self, claim: Boolean, offset: int, sides: tuple[sp.Expr, ...] = ()) -> Method:
        """A relation, whose two sides a counterexample shall show, or a combination of relations."""
        reason = ""
        for ready in self.attempts(claim, *sides):
            first, *shown = ready.parts
            if first is sp.true:
                return Method((Means.ALGEBRA,))
            decision = _decide(first, ready.given)
            if isinstance(decision, kernel.Proved):
                return Method((decision.means,))
            if ready.genuine and isinstance(decision, kernel.Refuted):
                raise Refuted(self._words(decision.point, shown))
            reason = getattr(decision, "reason", "") or reason
        raise NotShown(_said(reason) or "no rule shows it", offset)

    def _words(self, point: object, sides: Sequence[sp.Basic]) -> Found:
        values = dict(point)  # type: ignore[call-overload]
        at = ", ".join(f"{_name(s)} = {_number(v)}" for s, v in sorted(values.items(), key=lambda pair: str(pair[0])))
        shown = [_number(side.xreplace(values)) for side in sides]
        if len(set(shown)) < len(shown):
            shown = [_number(side.xreplace(values), 12) for side in sides]
        return Found(at, *shown)

    # limits, extremes, integrals -----------------------------------------------------------------------------

    def held(self, held: Held, value: sp.Expr, offset: int) -> Method:
        """A limit, an extreme or an integral, and the value that is claimed for it."""
        kind, variable, body, *rest = held.args
        if any(variable in part.free_symbols for part in body.atoms(Smooth, Over)):
            raise NotShown("how a free function or a sum of any length behaves here is not known", offset)
        if str(kind) not in ("limit", "integral", "sup", "inf") and value.is_finite is not True:
            raise NotShown(f"a {kind} is a number; this is not known to be one", offset)
        reason = ""
        for ready in self.attempts(body, value, *rest):
            body_, value_, *rest_ = ready.parts
            decision = self._held(str(kind), variable, body_, value_, rest_, ready.given)
            if isinstance(decision, kernel.Proved):
                return Method((Means[str(kind).upper() if str(kind) in ("limit", "integral") else "EXTREME"],))
            if isinstance(decision, kernel.Refuted) and ready.genuine:
                raise Refuted(self._instead(str(kind), variable, decision, value_))
            reason = getattr(decision, "reason", "")
        raise NotShown(_said(reason) or "no rule shows it", offset)

    def _instead(self, kind: str, variable: sp.Symbol, found: kernel.Refuted, value: sp.Expr) -> Found:
        """What a limit, an integral or an extreme is, where it is not what is claimed."""
        at = self._words(found.point, [side for side in (found.left, found.right) if side is not None])
        name, there = NAMES[kind], found.point.get(variable)
        if found.reason:
            point = {symbol: number for symbol, number in found.point.items() if symbol != variable}
            return Found(self._words(point, ()).point, reason=f"the {name}: {_said(found.reason)}")
        if kind.startswith("arg"):
            beaten = "" if there is None else f": {_name(variable)} = {_number(there)} does as well or better"
            return Found(
                at.point, reason=f"the {name} is not only at {_number(value.xreplace(dict(found.point)))}{beaten}"
            )
        if there is None and at.left:
            return Found(at.point, reason=f"the {name} is {at.left}, not {at.right}")
        return Found(at.point, reason=f"what stands under the {name} is {at.left} there, which is beyond {at.right}")

    @staticmethod
    def _held(kind: str, variable: sp.Symbol, body: sp.Expr, value: sp.Expr, rest: list[sp.Basic],
              given: tuple[Boolean, ...]) -> object:  # fmt: skip
        if kind == "limit":
            target, side, domain = rest
            direction = {1: "+", -1: "-", 0: "both"}[int(side)]
            return kernel.decide_limit(body, variable, target, value, (*given, *sp.And.make_args(domain)), direction)
        if kind == "integral":
            plain_body = _plain(body, variable)
            if isinstance(_decide(sp.Eq(body, plain_body, evaluate=False), ()), kernel.Proved):
                body = plain_body
            low, high = rest
            return kernel.decide_integral(body, variable, low, high, value, given)
        return kernel.decide_extreme(kind, body, variable, sp.And.make_args(rest[0]), value, given)

    def _settled(self, expr: sp.Expr, offset: int, means: list[Means]) -> sp.Expr:
        """An expression with its limits and integrals computed by SymPy, each then shown by the kernel."""
        while nodes := [h for h in expr.atoms(Held) if not any(a.has(Held) for a in h.args)]:
            for held in nodes:
                value = _candidate(held)
                if value is None:
                    raise NotShown(f"this {held.kind} was not found: let it stand alone on one side", offset)
                means += self.held(held, value, offset).means
                expr = expr.xreplace({held: value})
        return expr

    def approximation(self, value: sp.Expr, text: str, offset: int) -> Method:
        """A constant and its decimals."""
        means: list[Means] = []
        ready = self._prepared((self._settled(value, offset, means),), unfold=False)
        decision = kernel.decide_approximation(ready.parts[0], text, ready.given)
        if isinstance(decision, kernel.Refuted):
            raise Refuted(Found("", _number(ready.parts[0]), text))
        if isinstance(decision, kernel.Proved):
            return Method((*means, Means.DIGITS))
        raise NotShown(_said(decision.reason), offset)

    def asymptotic(self, left: Held, right: Held, offset: int) -> Method:
        """Two expressions whose ratio tends to 1."""
        variable, (target, side, domain) = left.args[1], left.args[3:]
        parts = {(h.args[1], part) for h in (left, right) for part in h.args[2].atoms(Smooth, Over)}
        if any(bound in part.free_symbols for bound, part in parts):
            raise NotShown("how a free function or a sum of any length behaves here is not known", offset)
        other = right.args[2].xreplace({right.args[1]: variable})
        ready = self._prepared((left.args[2], other), unfold=False)
        first, second = ready.parts
        near = self.tool.near(variable, target, int(side))
        method = self.defined(offset)
        decision = kernel.decide_asymptotic(
            first, second, variable, target, (*ready.given, near, *sp.And.make_args(domain))
        )
        if isinstance(decision, kernel.Proved):
            return method.plus(Method((Means.LIMIT,)))
        if isinstance(decision, kernel.Refuted):
            at = self._words(decision.point, [side for side in (decision.left,) if side is not None])
            raise Refuted(Found(at.point, reason=f"the ratio of both sides goes to {at.left}, not to 1"))
        raise NotShown(_said(decision.reason), offset)


def _plain(body: sp.Expr, variable: sp.Symbol) -> sp.Expr:
    """A rational function of an exponential as a sum of simple ones, which has an antiderivative at sight."""
    power = sp.Dummy(positive=True)
    flat = sp.expand(body).replace(
        lambda part: isinstance(part, sp.exp) and (part.args[0] / variable).is_Integer,
        lambda part: power ** (part.args[0] / variable),
    )
    if variable in flat.free_symbols or not flat.is_rational_function(power):
        return body
    return sp.expand(sp.apart(sp.cancel(sp.together(flat)), power)).xreplace({power: sp.exp(variable)})


def _candidate(held: Held) -> sp.Expr | None:
    variable, body, *rest = held.args[1:]
    try:
        if held.kind == "limit":
            value = sp.limit(body, variable, rest[0], {1: "+", -1: "-", 0: "+-"}[int(rest[1])]
                             if rest[0].is_finite else "-")  # fmt: skip
        elif held.kind == "integral":
            value = sp.integrate(body, (variable, *rest))
        else:
            return None
    except (ValueError, NotImplementedError, TypeError, FormulaError):
        return None
    return None if value.has(sp.Limit, sp.Integral, sp.nan, sp.zoo, sp.AccumBounds) else value


def _put_all(parts: tuple[sp.Basic, ...], mapping: dict[sp.Symbol, sp.Expr]) -> tuple[sp.Basic, ...]:
    return tuple(put(p, mapping) if isinstance(p, sp.Expr) else p.xreplace(mapping) for p in parts)


def _solved(
    parts: tuple[sp.Basic, ...], facts: list[Boolean]
) -> tuple[tuple[sp.Basic, ...], list[Boolean], dict[sp.Symbol, sp.Expr]]:
    """Each hypothesis `symbol = expression` put into everything else."""
    replaced: dict[sp.Symbol, sp.Expr] = {}
    while True:
        for fact in facts:
            if not isinstance(fact, sp.Eq):
                continue
            turns = [(a, b) for a, b in (fact.args, fact.args[::-1]) if a.is_Symbol and a not in b.free_symbols]
            if turns:
                break
        else:
            return parts, facts, replaced
        symbol, value = turns[0]
        facts = [f.xreplace({symbol: value}) for f in facts if f != fact]
        parts = _put_all(parts, {symbol: value})
        replaced = {s: v.xreplace({symbol: value}) for s, v in replaced.items()} | {symbol: value}


def _name(symbol: sp.Basic) -> str:
    """A symbol in words: without the backslashes, with its indices."""
    word = str(symbol).lstrip("_").removeprefix("\\")  # SymPy marks a variable that runs by a line before it
    word = word.replace("hat y", "y_hat").replace("\\", "").replace("{*}", "*")
    return word.removeprefix("vec ")


def _said(reason: str) -> str:
    """A reason of the kernel's as an author reads it: SymPy writes ** and oo, and a line before what runs."""
    text = re.sub(r"(?<!\w)_(?=\w)", "", reason.replace("**", "^"))
    return re.sub(r"\boo\b", "infinity", text)


def _number(value: sp.Basic, digits: int = 4) -> str:
    """A number, short enough for a sentence."""
    if value in (sp.oo, -sp.oo):
        return "infinity" if value is sp.oo else "-infinity"
    if isinstance(value, sp.Rational) and len(str(value)) < 12:
        return str(value)
    try:
        number = sp.N(value, 20)
        return f"{float(number):.{digits}g}" if number.is_real else str(value)
    except (TypeError, ValueError, OverflowError):
        return str(value)
