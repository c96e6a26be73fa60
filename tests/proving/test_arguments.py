"""The exact arguments by themselves: without the numeric attack before them they must still show nothing false."""

import pytest
import sympy as sp

from mseclf.proving.binders import chain_parts
from mseclf.proving.domains import Domain
from mseclf.proving.errors import TypeTrouble, Vacuous
from mseclf.proving.extremes import extreme
from mseclf.proving.hypotheses import elaborator
from mseclf.proving.limits import limit_of
from mseclf.proving.normal import Normal
from mseclf.proving.parse import parse
from mseclf.proving.schematic import shown_for_every_size
from mseclf.proving.scope import Scope
from mseclf.proving.signs import signs

Z = sp.Symbol("z", real=True)
P = sp.Symbol("p", positive=True)
Q = sp.Symbol("q", positive=True)
UNIT = Domain(sp.S.Zero, sp.S.One)
SIGMA = 1 / (1 + sp.exp(-Z))


def domain_of(symbol):
    return UNIT if symbol in (P, Q) else Domain()


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (P * (1 - P) ** 2 - sp.Rational(4, 27), {-1, 0}),
        (P * (1 - P) ** 2 - sp.Rational(4, 27) - sp.Rational(1, 10**30), {-1}),
        (P * (1 - P) ** 2 - sp.Rational(4, 27) + sp.Rational(1, 10**30), {-1, 0, 1}),
        (SIGMA * (1 - SIGMA) - sp.Rational(1, 4), {-1, 0}),
        (sp.exp(Z) - 1 - Z, {0, 1}),
        (sp.exp(Z) - 2 * Z, {1}),
        (sp.exp(Z) - 3 * Z, {-1, 0, 1}),
        (sp.exp(Z) - sp.E * Z, None),
        (sp.log(1 + sp.exp(Z)) - Z, {1}),
        (Z * (SIGMA - sp.Rational(1, 2)), {0, 1}),
        (P + Q, {1}),
        ((1 - P) * (1 - Q), {1}),
        (P - Q, {-1, 0, 1}),
        (sp.S.Zero, {0}),
        (sp.sqrt(2) - sp.Rational(3, 2), {-1}),
    ],
)
def test_signs(expr, expected):
    assert signs(expr, domain_of) == expected


def test_an_end_counts_only_if_it_belongs_to_the_domain():
    closed = Domain(sp.S.Zero, sp.S.One, False, False)
    assert signs(P * (1 - P), domain_of) == {1}
    assert signs(P * (1 - P), lambda _: closed) == {0, 1}
    assert signs(P * (1 - P), lambda _: Domain(values=(sp.S.Zero, sp.S.One))) == {0}


def test_what_is_not_smooth_is_not_decided():
    assert signs(sp.Abs(Z) - Z, domain_of) is None


@pytest.mark.parametrize(
    ("expr", "zero"),
    [
        (sp.log(P**2 * (1 - P)) - 2 * sp.log(P) - sp.log(1 - P), True),
        (sp.log(12) - 2 * sp.log(2) - sp.log(3), True),
        (sp.log(Z**2) - 2 * sp.log(sp.Symbol("z", real=True)), False),
        (sp.tanh(Z / 2) - (2 * SIGMA - 1), True),
        (sp.exp(sp.Symbol("k") * sp.log(P)) - P ** sp.Symbol("k"), True),
        (sp.sqrt(33) ** 2 - 33, True),
        ((9 + sp.sqrt(33)) * (9 - sp.sqrt(33)) - 48, True),
        (sp.exp(Z) * sp.exp(-Z / 3) - sp.exp(2 * Z / 3), True),
        (SIGMA + 1 / (1 + sp.exp(Z)) - 1, True),
        (SIGMA - 1 / (1 + sp.exp(Z)), False),
    ],
)
def test_zero(expr, zero):
    assert Normal(domain_of, expr).is_zero(expr) is zero


def test_limits_agree_with_known_ones_and_refuse_what_has_none():
    assert limit_of(SIGMA * (1 - SIGMA) * sp.exp(Z), Z, sp.oo, "", domain_of) == 1
    assert limit_of(sp.log(1 + sp.exp(Z)) - Z, Z, sp.oo, "", domain_of) == 0
    assert limit_of(P * sp.log(P), P, sp.S.Zero, "", domain_of) == 0
    with pytest.raises(TypeTrouble):
        limit_of(sp.Abs(Z) / Z, Z, sp.S.Zero, "", domain_of)


def test_extremes():
    assert extreme("max", P * (1 - P) ** 2, P, UNIT, domain_of) == (sp.Rational(4, 27), sp.Rational(1, 3))
    assert extreme("sup", P, P, UNIT, domain_of) == (1, 1)
    with pytest.raises(TypeTrouble, match="not attained"):
        extreme("max", P, P, UNIT, domain_of)
    with pytest.raises(TypeTrouble, match="at several places"):
        extreme("argmax", Z**2 - Z**4, Z, Domain(), domain_of)


def test_domains_narrow_only():
    narrower = UNIT.meet(Domain(low=sp.Rational(1, 3)), "p")
    assert sp.Rational(1, 4) not in narrower
    assert sp.Rational(1, 2) in narrower
    with pytest.raises(Vacuous, match="nothing satisfies both"):
        narrower.meet(Domain(high=sp.Rational(1, 4)), "p")
    with pytest.raises(Vacuous, match="reaches outside"):
        UNIT.meet(Domain(sp.S.Zero, sp.S.One, False, False), "p")
    with pytest.raises(Vacuous, match="narrows nothing"):
        UNIT.meet(Domain(low=sp.S.Zero), "p")


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\nabla_\theta \mathcal{L}_{\mathrm{BCE}} = \frac{1}{m} X^\top (\hat{\mathbf y} - \mathbf y)", True),
        (r"\nabla_\theta \mathcal{L}_{\mathrm{BCE}} = X^\top (\hat{\mathbf y} - \mathbf y)", False),
        (r"\nabla_\theta \mathcal{L}_{\mathrm{BCE}} = \frac{1}{m} X^\top (\mathbf y - \hat{\mathbf y})", False),
        (r"\sum_{i=1}^{m} z^{(i)} = m z", False),
        (r"\sum_{i=1}^{m} \left( \hat y^{(i)} - y \right) = \sum_{i=1}^{m} \left( \hat y^{(i)} \right) - m y", True),
        (r"\sum_{i=1}^{m} \left( \hat y^{(i)} - y \right) = \sum_{i=1}^{m} \left( \hat y^{(i)} \right) - 3 y", False),
        (r"\left( \sum_{i=1}^{m} z^{(i)} \right)^2 = \sum_{i=1}^{m} \left( z^{(i)} \right)^2", False),
        (r"\frac{\partial L_{\mathrm{BCE}}}{\partial \theta} = (\hat y - y) \theta", False),
        (r"\theta^\top x = x^\top \theta = z", True),
        (r"\nabla_\theta^2 \mathcal{L}_{\mathrm{BCE}} = \frac{1}{m} X^\top \mathrm{diag}(\hat{\mathbf y}) X", False),
    ],
)
def test_for_every_size(tex, shown, notation):
    scope = Scope(notation)
    sides, _ = chain_parts(parse(tex, notation).children[0].children[0])
    assert shown_for_every_size(sides[0], sides[1], scope, elaborator(scope), set()) is shown
