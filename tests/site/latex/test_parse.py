"""The grammar: what it accepts, what it refuses and in which words, and that nothing is passed over."""

import pytest
from lark.exceptions import GrammarError

from mseclf.site.latex import parse as parse_module
from mseclf.site.latex.errors import SyntaxTrouble
from mseclf.site.latex.parse import parse, plain
from mseclf.site.latex.tokens import tokenize

ACCEPTED = [
    r"z = \theta^\top x",
    r"\hat{y} = \sigma(z)",
    r"L(y, \hat y) = \tfrac12 \left(y - \hat y\right)^2",
    r"\frac{\partial^2 L}{\partial \theta \, \partial \theta^\top} = 0",
    r"\lim_{z \to +\infty} e^{z}\,\sigma'(z) = 1",
    r"\begin{aligned} a &= k \\ &= c, \\ p &< q. \end{aligned}",
    r"a = c, \qquad p \sim q \qquad (p \to 0^+)",
    r"\int_{-a}^{0} \frac{dz}{\sigma(z)} = a",
    r"\int_{-a}^0 \frac{1}{\sigma(z)} \, \mathrm{d}z = a",
    r"\arg\max_{p} \, p (1-p)^2 = \frac13",
    r"\max_{p \in (0, 1)} p (1-p)^2 = \frac{4}{27}",
    r"p = \begin{cases} \hat y, & y = 1, \\ 1 - \hat y, & y = 0 \end{cases}",
    r"\left. \frac{\partial L}{\partial z} \right|_{z = 0} = 1",
    r"\lvert z \rvert = |z| = \max(z, -z)",
    r"\sum_{i : y^{(i)} = 0} \left( z^{(i)} \right) + \sum_{k=1}^{K} e^{z_k} = 0",
    r"x^{(i)} x^{(i)\top} = 0",
    r"\nabla_\theta^2 \mathcal{L} = \nabla^2_\theta \mathcal{L}_{\mathrm{MSE}}",
    r"a = k \tag{1}",
    r"a = \frac{k c}{\cancel{k (1 - p)}} \cancel{k (1 - p)} = c \boxed{k}",
    r"z \ge 0 \iff \hat y \ge \frac12",
]

REFUSED = {
    r"\log a k = 1": "does this still belong to the function",
    r"\log(a)^2 = 1": "is the function or its argument raised",
    r"\sum_{i=1}^{m} y^{(i)} z^{(i)} + k = 1": "how far does the sum, limit or derivative",
    r"\lim_{z \to \infty} z a - 1 = 1": "how far does the sum, limit or derivative",
    r"\frac{\partial}{\partial z} a z = 1": "how far does this derivative reach",
    r"a/kc = 1": "unclear what stands below the line",
    r"z^10 = 1": "only the first digit of 10",
    r"\frac123 = 1": "only the first digit",
    r"{a + k} c = 1": "braces do not show",
    r"\cancel{a + k} c = 1": "only a factor is struck out or framed",
    r"\boxed{a = k}": "does not fit",
    r"a^\cancel{2} = 1": "something in braces is expected",
    r"\cancel a = 1": "undeclared symbol \\cancel",
    r"\cancel{a = 1": "never closed",
    r"a 2 = 1": "a number after a factor",
    r"\text{loss} = 1": "not part of a checked formula",
    r"z = 10\%": "undeclared symbol",
    r"z = 1 % comment": "not part of a checked formula",
    r"\hatt y = 1": "undeclared symbol",
    r"ylog(\hat y) = 1": r"a function is written \log",
    r"L_{\mathrm{FOO}} = 1": r"nearest one in docs/notation.yml is L_{\mathrm{",
    r"z + 1": "nothing is claimed",
    r"z = ": "ends too early",
    r"= z": "does not fit",
    r"z = (a + k": "ends too early",
    r"z = a) + k": "does not fit",
    r"z == a": "does not fit",
    r"z = a \quad k = c": "wide space",
    r"z = \left( a": "ends too early",
    r"a \odot = k": "does not fit",
    r"z = \dots": "dots that stand for what is not written",
    r"a = \pm k": "two claims in one",
    r"\begin{matrix} a \end{matrix} = 0": "the environment matrix",
    r"\mathrm{relu}(z) = 0": "undeclared symbol \\mathrm{relu}",
    r"a & k = 1": "& stands directly before a relation",
    r"a = 1. k": "a full stop inside",
    r"\frac{\partial L}{\partial} = 1": "does not fit",
}


@pytest.mark.parametrize("tex", ACCEPTED)
def test_accepted(tex, notation):
    tree = parse(tex, notation)
    kept = "".join(plain(tree).split())
    assert kept == "".join("".join(str(t) for t in tokenize(tex, notation)).split())


@pytest.mark.parametrize(("tex", "words"), REFUSED.items(), ids=REFUSED)
def test_refused(tex, words, notation):
    with pytest.raises(SyntaxTrouble) as caught:
        parse(tex, notation)
    assert words in caught.value.message
    assert caught.value.offset is not None
    assert 0 <= caught.value.offset <= len(tex)


@pytest.mark.parametrize(
    ("tex", "words", "offset"),
    [
        (r"z = \frac{1}{2 \qquad (y = 0)", "never closed", 12),
        (r"z = \frac{1{2}", "never closed", 9),
        (r"z = a^{2}} k", "closes nothing", 9),
        (r"\begin{aligned} z &= e^{-a \\ &= k \end{aligned}", "never closed", 23),
        (r"\hatt y = {", "never closed", 10),
    ],
)
def test_a_brace_without_its_other_is_named_first_with_its_place(tex, words, offset, notation):
    with pytest.raises(SyntaxTrouble, match=words) as caught:
        parse(tex, notation)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    "tex", [r"\sigma", r"y \in \{0, 1\}", r"[0, 1]", r"\hat y \to 1", "= 1", r"1 - \sigma", r"z \approx 10"]
)
def test_inline_formulas_may_be_fragments(tex, notation):
    parse(tex, notation, "inline")


def test_a_bare_sigmoid_is_for_running_text_only(notation):
    parse(r"(-\sigma)^2 = \sigma^2", notation, "inline")


def test_an_ambiguous_grammar_would_not_start():
    ambiguous = "display: expr\ninline: expr\ngiven: expr\nexpr: expr PLUS expr | NUM\n%declare PLUS NUM\n"
    with pytest.raises(GrammarError, match="Shift/Reduce conflict"):
        parse_module._parser_of(ambiguous)


def test_a_macro_of_the_table_is_known(notation):
    from dataclasses import replace

    with_macro = replace(notation, macros={r"\half": r"\frac{1}{2}"})
    assert plain(parse(r"\half y = z", with_macro)) == plain(parse(r"\frac{1}{2} y = z", notation))
