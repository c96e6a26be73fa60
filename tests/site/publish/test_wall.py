"""The wall of equations: each once, drawn as on its page, with the words that filter it."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from mseclf.site.defect import Defect, Rule
from mseclf.site.formulas import Renderer
from mseclf.site.page import read_page
from mseclf.site.proofs import Binding, Status, Verdict
from mseclf.site.publish.wall import Wall, drawing

PAGE = read_page(
    "docs/beyond/a.md",
    "# A *b*\n\n<!-- eq: one -->\n```math\nz < 1\n```\n\n<!-- eq: two -->\n```math\n\\frac{y}{2}\n```\n",
)
BINDING = Binding("mseclf.losses.MSE.gradient_theta", "mseclf/losses.py", 12, 10, 1e-9)


@pytest.fixture(scope="module")
def renderer():
    return Renderer({})


def made(formula):
    one, two = PAGE.equations
    verdicts = [
        Verdict(one, Status.REFUTED),
        Verdict(two, Status.PROVED, binding=BINDING),
    ]
    wall = Wall({PAGE.path: PAGE}, lambda page: "A <b>", formula, lambda verdict: "by & for")
    return wall.markdown(verdicts, "Two.", "###")


def test_each_display_is_a_card_that_leads_to_it(renderer):
    text = made(lambda equation: renderer.render(equation.tex, True))
    assert "### A &#60;b&#62;\n" in text
    cards = LexborHTMLParser(text).css("ul.wall > li")
    assert [card.attributes["data-status"] for card in cards] == ["refuted", "proved"]
    assert [card.attributes["data-function"] for card in cards] == ["", "MSE.gradient_theta"]
    assert [card.attributes["data-page"] for card in cards] == ["beyond/a"] * 2
    assert [card.css_first("a").attributes["href"] for card in cards] == [
        f"../beyond/a/#eq-{n}" for n in ("one", "two")
    ]
    assert [card.css_first("img").attributes["alt"] for card in cards] == ["z < 1", "y/2"]
    assert cards[1].css("a")[1].attributes["href"] == "../source/losses/#line-12"
    assert "(2) Proved, by & for" in " ".join(cards[1].text().split())


@pytest.mark.parametrize(("drawn", "shown"), [(True, 'alt="y/2"'), (False, "$$\n\\frac{y}{2}\n$$")])
def test_the_reference_gets_what_a_function_agrees_with(renderer, drawn, shown):
    """The first display that it agrees with; never one that is wrong."""
    one, two = PAGE.equations
    wall = Wall({PAGE.path: PAGE}, lambda page: "A", lambda e: renderer.render(e.tex, True), lambda verdict: "")
    refuted = Verdict(one, Status.REFUTED, binding=BINDING)
    first, later = (Verdict(e, Status.PROVED, binding=BINDING) for e in (two, one))
    found = wall.formulas([refuted, first, later, Verdict(one, Status.PROVED)], drawn)
    assert found.keys() == {"MSE.gradient_theta"}
    assert shown in found["MSE.gradient_theta"]
    assert "[(2) in A](beyond/a.md#eq-two)" in found["MSE.gradient_theta"]


def test_the_filters_offer_what_there_is_and_nothing_else(renderer):
    text = made(lambda equation: renderer.render(equation.tex, True))
    offered = {
        select.attributes["data-filter"]: [option.attributes["value"] for option in select.css("option")]
        for select in LexborHTMLParser(text).css("select")
    }
    assert offered == {
        "status": ["", "proved", "refuted"],
        "page": ["", "beyond/a"],
        "function": ["", "MSE.gradient_theta"],
    }


def test_a_drawing_is_whole(renderer):
    svg = drawing(renderer.render(r"\frac{y}{2} = \hat y", True))
    used = set(re.findall(r'href="#([^"]+)"', svg))
    assert used == set(re.findall(r'<path id="([^"]+)"', svg))
    width, height = (int(re.search(rf'{side}="(\d+)"', svg)[1]) for side in ("width", "height"))
    box = [float(number) for number in re.search(r'viewBox="([^"]+)"', svg)[1].split()]
    assert width / height == pytest.approx(box[2] / box[3], rel=0.05)


def test_what_cannot_be_drawn_is_shown_as_text():
    text = made(lambda equation: Defect(equation.place, Rule.TYPESETTING, "no"))
    assert "<code>z &lt; 1</code>" in text
    assert "<img" not in text
