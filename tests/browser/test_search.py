"""The search in headless Chromium: words, formulas, the names of equations."""

import re
from pathlib import Path

import pytest

from tests.browser.conftest import jump, until

pytestmark = pytest.mark.browser

BOX = ".md-search__input"
# Of each page in the list of results, in order: the addresses that are shown without unfolding anything.
_RESULTS = """() => [...document.querySelectorAll(".md-search-result__item")].map((item) =>
  [...item.querySelectorAll(":scope > a")].map((link) => new URL(link.href))
    .map(({ pathname, search, hash }) => `${pathname.slice(1)}${search}${hash}`))"""


@pytest.fixture(scope="module")
def searching(chromium, served):
    """Ask for results: ``searching("Adam")`` is a list of pages, each a list of addresses; the page stays open."""
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(served)

    def results(query):
        page.locator(BOX).fill("")
        page.locator(".md-search-result__item").first.wait_for(state="detached", timeout=30000)
        page.locator(BOX).fill(query)
        page.locator(".md-search-result__item").first.wait_for(state="visible", timeout=30000)
        assert complaints == []
        return page.evaluate(_RESULTS)

    yield results
    context.close()


WORDS = {
    "vanishing gradient": "faq/",
    "escape time": "beyond/escape-time/",
    "convex": "beyond/curvature/",
    "Brier": "faq/",
    "log loss": "faq/",
    "label noise": "beyond/statistics/",
    "Adam": "beyond/escape-time/",
    "softmax": "beyond/softmax/",
    "float32": "beyond/finite-precision/",
    "local minima": "beyond/curvature/",
    "maximum likelihood": "beyond/statistics/",
    "PyTorch": "practice/",
    "mse_gradient_logit": "reference/",
    "curvature": "beyond/curvature/",
    "how to cite": "cite/",
}


@pytest.mark.parametrize("query", WORDS)
def test_the_page_that_a_reader_wants_is_among_the_first_three(searching, query):
    assert WORDS[query] in [addresses[0].split("?")[0] for addresses in searching(query)[:3]]


_LINES = Path(__file__).with_name("questions.tsv").read_text(encoding="utf-8").splitlines()
QUESTIONS = dict(line.split("\t") for line in _LINES if not line.startswith("#"))


@pytest.mark.parametrize("query", QUESTIONS)
def test_who_types_a_question_sees_the_section_that_answers_it(searching, query):
    seen = [re.sub(r"\?[^#]*", "", address) for addresses in searching(query)[:3] for address in addresses]
    assert [address for address in seen if address.startswith(tuple(QUESTIONS[query].split()))], seen


@pytest.mark.parametrize("query", ["logit", "sigmoid", "gradient flow", "Hessian", "proper scoring rule"])
def test_a_word_of_the_field_leads_to_where_it_is_explained(searching, query):
    assert "glossary/" in [addresses[0] for addresses in searching(query)[:3]]


@pytest.mark.parametrize(
    "query",
    [
        r"\frac{\partial L_{\mathrm{MSE}}}{\partial z} = \left(\hat y - y\right)\hat y\left(1-\hat y\right)",
        r"\frac{\partial L_{\text{MSE}}}{\partial z}=(\hat{y}-y)\,\hat{y}(1-\hat{y})",
        r"$$ \dfrac{ \partial L_{MSE} }{ \partial z }  =  ( \hat y - y ) \hat y ( 1 - \hat y ) . $$",
        pytest.param(r"\frac{\partial L}{\partial z} = (\hat y - y) \hat y (1 - \hat y)", id="a letter less"),
    ],
)
def test_a_formula_s_tex_finds_the_equation_however_it_is_spaced(searching, query):
    assert searching(query)[0] == ["demonstration/", "demonstration/#eq-mse-gradient-logit"]


@pytest.mark.parametrize("query", [r"\frac{1}{2}", r"\frac12", r"\hat y (1 - \hat y)", r"$\hat{y}(1-\hat{y})$"])
def test_a_part_of_a_formula_finds_equations_first(searching, query):
    found = searching(query)
    assert len(found) > 3
    assert all("/#eq-" in addresses[1] for addresses in found[:3])


@pytest.mark.parametrize("query", ["eq-mse-gradient", " eq-mse-gradient", "https://example.org/x/#eq-mse-gradient"])
def test_an_equation_s_name_finds_it(searching, query):
    assert searching(query)[0] == ["demonstration/", "demonstration/#eq-mse-gradient"]


def test_tex_that_stands_on_no_page_is_no_error(searching):
    assert searching(r"\operatorname{softmax}_{\clubsuit}")


def test_a_result_leads_to_the_equation_and_unfolds_its_proof(open_page):
    page = open_page("demonstration/")
    for name in ("eq-sigmoid-derivative-proof", "eq-mse-gradient"):  # the same page: nothing is loaded anew
        page.locator(BOX).fill(name)
        with jump(page):
            page.locator(f'.md-search-result__item a[href$="demonstration/#{name}"]').first.click()
        page.wait_for_url(f"**/demonstration/#{name}")
        equation = page.locator(f"#{name}")
        equation.wait_for(state="visible")
        until(page, f"Math.abs(document.getElementById('{name}').getBoundingClientRect().top) < innerHeight")
        page.locator(BOX).blur()
    assert page.complaints == []


def test_what_the_mouse_pastes_is_searched_at_once(open_page):
    page = open_page("")
    page.locator(BOX).click()
    page.wait_for_timeout(300)  # what the theme reads when the box gets the focus
    page.evaluate("document.execCommand('insertText', false, '\\\\frac{1}{2}')")  # as a paste does: input and no key
    page.locator(".md-search-result__item").first.wait_for(state="visible", timeout=30000)


def test_a_formula_can_be_shared_as_a_search(open_page):
    page = open_page("?q=eq-mse-gradient")
    page.locator('.md-search-result__item a[href$="#eq-mse-gradient"]').first.wait_for(state="visible", timeout=30000)


@pytest.mark.parametrize("width", [1000, 1280, 1440])
def test_the_search_ends_where_the_page_does(open_page, width):
    page = open_page("")
    page.set_viewport_size({"width": width, "height": 860})
    search, text = page.evaluate(
        "() => [document.querySelector('.md-search__form'), document.querySelector('.md-content__inner')]"
        ".map((element) => element.getBoundingClientRect().right)"
    )
    assert search == text
