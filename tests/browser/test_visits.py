"""What the visits saw on every page, in both themes, on a phone and on a desk.

All of it is in one file, because one worker makes the visits: two browsers on two cores take longer than one.
"""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import violations_of

pytestmark = pytest.mark.browser

THEMES = [(scheme, width) for scheme in ("light", "dark") for width in ("phone", "desk")]
PAGE = 120_000  # bytes of a first visit, without figures
NOTEBOOK = 150_000


@pytest.mark.parametrize(("scheme", "width"), THEMES)
def test_no_page_complains_fails_a_request_or_leaves_the_site(visits, served, scheme, width):
    """Nor does its policy refuse anything that the page needs, its explorers included."""
    for address, visit in visits(scheme, width).items():
        assert visit.complaints == (), address
        asked = {urlsplit(url).netloc for url in (*visit.requests, *visit.explored)}
        assert asked == {urlsplit(served).netloc}, address


@pytest.mark.parametrize(("scheme", "width"), THEMES)
def test_no_page_is_wider_than_its_window(visits, scheme, width):
    assert {address: visit.overflow for address, visit in visits(scheme, width).items() if visit.overflow > 0} == {}


@pytest.mark.parametrize(("scheme", "width"), THEMES)
def test_axe_finds_nothing(visits, scheme, width):
    assert {address: visit.violations for address, visit in visits(scheme, width).items() if visit.violations} == {}


def test_axe_sees_the_colours_of_a_page_and_what_differs_from_its_other_theme(chromium, served):
    """A page of the same shape is asked for its colours only: both a poor colour and a strange element are found."""
    page = chromium.new_context(viewport={"width": 1280, "height": 860}, color_scheme="dark").new_page()
    page.goto(served)
    page.evaluate("document.querySelector('article h1').style.color = 'rgb(60, 60, 60)'")  # on nearly black
    assert [rule for rule, _ in violations_of(page, Axe().axe_script, only_colours=True)] == ["color-contrast"]
    page.evaluate("document.querySelector('article h1').after(document.createElement('button'))")
    assert "button-name" in [rule for rule, _ in violations_of(page, Axe().axe_script, only_colours=False)]
    page.context.close()


def _without_figures(urls):
    return [url for url in urls if not urlsplit(url).path.startswith("/assets/figures/")]


def test_no_page_is_heavier_than_its_budget(visits, wire):
    weights = {
        address: wire(_without_figures((*visit.requests, *visit.explored)))
        for address, visit in visits("light", "desk").items()
    }
    assert min(weights.values()) > 50_000, "the theme alone weighs more: something was not counted"
    print(sorted(weights.items(), key=lambda item: -item[1])[:5])
    over = {
        address: weight
        for address, weight in weights.items()
        if weight > (NOTEBOOK if address == "notebook/" else PAGE)
    }
    assert over == {}


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_nothing_moves_while_a_page_loads(visits, width):
    assert {address: visit.shift for address, visit in visits("light", width).items() if visit.shift} == {}


@pytest.mark.parametrize(("width", "way_in"), [("desk", ".md-search__input"), ("phone", "header label[for=__search]")])
def test_the_search_index_waits_for_a_search(visits, open_page, width, way_in):
    asked = {url for visit in visits("light", "desk").values() for url in visit.requests}
    assert not [url for url in asked if "search" in url and not url.endswith("/search-later.js")]
    page = open_page("", width=width)
    with page.expect_response("**/search/search_index.json"):
        page.locator(way_in).first.click()
    page.locator(".md-search__input").fill("escape time")
    page.locator(".md-search-result__item").first.wait_for(state="visible", timeout=30000)
    assert page.complaints == []
