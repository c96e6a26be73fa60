"""Keyboard alone: Tab reaches everything that can be clicked, shows where it is, and never gets stuck."""

import pytest

from tests.browser.conftest import jump, until

pytestmark = pytest.mark.browser

# Everything that a mouse could work and that is on the screen; labels of the theme's own boxes have a key instead.
_WORKS = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [role=slider]")]
  .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true })
    && !e.closest("[inert], [hidden]") && !(e.type === "radio" && !e.checked))
  .map((e) => { e.dataset.seen ??= String(window.__n = (window.__n ?? 0) + 1); return e.dataset.seen; })"""
_HERE = """() => { const e = document.activeElement; if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  return [e.dataset.seen ?? "", box.width * box.height > 0 || e.tagName === "A",
    style.outlineStyle !== "none" || style.boxShadow !== "none" || e.matches(".md-search__input, .md-skip, .md-toggle")
      || parseFloat(getComputedStyle(e.querySelector(".xp-grip") ?? e).strokeWidth) >= 4, // a point's own ring
    box.right >= 0 && box.left < innerWidth, // not somewhere beside the window, where the closed drawer is
    e.outerHTML.slice(0, 160)]; }"""


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("address", ["", "demonstration/", "explore/"])
def test_tab_goes_through_the_page(open_page, address, width):
    page = open_page(address, width=width)
    page.evaluate(
        "async () => { for (const e of document.querySelectorAll('[data-explorer]')) { e.scrollIntoView();"
        " while (e.dataset.state !== 'live') await new Promise(requestAnimationFrame); } scrollTo(0, 0); }"
    )
    until(page, "document.querySelector('.md-top')?.hidden ?? true")  # the button that leads up again
    wanted = set(page.evaluate(_WORKS))
    assert len(wanted) > 15
    reached, unmarked, previous = set(), [], None
    for _ in range(3 * len(wanted)):
        page.keyboard.press("Tab")
        here = page.evaluate(_HERE)
        if here is None and reached:
            break  # past the last one: the browser's own controls
        if here:
            name, _, marked, on_screen, what = here
            assert on_screen, what
            assert what != previous or not name or name not in reached, f"stuck at {what}"
            reached.add(name)
            previous = what
            if not marked:
                unmarked.append(what)
    lost = page.evaluate(
        "(names) => names.map((n) => document.querySelector(`[data-seen='${n}']`)?.outerHTML.slice(0, 160))",
        sorted(wanted - reached),
    )
    assert [one for one in lost if one and "md-toggle" not in one] == []
    assert unmarked == [], "the focus can be seen"


def test_the_skip_link_and_the_search_work_by_key(open_page):
    page = open_page("demonstration/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('md-skip')")
    with jump(page):
        page.keyboard.press("Enter")
    assert "#" in page.url
    page.keyboard.press("/")
    page.keyboard.type("curvature")
    page.locator(".md-search-result__item a[href*='h=curvatur']").first.wait_for(state="visible", timeout=30000)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "?h=" in url)


@pytest.mark.parametrize("address", ["demonstration/", "beyond/curvature/"])
def test_the_drawer_works_by_key(open_page, address):
    """Opened by its switch, gone through by Tab, each stop on top of everything, closed by Escape."""
    page = open_page(address, width="phone")
    button = page.get_by_role("button", name="Menu")
    assert not open_page(address, width="desk").get_by_role("button", name="Menu").is_visible()
    button.focus()
    assert button.get_attribute("aria-expanded") == "false"
    drawer = page.locator(".md-sidebar--primary")
    assert not drawer.is_visible()
    page.keyboard.press("Space")
    page.locator(".md-nav--primary :focus").wait_for()
    page.evaluate("() => Promise.all(document.getAnimations().map((motion) => motion.finished))")  # it slides in
    stops = 0
    while page.evaluate("document.activeElement.closest('.md-sidebar--primary') !== null"):
        assert page.evaluate(
            "() => { const here = document.activeElement, box = here.getBoundingClientRect();"
            " return here.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)); }"
        ), page.evaluate("document.activeElement.outerHTML")
        stops += 1
        page.keyboard.press("Tab")
    assert stops > 5
    assert button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.classList.contains('drawer-button')")
    drawer.wait_for(state="hidden")
    assert page.complaints == []
