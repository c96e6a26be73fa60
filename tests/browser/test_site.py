"""The built site in headless Chromium: what a reader gets, in both themes, on a phone, and without JavaScript."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from mseclf.pages import read_page

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.browser

WIDTHS = {"phone": (360, 740), "desk": (1280, 860)}


@pytest.fixture(scope="session")
def addresses(site):
    return sorted(path.parent.relative_to(site).as_posix().removeprefix(".") for path in site.rglob("index.html"))


@pytest.fixture
def open_page(chromium, served):
    """Open an address; what the browser complains of, and each request, is kept on the page."""
    contexts = []

    def open_at(address, scheme="light", width="desk", scripts=True):
        size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
        context = chromium.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.requests = [], []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("requestfailed", lambda request: page.complaints.append(f"failed: {request.url}"))
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(f"{served}{address}")
        return page

    yield open_at
    for context in contexts:
        context.close()


def test_no_page_complains_fails_a_request_or_leaves_the_site(open_page, addresses, served):
    for address in addresses:
        page = open_page(address)
        page.wait_for_load_state("networkidle")
        assert page.complaints == [], address
        assert {urlsplit(url).netloc for url in page.requests} == {urlsplit(served).netloc}, address
        page.context.close()


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


def test_no_layout_shift(open_page):
    for address in ("", "demonstration/", "beyond/curvature/"):
        page = open_page(address, width="phone")
        page.wait_for_load_state("networkidle")
        shift = page.evaluate(
            "new Promise(done => { let sum = 0; new PerformanceObserver(list => {"
            " for (const entry of list.getEntries()) sum += entry.value; })"
            ".observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 300); })"
        )
        assert shift == 0, address


def test_no_page_is_wider_than_a_phone(open_page, addresses):
    for address in addresses:
        page = open_page(address, width="phone")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        page.context.close()


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


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, addresses, scheme, width):
    axe = Axe()
    found = {}
    for address in addresses:
        page = open_page(address, scheme=scheme, width=width)
        results = axe.run(page)
        if results.violations_count:
            found[address] = [
                (rule["id"], [node["html"][:120] for node in rule["nodes"][:3]])
                for rule in results.response["violations"]
            ]
        page.context.close()
    assert found == {}


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


def test_search_finds_a_term(open_page):
    page = open_page("")
    page.keyboard.press("f")
    page.locator(".md-search__input").fill("vanishing gradient")
    first = page.locator(".md-search-result__item").first
    first.wait_for(state="visible", timeout=15000)
    assert "gradient" in first.inner_text().lower()
