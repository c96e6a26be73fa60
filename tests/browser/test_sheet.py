"""The theme's sheet is shorter than the theme's own, and what is gone from it stands on no page."""

from importlib.resources import files

import pytest

from tests.browser.conftest import SETTLED, WIDTHS

pytestmark = pytest.mark.browser
# Of the selectors that one sheet has and the other has not, those that match something, whatever its state.
_MATCHING = """([whole, short]) => {
  const all = (rules) => [...rules].flatMap((rule) =>
    rule.selectorText ? rule.selectorText.split(/,(?![^()]*\\))/) : rule.cssRules ? all(rule.cssRules) : []);
  const selectors = (text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return new Set(all(sheet.cssRules).map((selector) => selector.trim()));
  };
  const kept = selectors(short);
  const gone = [...selectors(whole)].filter((selector) => !kept.has(selector));
  const states = /::?(before|after|marker|placeholder|backdrop|-[\\w-]+)|:(hover|focus(-\\w+)?|active|checked|target)/g;
  const bare = (selector) => selector.replace(states, "").trim().replace(/^(?=[>+~])/, "* ") || "*";
  return [gone.length, gone.filter((selector) => document.querySelector(bare(selector)))];
}"""


def the_theme_s_own():
    folder = files("material") / "templates" / "assets" / "stylesheets"
    return next(f.read_text("utf-8") for f in folder.iterdir() if f.name.startswith("main.") and f.suffix == ".css")


@pytest.fixture
def matching(chromium, served, site, addresses):
    """Per page, of the selectors that a sheet lacks those that match an element; search and menu are part of each."""
    context = chromium.new_context(viewport=dict(zip(("width", "height"), WIDTHS["desk"], strict=True)))
    page = context.new_page()

    def found(short, pages):
        matched = {}
        for address in pages:
            page.goto(f"{served}{address}")
            page.evaluate(SETTLED)
            count, selectors = page.evaluate(_MATCHING, [the_theme_s_own(), short])
            assert count > 0
            matched[address] = selectors
        return {address: selectors for address, selectors in matched.items() if selectors}

    yield found
    context.close()


def shorter(site):
    (sheet,) = (site / "assets" / "stylesheets").glob("main.*.css")
    return sheet.read_text(encoding="utf-8")


def test_what_is_gone_from_the_sheet_matches_nothing_on_any_page(matching, site, addresses):
    assert matching(shorter(site), addresses) == {}


def test_the_test_above_can_fail(matching, site):
    short = shorter(site).replace(".md-footer-meta{", ".md-other{")
    assert short != shorter(site)
    assert matching(short, [""]) == {"": [".md-footer-meta"]}


def test_a_third_of_the_theme_s_sheet_is_gone(site):
    assert len(shorter(site)) < 0.67 * len(the_theme_s_own())
