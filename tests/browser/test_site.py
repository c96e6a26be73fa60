"""The built site in headless Chromium: what a reader gets, in both themes, on a phone, and without JavaScript."""

from pathlib import Path

import pytest

from mseclf.site.page import read_page

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_every_formula_is_there_at_the_first_paint(open_page, scripts):
    source = read_page("docs/demonstration.md", (ROOT / "docs/demonstration.md").read_text(encoding="utf-8"))
    page = open_page("demonstration/", scripts=scripts)
    seen = page.locator(".tex-display").evaluate_all(
        "all => all.map((display) => [display.closest('details:not([open])') !== null, Math.max("
        "...[...display.querySelectorAll(':scope > svg')].map((svg) => svg.getBoundingClientRect())"
        ".map((box) => Math.min(box.width, box.height)))])"
    )
    assert len(seen) == len(source.equations)
    assert [number for number, (folded, size) in enumerate(seen, 1) if not folded and not size > 8] == []


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


def test_a_dark_page_is_printed_dark_on_white(open_page):
    page = open_page("demonstration/", scheme="dark")
    light = open_page("demonstration/", scheme="light")
    colours = """() => ["body", "h1", "article p", "article a", "td", "pre"]
      .map((name) => getComputedStyle(document.querySelector(name))).map((s) => [s.color, s.backgroundColor])"""
    assert page.evaluate(colours) != light.evaluate(colours)
    for each in (page, light):
        each.emulate_media(media="print")
    assert page.evaluate(colours) == light.evaluate(colours)


def test_pointing_at_a_symbol_tells_its_meaning(open_page):
    page = open_page("demonstration/")
    formula = page.locator("#eq-mse-gradient .tex-display")
    formula.scroll_into_view_if_needed()
    formula.hover()
    page.locator("#eq-mse-gradient .tex[data-symbols]").wait_for()
    tip = page.get_by_role("tooltip")
    for glyph, meaning in (("1D703", "theta the parameters"), ("1D466", "y the label"), ("5E", "y_hat the prediction")):
        box = formula.locator(f'use[href$="{glyph}"]').first.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        tip.filter(has_text=meaning).wait_for()
    assert tip.bounding_box()["y"] > formula.bounding_box()["y"] + formula.bounding_box()["height"]
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    assert page.complaints == []


def test_an_equation_s_panel_lists_its_symbols(open_page):
    page = open_page("demonstration/", width="phone")
    page.locator("#eq-mse-gradient summary").press("Enter")
    listed = page.locator("#eq-mse-gradient .equation-facts li:not(.factor)")
    listed.first.wait_for()
    names = [text.split()[0] for text in listed.all_inner_texts()]
    assert names == ["L", "theta", "y", "y_hat", "x"]
    assert "ŷ = σ(z)" in listed.nth(3).inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_panel_names_the_factors_and_marks_them_in_the_drawing(open_page, scheme):
    """By a colour and by a line of its own; a panel that is closed leaves the drawing as it was."""
    page = open_page("demonstration/", scheme=scheme)
    equation = page.locator("#eq-mse-gradient-logit")
    looks = "all => all.map(one => getComputedStyle(one)).map(style => [style.fill, style.display])"
    plain = equation.locator(".tex-display use").evaluate_all(looks)
    assert len({fill for fill, _ in plain}) == 1
    equation.locator("summary").press("Enter")
    factors = equation.locator("li.factor")
    factors.first.wait_for()
    assert [text.split(" is ")[0] for text in factors.all_inner_texts()] == ["the residual", "the slope of the sigmoid"]
    assert equation.locator(".factor-line").count() == 2
    assert len({fill for fill, _ in equation.locator(".tex-display use").evaluate_all(looks)}) == 3
    factors.nth(1).get_by_role("link").click()
    page.wait_for_url("**/demonstration/#eq-sigmoid-derivative")
    equation.locator("summary").press("Enter")
    assert equation.locator(".tex-display use").evaluate_all(looks) == plain
    assert {display for _, display in equation.locator(".factor-line").evaluate_all(looks)} == {"none"}


def test_what_only_looks_like_a_factor_is_not_named(open_page):
    """Its square is not the slope, and a difference that goes on is not the residual."""
    page = open_page("beyond/curvature/")
    equation = page.locator("#eq-curv-positive")
    equation.locator("summary").press("Enter")
    equation.locator("li").first.wait_for()
    assert equation.locator("li.factor").count() == 0


def test_an_open_panel_takes_the_whole_width(open_page):
    for width in ("desk", "phone"):
        page = open_page("demonstration/", width=width)
        page.locator("#eq-mse-gradient summary").press("Enter")
        whole, panel = (page.locator(f"#eq-mse-gradient{part}").bounding_box() for part in ("", " .equation-facts"))
        assert panel["width"] == pytest.approx(whole["width"], abs=1)


def test_what_is_revealed_on_the_review_is_in_the_address(open_page):
    page = open_page("review/")
    reveals = page.locator("details.reveal")
    for number in (1, 3):
        reveals.nth(number - 1).locator("summary").first.click()
    page.wait_for_url("**/review/?open=1.3")
    page.reload()
    assert reveals.evaluate_all("all => all.flatMap((one, i) => one.open ? [i + 1] : [])") == [1, 3]
    reveals.nth(2).locator("summary").first.click()
    page.wait_for_url("**/review/?open=1")
    strange = open_page("review/?open=0.999.x")
    assert not any(strange.locator("details.reveal").evaluate_all("all => all.map(one => one.open)"))
    assert page.complaints == strange.complaints == []


def test_no_page_is_wider_than_a_phone_without_scripts(open_page, served, addresses):
    page = open_page("", width="phone", scripts=False)
    widths = {}
    for address in addresses:
        page.goto(f"{served}{address}")
        widths[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: width for address, width in widths.items() if width > 360} == {}


def test_without_scripts_the_explorers_page_says_that_they_are_needed(open_page):
    for scripts in (True, False):
        page = open_page("explore/", scripts=scripts)
        assert page.get_by_text("They need scripts.").is_visible() is not scripts


@pytest.mark.parametrize("address", ["practice/", "demonstration/", "gallery/adam/", "notebook/"])
def test_a_figure_goes_from_edge_to_edge_of_a_phone(open_page, address):
    """The size of the letters in a figure counts on it: see tests/test_figures.py."""
    page = open_page(address, width="phone")
    edges = "all => all.map(image => image.getBoundingClientRect()).map(box => [box.left, box.right])"
    boxes = page.locator("figure.example img").evaluate_all(edges)
    assert boxes
    assert all(box == [0, 360] for box in boxes)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_page_opened_from_disk_says_what_the_site_needs(chromium, site, served):
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    said = "getComputedStyle(document.querySelector('.md-container'), '::before').content"
    page.goto((site / "demonstration" / "index.html").as_uri())
    assert "python3 -m http.server" in page.evaluate(said)
    page.goto(f"{served}demonstration/")
    assert page.evaluate(said) == "none"
    page.close()
