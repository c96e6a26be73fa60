"""Formulas as one line of text: nothing is lost, and products stay inside their fraction or power."""

import pytest

from mseclf.site.formulas import Renderer
from mseclf.site.formulas.linear import linear
from mseclf.site.formulas.spoken import spoken


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    renderer = Renderer({}, tmp_path_factory.mktemp("tex"))
    return lambda tex, display=True: linear(renderer.render(tex, display).mathml)


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\hat y(1-\hat y)", "ŷ(1 − ŷ)"),
        (r"\frac{1}{2}\left(y-\hat y\right)^{2}", "1/2 (y − ŷ)²"),
        (r"\frac{1}{2m}", "1/(2m)"),
        (r"e^{2z}", "e^(2z)"),
        (r"e^{-z}", "e^(−z)"),
        (r"\sqrt{2\pi}", "√(2π)"),
        (r"\frac{\partial L_{\mathrm{MSE}}}{\partial z} = -1", "∂L_MSE/∂z = −1"),
        (r"\frac{\partial^2 L}{\partial z^2}", "∂²L/∂z²"),
        (r"-y\log(\hat y)", "−y log(ŷ)"),
        (r"\lim_{z \to -\infty} \sigma'(z) = 0", "lim_(z → −∞) σ′(z) = 0"),
        (r"\frac{1}{m}\sum_{i=1}^{m} x^{(i)}", "1/m ∑_(i = 1)^m x^(i)"),
        (r"\theta^\top x \le \max(z, 0)", "θᵀx ≤ max(z, 0)"),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a = b = c"),
        (r"\begin{cases} a & z > 0 \\ -b & z \le 0 \end{cases}", "{a, z > 0; −b, z ≤ 0"),
        (r"\frac{y}{\hat y}\,\hat y(1-\hat y)", "(y/ŷ) ŷ(1 − ŷ)"),
        (r"\frac{\hat y-y}{\hat y(1-\hat y)}", "(ŷ − y)/(ŷ(1 − ŷ))"),
        (r"-\frac{e^z}{(1+e^z)^3} \quad (y = 1)", "−e^z/(1 + e^z)³ (y = 1)"),
        (r"\frac{2a}{bc}", "2a/(bc)"),
        (r"\frac{\log(z)}{\sigma(z)}", "log(z)/σ(z)"),
        (r"\left| \frac{\partial L}{\partial z} \right| + \lVert -y \rVert^2", "|∂L/∂z| + ‖−y‖²"),
        (r"w_1 u + e^{z_l} + e^z u", "w_1 u + e^(z_l) + e^z u"),
        (r"\frac{1}{\cosh^2(\frac z2)}", "1/(cosh²(z/2))"),
        (r"\frac{1}{\cancel{yz}}\cancel{yz}\,\boxed{y}", "(1/(yz)) yz y"),
        (r"\vec z \odot \vec y", "z⃗ ⊙ y⃗"),
    ],
)
def test_text_of(read, tex, text):
    assert read(tex) == text


def test_an_unknown_element_is_refused():
    with pytest.raises(ValueError, match="no words for the MathML element <mglyph>"):
        linear("<math><mglyph/></math>")


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\frac{1}{4}", "1 over 4"),
        (r"\hat y^{2} \ne \theta^\top x", "y hat squared is not equal to theta transposed x"),
        (r"\frac{1}{1+e^{-z}}", "the fraction 1 over 1 plus e to the power minus z end fraction"),
        (r"\sum_{i=1}^{m} y^{(i)}", "the sum from i equals 1 to m of y number i"),
        (
            r"\lim_{z \to -\infty} \sigma'(z) = 0",
            "the limit as z to minus infinity of sigma prime open paren z close paren equals 0",
        ),
        (r"\max_{p} p", "max over p p"),
        (r"\sqrt{2\pi}", "the root of 2 pi"),
    ],
)
def test_it_is_said(tmp_path, tex, words):
    assert Renderer({}, tmp_path).render(tex, False).words == words


def test_a_factor_that_is_struck_out_or_framed_is_said_so(tmp_path):
    mathml = Renderer({}, tmp_path).render(r"\frac{z}{\cancel{yz}}\,\boxed{y}", display=True).mathml
    assert spoken(mathml) == "z over crossed out y z end crossed out boxed y end boxed"
