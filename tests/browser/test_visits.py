"""What the visits saw on every page, in both themes, on a phone and on a desk; tests of the theme's sheet with it.

All of it is in one file, because one worker makes the visits: two browsers on two cores take longer than one.
"""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import GONE, MATCHING, poor_colours_of, the_theme_s_own, turn, violations_of

pytestmark = pytest.mark.browser

WIDTHS = pytest.mark.parametrize("width", ["phone", "desk"])
PAGE = 120_000  # bytes of a first visit, without figures
NOTEBOOK = 150_000


@WIDTHS
def test_no_page_complains_fails_a_request_or_leaves_the_site(visits, served, width):
    """Nor does its policy refuse anything that the page needs, its explorers included."""
    for address, visit in visits(width).items():
        assert visit.complaints == (), address
        asked = {urlsplit(url).netloc for url in (*visit.requests, *visit.explored)}
        assert asked == {urlsplit(served).netloc}, address


@WIDTHS
def test_no_page_is_wider_than_its_window(visits, width):
    assert {address: visit.overflow for address, visit in visits(width).items() if visit.overflow > 0} == {}


@WIDTHS
def test_axe_finds_nothing(visits, width):
    assert {address: visit.violations for address, visit in visits(width).items() if visit.violations} == {}


def test_axe_sees_a_strange_element_and_the_colours_of_a_page_that_has_turned(chromium, served):
    """Also where all other looks have been passed."""
    page = chromium.new_context(viewport={"width": 1280, "height": 860}, color_scheme="light").new_page()
    page.goto(served)
    page.evaluate(Axe().axe_script)
    page.evaluate("document.querySelector('article h1').style.color = 'rgb(60, 60, 60)'")
    light, dark = set(), set()
    assert violations_of(page) == poor_colours_of(page, light) == []
    turn(page, "dark")
    assert [rule for rule, _ in poor_colours_of(page, dark)] == ["color-contrast"]  # on nearly black
    assert len(dark) > 20
    page.evaluate("document.querySelector('article p').style.color = 'rgb(60, 60, 60)'")
    assert [rule for rule, _ in poor_colours_of(page, dark)] == ["color-contrast"]
    page.evaluate("document.querySelector('article h1').after(document.createElement('button'))")
    assert "button-name" in [rule for rule, _ in violations_of(page)]
    page.context.close()


@WIDTHS
def test_what_is_gone_from_the_sheet_matches_nothing_on_any_page(visits, width):
    """Search and menu are part of each page."""
    assert {address: visit.unstyled for address, visit in visits(width).items() if visit.unstyled} == {}


def test_the_test_above_can_fail(open_page, shorter):
    short = shorter.replace(".md-footer-meta{", ".md-other{")
    assert short != shorter
    page = open_page("")
    gone = page.evaluate(GONE, [the_theme_s_own(), short])
    assert len(gone) > 100
    assert page.evaluate(MATCHING, gone) == [".md-footer-meta"]


def test_a_third_of_the_theme_s_sheet_is_gone(shorter):
    assert len(shorter) < 0.67 * len(the_theme_s_own())


def _without_figures(urls):
    return [url for url in urls if not urlsplit(url).path.startswith("/assets/figures/")]


def test_no_page_is_heavier_than_its_budget(visits, wire):
    weights = {
        address: wire(_without_figures((*visit.requests, *visit.explored))) for address, visit in visits("desk").items()
    }
    assert min(weights.values()) > 50_000, "the theme alone weighs more: something was not counted"
    print(sorted(weights.items(), key=lambda item: -item[1])[:5])
    over = {
        address: weight
        for address, weight in weights.items()
        if weight > (NOTEBOOK if address == "notebook/" else PAGE)
    }
    assert over == {}


@WIDTHS
def test_nothing_moves_while_a_page_loads(visits, width):
    assert {address: visit.shift for address, visit in visits(width).items() if visit.shift} == {}


@pytest.mark.parametrize(("width", "way_in"), [("desk", ".md-search__input"), ("phone", "header label[for=__search]")])
def test_the_search_index_waits_for_a_search(visits, open_page, width, way_in):
    asked = {url for visit in visits("desk").values() for url in visit.requests}
    assert not [url for url in asked if "search" in url and not url.endswith("/search-later.js")]
    page = open_page("", width=width)
    with page.expect_response("**/search/search_index.json"):
        page.locator(way_in).first.click()
    page.locator(".md-search__input").fill("escape time")
    page.locator(".md-search-result__item").first.wait_for(state="visible", timeout=30000)
    assert page.complaints == []
