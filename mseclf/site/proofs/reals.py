"""A problem over the real numbers: hypotheses and a claim in generators, decided by Z3.

Each generator is a real variable of the solver; what is true of it is asserted as polynomial facts, e.g. of E = exp(m):
E > 0, E >= 1 + m, E (1 - m) <= 1, and m > 0 iff E > 1. All facts are true, so "no solution of hypotheses, facts and the
contrary" proves the claim. They are not all that is true, so a solution is only a candidate, to be looked at again in
exact or ball arithmetic.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import lcm
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import arb, fmpq

from mseclf.site.proofs.balls import CONSTANTS, precision
from mseclf.site.proofs.decision import NotUnderstood, Proved, Spent, Undecided
from mseclf.site.proofs.verdict import Means
from mseclf.site.proofs.zero import Field, Generator, Poly, Ratio

if TYPE_CHECKING:
    import z3

TIERS = 3
EFFORT = 400_000  # for one call of the solver, in Z3's own count of work: the same on every machine
ENOUGH = 40_000_000  # for one question, in the same count
LOST = 120_000  # milliseconds; a solver that takes longer is lost in something that it does not count


@dataclass(frozen=True)
class Candidate:
    """Values of the generators at which hypotheses, facts and the contrary hold, as far as the solver knows."""

    values: dict[Generator, sp.Expr]


class Work:
    """What is left of the work for one question: counted, not timed, so a busy machine decides what an idle one does.

    A question has a solver of its own: what it answers, and how much work that is, hangs on all it was asked before.
    """

    def __init__(self) -> None:
        self.left = ENOUGH
        self._counted = 0

    @cached_property
    def solver(self) -> "z3.Context":
        """What Z3 knows of this question, and of no other."""
        import z3

        return z3.Context()

    def spend(self, steps: int) -> None:
        """Take away what was done.

        Raises:
            Spent: nothing is left.
        """
        self.left -= steps
        if self.left <= 0:
            raise Spent("it takes too much work")

    def check(self, clauses: Sequence[Any], effort: int, nonlinear: bool) -> tuple[Any, Any]:
        """What the solver says of some clauses, and its model. A solver that is lost ends the question."""
        import z3

        solver = z3.SolverFor("QF_NRA", ctx=self.solver) if nonlinear else z3.SimpleSolver(ctx=self.solver)
        solver.set("rlimit", effort)
        solver.set("timeout", LOST)
        solver.add(*clauses)
        answer = solver.check()
        before, self._counted = self._counted, int(solver.statistics().get_key_value("rlimit count"))
        steps = self._counted - before
        lost = answer == z3.unknown and steps < effort and solver.reason_unknown() in ("timeout", "canceled")
        self.spend(self.left if lost else steps)
        return answer, solver.model() if answer == z3.sat else None


class Reals:
    """The hypotheses in force, in a field of their own."""

    def __init__(self, given: Sequence[sp.Basic], shares: dict[str, int], work: Work) -> None:
        self.field = Field(self.positive, shares)
        self.work = work
        self.variables: dict[int, z3.ArithRef] = {}
        self.hypotheses: list[z3.BoolRef] = []
        self.signs: dict[str, bool] = {}
        self.linear: list[Ratio] = []  # atoms that may be linear in exponents and logarithms
        self.lower: set[int] = set()  # generators that are positive by themselves or by a hypothesis
        for formula in given:
            self.assume(formula)

    # translation -------------------------------------------------------------------------------------------------

    def assume(self, formula: sp.Basic) -> None:
        """Add a hypothesis; where it holds, it has a value."""
        self._note_positive(formula)
        self.hypotheses.append(self.formula(formula))

    def _note_positive(self, formula: sp.Basic) -> None:
        if isinstance(formula, sp.And):
            for part in formula.args:
                self._note_positive(part)
        if isinstance(formula, sp.Gt | sp.Lt):
            low, high = (formula.rhs, formula.lhs) if isinstance(formula, sp.Gt) else (formula.lhs, formula.rhs)
            if isinstance(high, sp.Symbol) and low.is_Rational and low >= 0:
                self.field.ratio(high)
                self.lower.add(self.field.keys["symbol", high].index)

    def formula(self, formula: sp.Basic) -> Any:
        """A formula for the solver."""
        import z3

        if formula in (sp.true, sp.false):
            return z3.BoolVal(bool(formula), self.work.solver)
        if isinstance(formula, sp.Rel):
            difference = self.field.ratio(formula.lhs) - self.field.ratio(formula.rhs)
            self.linear.append(difference)
            return self.relation(difference, OPERATORS[type(formula)])
        parts = [self.formula(a) for a in formula.args]
        if isinstance(formula, sp.Not):
            return z3.Not(parts[0])
        if isinstance(formula, sp.Implies):
            return z3.Implies(*parts)
        if isinstance(formula, sp.Equivalent):
            return z3.And(*(parts[0] == p for p in parts[1:]))
        if isinstance(formula, sp.And | sp.Or):
            return (z3.And if isinstance(formula, sp.And) else z3.Or)(*parts)
        raise NotUnderstood(f"no rule for {type(formula).__name__.lower()} in {formula}")

    def relation(self, value: Ratio, operator: str) -> Any:
        """A fraction compared with zero, without a division: its denominator is not zero where it has a value."""
        poly = value.top if operator in "==!=" or value.bottom.is_constant() else value.top * value.bottom
        left = self.polynomial(self.field.reduced(poly) if operator in "==!=" else poly)
        comparison = {
            "<": left < 0, "<=": left <= 0, ">": left > 0, ">=": left >= 0, "==": left == 0, "!=": left != 0
        }[operator]  # fmt: skip
        return comparison

    def polynomial(self, poly: Poly) -> Any:
        """A polynomial for the solver."""
        import z3

        total = z3.RealVal(0, self.work.solver)
        for powers, coefficient in poly.terms():
            term = z3.Q(int(coefficient.p), int(coefficient.q), self.work.solver)
            for index, power in enumerate(powers):
                for _ in range(int(power)):
                    term = term * self.variable(index)
            total = total + term
        return total

    def variable(self, index: int) -> Any:
        """The solver's variable of a generator."""
        import z3

        if index not in self.variables:
            self.variables[index] = z3.Real(f"g{index}", self.work.solver)
        return self.variables[index]

    # signs -------------------------------------------------------------------------------------------------------

    def positive(self, poly: Poly) -> bool:
        """Whether a polynomial is shown to be positive under the hypotheses."""
        key = str(poly)
        if key not in self.signs:
            self.signs[key] = self._plainly_positive(poly) or self._solved_positive(poly)
        return self.signs[key]

    def _plainly_positive(self, poly: Poly) -> bool:
        """Positive coefficients throughout, and one term at least of positive generators only."""
        strict = False
        for powers, coefficient in poly.terms():
            used = [(i, p) for i, p in enumerate(powers) if p]
            if coefficient < 0 or any(p % 2 and not self._is_nonnegative(i) for i, p in used):
                return False
            strict = strict or all(self._is_positive(i) for i, _ in used)
        return strict

    def _is_positive(self, index: int) -> bool:
        made = self.field.generators[index]
        return index in self.lower or made.kind in ("exp", "constant")

    def _is_nonnegative(self, index: int) -> bool:
        made = self.field.generators[index]
        return self._is_positive(index) or made.kind in ("abs", "power") or (made.kind == "root")

    def _solved_positive(self, poly: Poly) -> bool:
        import z3

        if not self.hypotheses and all(g.kind == "symbol" for g in self.field.generators):
            if poly.total_degree() % 2 or poly.total_degree() == 0:
                return False
        elif poly.is_constant():
            return bool(poly.leading_coefficient() > 0)
        clauses = [*self.hypotheses, *self.facts(0), self.polynomial(poly) <= 0]
        answer, _ = self.work.check(clauses, EFFORT // 4, nonlinear=True)
        return bool(answer == z3.unsat)

    # facts -------------------------------------------------------------------------------------------------------

    def facts(self, tier: int) -> list[Any]:
        """What is true of the generators: signs first, then links and tangents."""
        result: list[Any] = []
        if tier >= 1:
            for value in list(self.linear):
                result.extend(self._links(value))
        if tier >= 2:
            result.extend(self._pairs())
        for made in list(self.field.generators):
            result.extend(self._facts(made, tier))
        return result

    def _facts(self, made: Generator, tier: int) -> Iterator[Any]:
        import z3

        it = self.variable(made.index)
        if made.kind == "exp":
            yield it > 0
            if tier >= 1:
                yield from self._curve(made.arguments[0], self.field.variable(made), tier)
        elif made.kind == "log" and tier >= 1:
            yield from self._curve(self.field.variable(made), made.arguments[0], tier)
        elif made.kind == "root":
            yield it >= 0
            yield self._power_of(made)
        elif made.kind == "abs":
            inner = made.arguments[1]
            self_ = self.field.variable(made)
            yield z3.Or(
                z3.And(self.relation(inner, ">="), self.relation(self_ - inner, "==")),
                z3.And(self.relation(inner, "<"), self.relation(self_ + inner, "==")),
            )
        elif made.kind == "power":
            yield it >= 0
        elif made.kind in ("sin", "cos"):
            yield z3.And(it >= -1, it <= 1)
            if made.kind == "sin":
                yield self._power_of(made)
        elif made.kind in ("atan", "erf"):
            argument = made.arguments[0]
            for operator in ("<", "=="):
                yield self.relation(argument, operator) == self.relation(self.field.variable(made), operator)
            if made.kind == "erf":
                yield z3.And(it > -1, it < 1)
        number = self._enclosure(made)
        if number is not None:
            yield from (it > number[0], it < number[1])

    def _power_of(self, made: Generator) -> Any:
        """What a power of a root is; written out, since the field would reduce it to nothing."""
        inner = made.arguments[0]
        return self.polynomial(self.field.variables[made.index] ** made.degree * inner.bottom - inner.top) == 0

    def _enclosure(self, made: Generator) -> tuple[Any, Any] | None:
        """Rational numbers on both sides of a constant."""
        import z3

        with precision(160):
            if made.kind == "constant" and made.meaning in CONSTANTS:
                ball = CONSTANTS[made.meaning]()
            elif made.kind == "exp" and (power := made.arguments[0].number) is not None:
                ball = arb(power).exp()
            elif made.kind == "log" and (base := made.arguments[0].number) is not None and base > 0:
                ball = arb(base).log()
            else:
                return None
            middle = int(str((ball * 10**12).mid().floor().unique_fmpz()))
            low, high = fmpq(middle - 2, 10**12), fmpq(middle + 3, 10**12)
            if not (ball > low and ball < high):
                raise Undecided(f"the size of {made.meaning}")
        first, last = (z3.Q(int(end.p), int(end.q), self.work.solver) for end in (low, high))
        return first, last

    def _curve(self, x: Ratio, y: Ratio, tier: int) -> Iterator[Any]:
        """Facts of a point (x, y) of the graph y = exp(x)."""
        one = self.field.constant(1)
        yield self.relation(y, ">")
        yield self.relation(x, ">") == self.relation(y - one, ">")
        yield self.relation(x, "<") == self.relation(y - one, "<")
        if tier >= 2 and x.number is None and y.number is None:
            yield self.relation(y - one - x, ">=")
            yield self.relation(y * (one - x) - one, "<=")
            cubic = one + x + x * x * self.field.constant(fmpq(1, 2)) + x**3 * self.field.constant(fmpq(1, 6))
            yield self.relation(y - cubic, ">=")

    def points(self) -> list[tuple[Ratio, Ratio]]:
        """The points (x, exp x) of the generators."""
        result = []
        for made in self.field.generators:
            if made.kind == "exp":
                result.append((made.arguments[0], self.field.variable(made)))
            elif made.kind == "log":
                result.append((self.field.variable(made), made.arguments[0]))
        return result

    def _links(self, value: Ratio) -> Iterator[Any]:
        """Where a factor of an atom is linear in exponents and logarithms, its sign is that of a product minus 1."""
        if not value.top.is_constant():
            for factor, _ in value.top.factor()[1]:
                power = self.product(factor)
                if power is not None:
                    x, gap = Ratio(factor, self.field.one), power - self.field.constant(1)
                    yield self.relation(x, ">") == self.relation(gap, ">")
                    yield self.relation(x, "<") == self.relation(gap, "<")

    def product(self, poly: Poly) -> Ratio | None:
        """exp(c * poly), c > 0, as a fraction, where poly is a rational combination of exponents and logarithms."""
        terms = list(poly.terms())
        if len(terms) > 6 or any(abs(int(c.p)) > 64 for _, c in terms):
            return None
        scale = lcm(*(int(c.q) for _, c in terms))
        known = {x.key: y for x, y in self.points()}
        result = self.field.constant(1)
        for powers, coefficient in terms:
            monomial = Ratio(self.field.ring.from_dict({powers: 1}), self.field.one)
            times = int(coefficient * scale)
            if monomial.key not in known:
                share = next((s for s in (2, 3, 4, 6) if self._scaled(monomial, s).key in known), None)
                if share is None:
                    made = self._fresh(monomial)
                    if made is None:
                        return None
                    known[monomial.key] = made
                else:
                    known[monomial.key] = known[self._scaled(monomial, share).key] ** share
            if abs(times) > 64:
                return None
            result = result * known[monomial.key] ** times
        return result

    def _scaled(self, monomial: Ratio, share: int) -> Ratio:
        return monomial * self.field.constant(fmpq(1, share))

    def _fresh(self, monomial: Ratio) -> Ratio | None:
        """The exponential of a constant that has none yet."""
        return self.field.exponential(monomial) if monomial.number is not None else None

    def _pairs(self) -> Iterator[Any]:
        """Exp increases and lies above its tangents: facts of two points, and of one and another's mirror image."""
        points = [p for p in self.points() if p[1].number is None or p[1].number > 0][:8]
        one = self.field.constant(1)
        for (x, y), (u, v) in combinations(points, 2):
            if x.number is not None and u.number is not None:
                continue
            yield self.relation(x - u, ">") == self.relation(y - v, ">")
            yield self.relation(x + u, ">") == self.relation(y * v - one, ">")
            yield self.relation(y - v * (one + x - u), ">=")
            yield self.relation(v - y * (one + u - x), ">=")
            yield self.relation(y * v - one - x - u, ">=")
            yield self.relation(one - y * v * (one - x - u), ">=")

    # the question ------------------------------------------------------------------------------------------------

    def refute_contrary(self, claim: sp.Basic, tier: int) -> Proved | Candidate | None:
        """What the solver says of the contrary of a claim: no numbers satisfy it, or these may; None if it gives up."""
        import z3

        contrary = z3.Not(self.formula(claim))
        clauses = [*self.hypotheses, *self.facts(tier), contrary]
        for nonlinear in (False, True) if tier >= 2 else (True,):
            answer, model = self.work.check(clauses, EFFORT * (1 + 4 * tier), nonlinear)
            if answer == z3.unsat:
                return Proved(Means.SOLVER)
            if answer == z3.sat:
                return Candidate(
                    {g: self._number(model, g) for g in self.field.generators if g.index in self.variables}
                )
        return None

    def _number(self, model: Any, made: Generator) -> sp.Expr:
        """A value of the model, exact if it is rational or quadratic, else near by."""
        import z3

        value = model.eval(self.variables[made.index], model_completion=True)
        if z3.is_rational_value(value):
            return rational_of(value)
        coefficients = [sp.Rational(str(c)) for c in value.poly()]
        near = rational_of(value.approx(30))
        if len(coefficients) == 3:
            c, b, a = coefficients
            root = sp.sqrt(b * b - 4 * a * c)
            return min(((-b + s * root) / (2 * a) for s in (1, -1)), key=lambda r: abs(sp.N(r - near, 40)))
        return near


def rational_of(value: Any) -> sp.Rational:
    """A rational number of Z3's."""
    return sp.Rational(value.numerator_as_long(), value.denominator_as_long())


OPERATORS = {sp.Eq: "==", sp.Ne: "!=", sp.Lt: "<", sp.Le: "<=", sp.Gt: ">", sp.Ge: ">="}
