"""The built site in headless Chromium: what a reader gets, in both themes, on a phone, and without JavaScript."""

from pathlib import Path

import pytest

from mseclf.pages import read_page

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_every_formula_is_there_at_the_first_paint(open_page, scripts):
    source = read_page("docs/demonstration.md", (ROOT / "docs/demonstration.md").read_text(encoding="utf-8"))
    page = open_page("demonstration/", scripts=scripts)
    displays = page.locator(".tex-display > svg")
    assert displays.count() == len(source.equations)
    for number in range(displays.count()):
        box = displays.nth(number).evaluate("svg => [svg.getBoundingClientRect().width, svg.clientHeight]")
        folded = displays.nth(number).evaluate("svg => svg.closest('details:not([open])') !== null")
        assert folded or min(box) > 8, f"display {number + 1}"


def test_the_dark_scheme_needs_no_script(open_page):
    """Text and background without JavaScript are those of the dark scheme with it."""
    colours = (
        "() => [document.body, document.querySelector('h1'), document.querySelector('.md-header'),"
        " document.querySelector('.md-content a')].map(e => getComputedStyle(e))"
        ".map(s => [s.color, s.backgroundColor])"
    )
    without = open_page("demonstration/", scheme="dark", width="phone", scripts=False)
    plain = without.evaluate(colours)
    dark = open_page("demonstration/", scheme="dark", width="phone").evaluate(colours)
    light = open_page("demonstration/", scheme="light", width="phone").evaluate(colours)
    assert plain == dark
    assert plain != light


def test_the_scheme_is_the_systems_until_the_reader_chooses(open_page):
    page = open_page("demonstration/", scheme="dark")
    button = page.get_by_role("button", name="Dark theme")

    def becomes(scheme):
        pressed = {"slate": "true", "default": "false"}[scheme]
        page.locator(f'[data-md-color-scheme="{scheme}"] .scheme-switch[aria-pressed="{pressed}"]').wait_for()

    becomes("slate")
    page.emulate_media(color_scheme="light")
    becomes("default")
    button.focus()
    page.keyboard.press("Enter")
    becomes("slate")
    page.reload()
    becomes("slate")
    assert page.evaluate("document.querySelector('meta[name=color-scheme]').content") == "dark"
    button.click()
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("matchMedia('(prefers-color-scheme: dark)').matches")
    becomes("default")


def test_a_dark_page_is_never_light_first(chromium, served):
    """The scheme is there before any script that is a file: here they never come."""
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"{served}demonstration/")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="light")
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != background
    context.close()


def test_an_equation_opens_by_keyboard_and_says_what_was_checked(open_page):
    page = open_page("demonstration/")
    summary = page.locator("#eq-mse-gradient .equation-more > summary")
    summary.focus()
    page.keyboard.press("Enter")
    facts = page.locator("#eq-mse-gradient .equation-facts")
    assert facts.is_visible()
    assert "Proved" in facts.inner_text()
    assert page.locator("#eq-mse-gradient .equation-tex").inner_text().startswith("\\frac")


def test_a_link_to_an_equation_in_a_folded_proof_unfolds_it(open_page):
    page = open_page("demonstration/#eq-sigmoid-derivative-proof")
    assert page.locator("#eq-sigmoid-derivative-proof").is_visible()
