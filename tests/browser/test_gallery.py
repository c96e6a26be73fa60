"""The gallery's pages: what is seen, where it is used, and the place in the menu."""

import math

import pytest

from mseclf.site.run.svg import THEME

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("address", "owner"), [("gallery/landscape/", "Gallery"), ("source/losses/", "API"), ("gallery/", "Gallery")]
)
def test_a_page_that_the_menu_does_not_have_is_marked_at_its_owner(open_page, address, owner):
    page = open_page(address)
    marked = page.locator(".md-nav--primary .md-nav__item--active:not(.md-nav__item--nested) > a.md-nav__link")
    assert [text.strip() for text in marked.all_inner_texts()] == [owner]
    assert marked.first.is_visible()
    plain = page.locator(".md-nav--primary a.md-nav__link", has_text="FAQ").first
    weight = "link => getComputedStyle(link).fontWeight"
    assert int(marked.first.evaluate(weight)) > int(plain.evaluate(weight))


def test_a_function_leads_to_an_example_and_the_example_back(open_page):
    page = open_page("reference/")
    used = page.locator("details.used").last
    used.locator("summary").click()
    used.get_by_role("link").first.click()
    page.wait_for_url("**/gallery/*/")
    page.locator("article p", has_text="It uses").get_by_role("link").first.click()
    page.wait_for_url("**/reference/#mseclf.*")
    assert page.complaints == []


def test_long_tables_of_values_are_folded(open_page):
    page = open_page("gallery/peers/", width="phone")
    table = page.locator(".table").first
    assert not table.is_visible()
    page.locator("details.used > summary", has_text="values").press("Enter")
    assert table.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_figure_is_turned_on_a_dark_page_each_colour_to_its_own(open_page):
    """WebKit shows a file's picture in its light colours, whatever the page asks: the page turns them."""
    page = open_page("gallery/", scheme="dark")
    turned = page.evaluate(
        """(colours) => {
      const ink = new OffscreenCanvas(1, 1).getContext("2d");
      ink.filter = getComputedStyle(document.querySelector(".gallery img")).filter;
      return colours.map((colour) => {
        ink.fillStyle = colour;
        ink.fillRect(0, 0, 1, 1);
        return [...ink.getImageData(0, 0, 1, 1).data].slice(0, 3);
      });
    }""",
        [light for _, light, _ in THEME.values()],
    )
    dark = [tuple(bytes.fromhex(dark.removeprefix("#"))) for _, _, dark in THEME.values()]
    assert [min(dark, key=lambda tone, seen=seen: math.dist(tone, seen)) for seen in turned] == dark
