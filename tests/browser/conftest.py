"""Visits: every page of the site is opened once per theme and width, and all that the tests ask about it is kept."""

import gzip
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

WIDTHS = {"phone": (360, 740), "desk": (1280, 860)}

# What moves while the page loads, as the browser counts it, and what its policy refused.
WATCH = """
  window.__shift = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.__shift += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  window.__refused = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.__refused.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""
# Explorers are fetched when they come near: go to each and wait until it lives.
_OPEN_EXPLORERS = """async () => {
  for (const place of document.querySelectorAll("[data-explorer]")) {
    place.scrollIntoView();
    while (!["live", "failed"].includes(place.dataset.state)) await new Promise(requestAnimationFrame);
  }
  scrollTo(0, 0);
}"""
# Folds are opened for what is asked of a page as a whole; displays have tests of their own.
_OPEN_FOLDS = """() => { for (const fold of document.querySelectorAll("details")) fold.open = true; }"""
# The panels of equations, open by then, list their symbols, which they fetch.
_LISTED = """async () => {
  const waits = () => [...document.querySelectorAll(".equation-facts")].some((panel) => !panel.querySelector("ul"));
  while (waits()) await new Promise(requestAnimationFrame);
}"""
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"
# A title that is fading has a poor contrast for as long as it fades: what is looked at is where it ends.
_STILL = """async () => {
  for (let frame = 0; frame < 10; frame++) {
    await new Promise(requestAnimationFrame);
    for (const motion of document.getAnimations())
      if (Number.isFinite(motion.effect.getComputedTiming().endTime)) motion.finish();
  }
}"""
# Colours do not depend on the width, and looking at each of thousands of coloured words of code takes the time.
_COLOURS = ["color-contrast", "link-in-text-block"]
# A word of code has the colour of its kind: one of each kind in a block tells of all.
_EACH_KIND_ONCE = """() => {
  for (const code of document.querySelectorAll(".highlight code")) {
    const seen = new Set();
    for (const word of code.querySelectorAll("span[class]:not(:has(*))"))
      seen.has(word.className) ? word.replaceWith(word.textContent) : seen.add(word.className);
    code.normalize();
  }
}"""
_AXE = """(options) => axe.run(document, { resultTypes: ["violations"], ...options }).then((results) =>
    results.violations.map((rule) => [rule.id, rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 120))]))"""
# Each element with what it says: all that axe's rules look at, but for the colours. Only the switch knows the theme.
_SHAPE = """() => [...document.querySelectorAll("body *")].map((element) => [element.tagName,
  ...[...element.attributes].filter(({ name }) => name !== "aria-pressed" || !element.matches(".scheme-switch"))
    .map(({ name, value }) => `${name}=${value}`),
  ...[...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data)].join(" ")).join("\\n")"""


def until(page, condition):
    """Wait for what a page says; Playwright's own waiting evaluates strings, which the site's policy forbids."""
    page.evaluate(f"""async () => {{
      const end = performance.now() + 30000;
      while (!({condition})) {{
        if (performance.now() > end) throw new Error("waited in vain");
        await new Promise(requestAnimationFrame);
      }}
    }}""")


@contextmanager
def jump(page):
    """Inside, the page jumps to another of its addresses; the theme closes its search 125 ms after that."""
    page.evaluate(  # the theme's timer begins before this one
        "() => { window.jumped = new Promise((done) => addEventListener('hashchange', () => setTimeout(done, 126))); }"
    )
    yield
    page.evaluate("window.jumped")


@dataclass(frozen=True)
class Visit:
    """What happened on one page.

    Attributes:
        complaints: of the console, of scripts, of the policy, and requests that failed.
        requests: the addresses that were asked for until the page was still, each as often as it was asked for.
        explored: those that were asked for after that, when the explorers came into view.
        overflow: pixels by which the page is wider than the window, whether its folds are open or not.
        shift: the sum of layout shifts until the page was still.
        violations: what axe found with everything open: (rule, elements).
        shape: the page as axe saw it, but for its colours.
    """

    complaints: tuple[str, ...]
    requests: tuple[str, ...]
    explored: tuple[str, ...]
    overflow: int
    shift: float
    violations: tuple
    shape: str


@pytest.fixture(scope="session")
def addresses(site):
    """The address of each page, from the site's root, with the slash at its end."""
    return sorted(path.relative_to(site).as_posix().removesuffix("index.html") for path in site.rglob("index.html"))


@pytest.fixture(scope="session")
def visits(chromium, served, addresses):
    """Ask for all visits in a theme and width: ``visits("dark", "phone")`` is a mapping from address to `Visit`."""
    axe = Axe().axe_script

    @cache
    def all_pages(scheme, width):
        size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
        touch = {"has_touch": True, "is_mobile": True} if width == "phone" else {}
        context = chromium.new_context(viewport=size, color_scheme=scheme, **touch)
        context.add_init_script(WATCH)
        page = context.new_page()
        # Each page is a first visit: nothing comes from the browser's cache.
        context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        known = all_pages("light", width) if scheme == "dark" else {}
        seen = {address: _visit(page, f"{served}{address}", axe, known.get(address)) for address in addresses}
        context.close()
        return seen

    return all_pages


@pytest.fixture
def open_page(chromium, served):
    """Open an address in a context of its own; what the browser complains of is kept on the page."""
    contexts = []

    def open_at(address, scheme="light", width="desk", scripts=True, **options):
        size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
        context = chromium.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts, **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{served}{address}")
        return page

    yield open_at
    for context in contexts:
        context.close()


def _visit(page, url, axe, known):
    """What happens at an address; what axe says of a page that is `known` in another theme is not asked again."""
    complaints, requests = [], []
    listeners = {
        "console": lambda message: complaints.append(message.text),
        "pageerror": lambda error: complaints.append(str(error)),
        # The icon is fetched after all else: what the page before still waits for, the browser drops on leaving it.
        "requestfailed": lambda request: complaints.append(f"failed: {request.url}") if request in requests else None,
        "request": lambda request: requests.append(request),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    page.goto(url)
    page.evaluate(SETTLED)
    first, shift = len(requests), page.evaluate("window.__shift")
    overflow = page.evaluate(_OVERFLOW)
    page.evaluate(_OPEN_EXPLORERS)
    page.evaluate(_STILL)
    shape = page.evaluate(_SHAPE)
    violations = violations_of(page, axe, known is not None and known.shape == shape)
    page.evaluate(_OPEN_FOLDS)
    page.evaluate(_LISTED)
    overflow = max(overflow, page.evaluate(_OVERFLOW))
    complaints += page.evaluate("window.__refused")
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    urls = tuple(request.url for request in requests)
    return Visit(tuple(complaints), urls[:first], urls[first:], overflow, shift, violations, shape)


def violations_of(page, axe, only_colours):
    """What axe finds; of colours on a desk only, and of nothing else where the rest is known."""
    on_desk = page.viewport_size["width"] > 500
    if only_colours and not on_desk:
        return ()
    page.evaluate(_EACH_KIND_ONCE)
    page.evaluate(axe)
    options = {"runOnly": _COLOURS} if only_colours else {"rules": {"color-contrast": {"enabled": on_desk}}}
    return tuple((rule, tuple(nodes)) for rule, nodes in page.evaluate(_AXE, options))


@pytest.fixture(scope="session")
def wire(site):
    """The bytes of each file that an address names, as a server sends it: gzipped as well as gzip can."""

    @cache
    def size(url):
        path = site / unquote(urlsplit(url).path).lstrip("/")
        body = (path / "index.html" if path.is_dir() else path).read_bytes()
        return min(len(body), len(gzip.compress(body, 9, mtime=0)))

    def total(urls):
        return sum(size(url) * times for url, times in Counter(urls).items())

    return total
