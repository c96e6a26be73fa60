"""The content security policy in a real browser: everything works under it, and what was slipped in does not run."""

import re
import shutil
from pathlib import Path

import pytest

from tests.browser.conftest import SETTLED, WIDTHS, until
from tests.conftest import serve

pytestmark = pytest.mark.browser

# A script that marks the page if it runs, in the ways in which markup slips in.
INJECTED = {
    "inline": "<script>window.ran = 1</script>",
    "module": "<script type=module>window.ran = 1</script>",
    "handler": '<img src="/nothing.png" onerror="window.ran = 1">',
    "link": '<a id="bad" href="javascript:window.ran = 1">x</a>',
    "data": '<script src="data:text/javascript,window.ran = 1"></script>',
    "elsewhere": '<script src="http://localhost:9/x.js"></script>',
    "frame": '<iframe srcdoc="<script>parent.ran = 1</script>"></iframe>',
    "base": '<base href="http://localhost:9/">',
    "style": "<style>body { display: none !important }</style>",
}


@pytest.fixture
def copy(site, tmp_path):
    """The built site in a folder of the test's own: other tests look at the original at the same time."""
    return Path(shutil.copytree(site, tmp_path / "copy"))


@pytest.fixture
def refused(tabs, copy):
    """Write a page into the copy, open it, and return what was refused there, and the address of the copy."""
    with serve(copy) as address:

        def visit(body, refuses=False):
            folder = copy / "injected"
            folder.mkdir(exist_ok=True)
            page = (copy / "faq" / "index.html").read_text(encoding="utf-8")
            (folder / "index.html").write_text(page.replace("</article>", f"{body}</article>", 1), encoding="utf-8")
            page = tabs.take(*WIDTHS["desk"])
            page.goto(f"{address}injected/")
            if page.locator("#bad").count():
                page.locator("#bad").click()
            if refuses:
                until(page, "__refused.length > 0")
            page.evaluate(SETTLED)
            found = page.evaluate(
                "[window.ran, window.__refused, document.baseURI, getComputedStyle(document.body).display]"
            )
            return *found, address

        yield visit


def test_an_untouched_page_is_refused_nothing(refused):
    assert refused("")[:2] == (None, [])


@pytest.mark.parametrize("body", INJECTED.values(), ids=INJECTED)
def test_what_was_slipped_into_a_page_does_not_run(refused, body):
    # A frame's own document inherits the policy, and is told of the refusal in the page's stead.
    ran, _, base, display, address = refused(body, refuses="srcdoc" not in body)
    assert ran is None
    assert base.startswith(address)
    assert display != "none"


def test_the_test_above_can_fail(copy, refused):
    """Without its policy the page runs the script."""
    page = copy / "faq" / "index.html"
    original = page.read_text(encoding="utf-8")
    open_door = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", original)
    assert open_door != original
    page.write_text(open_door, encoding="utf-8")
    assert refused(INJECTED["inline"])[0] == 1


def test_everything_a_reader_does_is_allowed(open_page):
    page = open_page("demonstration/", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".md-search__input").fill("sigmoid")
    page.locator(".md-search-result__item a").first.wait_for(state="visible", timeout=30000)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?h="))
    page.go_back()
    before = page.evaluate("document.body.getAttribute('data-md-color-scheme')")
    page.get_by_role("button", name="Dark theme").click()
    assert page.evaluate("document.body.getAttribute('data-md-color-scheme')") != before
    page.locator("#eq-mse-gradient .equation-more > summary").click()
    page.get_by_role("button", name="Copy TeX").first.click()
    until(page, r"(await navigator.clipboard.readText()).startsWith('\\frac')")
    page.locator("#eq-mse-gradient").get_by_role("button", name="Cite", exact=True).click()
    assert page.locator("#eq-mse-gradient .equation-citation").is_visible()
    assert page.complaints == []


def test_the_page_for_lost_readers_helps(open_page, served):
    page = open_page("404.html")
    assert page.get_by_role("heading", level=1).inner_text() == "There is no page at this address"
    links = page.locator("article a")
    assert links.count() > 10
    addresses = links.evaluate_all("links => links.map(link => link.href)")
    assert f"{served}demonstration/" in addresses
    for address in addresses:
        assert page.request.get(address).ok, address
    page.keyboard.press("f")
    page.keyboard.type("escape time")
    page.locator(".md-search-result__item").first.wait_for(state="visible", timeout=30000)
    assert page.complaints == []
