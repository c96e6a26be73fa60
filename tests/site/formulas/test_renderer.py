import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from mseclf.site.formulas import Renderer, TexError, glyph_sheet
from mseclf.site.formulas.mathjax import MathJax

FORMULAS = [
    r"\hat y - y",
    r"\mathrm{MSE} = \frac{1}{m} \sum_{i=1}^{m} \lVert y^{(i)} \rVert^2",
    r"\begin{aligned} a &= b \\ &\le c \end{aligned}",
    r"\begin{cases} a & y = 1 \\ b & y = 0 \end{cases}",
    r"\left. \frac{\partial^2 L}{\partial z^2} \right|_{z = 0}, \quad \mathbb{E}, \mathcal{L}, \boldsymbol{\theta}",
    r"\sqrt{x} \ne \int_{-a}^{0} e^{-z} \, dz \sim \arg\max_p",
]


@pytest.fixture(scope="module")
def renderer():
    return Renderer({"R": r"\mathbb{R}"})


@pytest.mark.parametrize("tex", FORMULAS)
@pytest.mark.parametrize("display", [True, False])
def test_every_outline_that_is_used_is_on_the_sheet(renderer, tex, display):
    """A letter without an outline is invisible: \\mathrm{MSE} once came out as M."""
    formula = renderer.render(tex, display)
    used = re.findall(r'href="#([^"]+)"', formula.svg)
    offered = re.findall(r'id="([^"]+)"', glyph_sheet([formula]))
    assert used
    assert set(used) == set(offered)
    assert len(offered) == len(set(offered))
    assert formula.svg.count("<use") == len(used)


def test_as_many_letters_are_drawn_as_mathjax_draws(renderer):
    raw = MathJax({}).convert(FORMULAS[1], True)["svg"]
    assert renderer.render(FORMULAS[1], True).svg.count("<use") == raw.count("<use")


def _drawn(svg):
    """Each glyph and bar with its position and scale on the drawing, and by how many moves it came there."""
    names, sheet = re.compile(r"(?:MJX-\d+-TEX-|tex-)(.*)"), []

    def walk(element, x, y, scale, moves):
        if element.tag == "defs":
            return
        for kind, inside in re.findall(r"(\w+)\(([^)]*)\)", element.get("transform", "")):
            numbers = [float(number) for number in re.split(r"[ ,]+", inside)]
            moves += kind == "translate"
            if kind == "translate":
                x, y = x + scale * numbers[0], y + scale * (numbers[1] if len(numbers) > 1 else 0)
            elif numbers != [1, -1]:
                scale *= numbers[0]
        if element.tag == "use":
            link = next(value for key, value in element.attrib.items() if key.endswith("href"))
            sheet.append((names.search(link)[1], x, y, scale, moves))
        if element.tag == "rect":
            x, y = x + scale * float(element.get("x", 0)), y + scale * float(element.get("y", 0))
            sheet.append(("rect", x, y, scale, moves + 1))
        for child in element:
            walk(child, x, y, scale, moves)

    walk(ElementTree.fromstring(re.sub(r' (?:xmlns|xlink)(?::xlink)?="[^"]*"|xlink:', " ", svg)), 0.0, 0.0, 1.0, 0)
    return sheet


@pytest.mark.parametrize("tex", FORMULAS)
def test_every_glyph_is_where_mathjax_puts_it(renderer, tex):
    """Each move is rounded to a thousandth of an em, so it is wrong by half of one at most."""
    raw = MathJax({}).convert(tex, True)["svg"]
    mine, theirs = _drawn(renderer.render(tex, True).svg), _drawn(raw)
    assert [glyph for glyph, *_ in mine] == [glyph for glyph, *_ in theirs]
    for (_, x, y, scale, _), (_, *there, moves) in zip(mine, theirs, strict=True):
        assert (x, y) == pytest.approx(there[:2], abs=0.5 * moves)
        assert scale == there[2]


def test_no_group_is_without_a_purpose(renderer):
    svg = renderer.render(FORMULAS[3], True).svg
    assert "<g>" not in svg
    assert not re.search(r"<g[^>]*></g>", svg)


def test_the_meaning_is_kept_for_screen_readers(renderer):
    formula = renderer.render(r"\frac{1}{2}", True)
    assert "<mrow><mi>" not in renderer.render(r"a^{b} + {c}", False).mathml
    assert formula.mathml == (
        '<math display="block"><semantics><mrow><mfrac><mn>1</mn><mn>2</mn></mfrac></mrow>'
        r'<annotation encoding="application/x-tex">\frac{1}{2}</annotation></semantics></math>'
    )
    assert 'aria-hidden="true"' in formula.svg


def test_a_letter_with_an_accent_is_one_symbol(renderer):
    assert "<mi>ŷ</mi>" in renderer.render(r"\hat y^{2}", False).mathml
    assert '<mi mathvariant="bold">ŷ</mi>' in renderer.render(r"\hat{\mathbf{y}}", False).mathml
    assert "<mi>z\u20d7</mi>" in renderer.render(r"\vec z", False).mathml


def test_its_text_is_its_plain_reading_and_nothing_else(renderer):
    html = renderer.render(r"\frac{1}{4} < \hat y", False).html
    assert " ".join(re.sub("<[^>]*>", "", html).split()) == "1/4 &lt; ŷ"
    assert 'role="math" aria-label="1 over 4 is less than y hat"' in html


def test_a_macro_of_the_notation_is_known(renderer):
    assert "ℝ" in renderer.render(r"\R", False).mathml or "R" in renderer.render(r"\R", False).mathml


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"\unknown", r"Undefined control sequence \unknown"),
        (r"\frac{a}", r"Missing argument for \frac"),
        ("{a", "Extra open brace or missing close brace"),
        ("a & b", "Misplaced &"),
        ("x^2^3", "Double exponent: use braces to clarify"),
        (r"\begin{nothing}\end{nothing}", "Unknown environment 'nothing'"),
        (r"\href{javascript:alert(1)}{x}", r"Undefined control sequence \href"),
        (r"\require{html}", r"Undefined control sequence \require"),
        (r"\class{x}{y}", r"Undefined control sequence \class"),
        (r"\style{color: red}{y}", r"Undefined control sequence \style"),
    ],
)
def test_what_mathjax_refuses_is_refused_in_its_words(renderer, tex, message):
    with pytest.raises(TexError) as caught:
        renderer.render(tex, True)
    assert str(caught.value) == message


def test_text_in_a_formula_cannot_become_markup(renderer):
    html = renderer.render(r"\mathrm{<script>alert(1)</script>}", False).html
    assert "<script" not in html


def test_the_memory_answers_without_mathjax(tmp_path, monkeypatch):
    expected = Renderer({}, tmp_path).render("a + b", True)
    monkeypatch.setattr("mseclf.site.formulas.mathjax.MathJax", None)
    assert Renderer({}, tmp_path).render("a + b", True) == expected
    with pytest.raises(TypeError):
        Renderer({}, tmp_path).render("a + b", False)


@pytest.mark.parametrize("damage", [b"", b"{", b"\0", b'{"svg": "", "mathml": "", "outlines": {}}'])
def test_a_damaged_memory_is_made_again(tmp_path, damage):
    expected = Renderer({}, tmp_path).render("a", True)
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(damage)
    assert Renderer({}, tmp_path).render("a", True) == expected
    assert entry.read_bytes() != damage


def test_what_was_drawn_with_other_macros_is_not_used(tmp_path):
    Renderer({"f": "a"}, tmp_path).render(r"\f", True)
    assert "b" in Renderer({"f": "b"}, tmp_path).render(r"\f", True).mathml


def test_a_memory_that_cannot_be_written_costs_nothing_but_time(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("")
    assert Renderer({}, blocker / "formulas").render("a", True) == Renderer({}).render("a", True)


def test_an_engine_that_lives_to_the_end_does_not_keep_python_from_ending():
    program = "from mseclf.site.formulas.mathjax import MathJax; engine = MathJax({}); engine.width('x')"
    runs = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(4)]  # without a remedy two of three hang
    try:
        assert [run.wait(60) for run in runs] == [0] * 4
    finally:
        for run in runs:
            run.kill()
