"""Formulas as one line of text: nothing is lost, and products stay inside their fraction or power."""

import pytest

from mseclf.publish.linear import linear
from mseclf.rendering import Renderer


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    renderer = Renderer({}, tmp_path_factory.mktemp("tex") / "tex.json")
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
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a = b; = c"),
        (r"\vec z \odot \vec y", "z⃗ ⊙ y⃗"),
    ],
)
def test_text_of(read, tex, text):
    assert read(tex) == text


def test_an_unknown_element_is_refused():
    with pytest.raises(ValueError, match="no words for the MathML element <mglyph>"):
        linear("<math><mglyph/></math>")
