"""Visits: every page of the site is opened once on a phone and once on a desk; all that the tests ask of it is kept.

In front of the reader it turns to the other theme: what comes light on a phone comes dark on a desk.
"""

import gzip
import itertools
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
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
STILL = """async () => {
  const moving = () => document.getAnimations().filter(({ effect, playState }) =>
    playState !== "finished" && Number.isFinite(effect.getComputedTiming().endTime));
  for (let quiet = 0; quiet < 3; quiet++) {
    await new Promise(requestAnimationFrame);
    for (const motion of moving()) { motion.finish(); quiet = 0; }
  }
}"""
# Colours do not depend on the width, and are asked for by looks: an element's and those of all that it stands in.
_COLOURS = ["color-contrast", "link-in-text-block"]
_OTHER_THAN_COLOURS = {rule: {"enabled": False} for rule in _COLOURS}
_LOOK = """
  const looks = new Map([[null, ["", ""]]]);
  const look = (element) => {
    if (!looks.has(element)) {
      const [around, before] = look(element.parentElement), style = getComputedStyle(element);
      const own = ["color", "fontSize", "fontWeight", "textDecorationLine", "borderBottom", "textShadow", "opacity",
        "backgroundColor", "backgroundImage"].map((name) => style[name]).join();
      looks.set(element, [own, `${before} ${element.localName}${own === around ? "" : `{${own}}`}`]);
    }
    return looks.get(element);
  };
"""
_AXE = """async (options, places) => {
  const { violations, passes } = await axe.run(places ? { include: places } : document,
    { ...options, resultTypes: ["violations", "passes"], elementRef: true, selectors: false });
  return [violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html.slice(0, 120))]),
    passes.filter(({ id }) => id === "color-contrast").flatMap(({ nodes }) => nodes.map(({ element }) => element))];
}"""
# First one element of each look that is new, then all whose look has not passed by that. Axe says nothing of a single
# letter, nor of what is clipped for screen readers.
_POOR = f"""async ([options, passed]) => {{ {_LOOK}
  const known = new Set(passed), found = [];
  const says = (element) => element.matches("input, select, textarea") || element.offsetWidth > 1 &&
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) && element.innerText.length > 1;
  const seen = [...document.querySelectorAll("body *")].filter((element) =>
    element.checkVisibility({{ opacityProperty: true, visibilityProperty: true }}) && says(element));
  for (const one of [true, false]) {{
    const fresh = seen.map((element) => [look(element)[1], element]).filter(([name]) => !known.has(name));
    const places = one ? [...new Map(fresh).values()] : fresh.map(([, element]) => element);
    if (!places.length || found.length) break;
    const [violations, passes] = await ({_AXE})(options, places);
    found.push(...violations);
    for (const element of passes) known.add(look(element)[1]);
  }}
  return [found, [...known]];
}}"""
# A drawing that is hidden from a screen reader has nothing in it for axe, which looks at each stroke: it is emptied.
_EMPTY = """() => {
  const hidden = [...document.querySelectorAll("svg[aria-hidden=true]:not(:has(a, [tabindex]))")];
  window.__drawings = hidden.map((drawing) => [drawing, [...drawing.childNodes]]);
  for (const drawing of hidden) drawing.replaceChildren();
}"""
_FILL = """() => { for (const [drawing, parts] of window.__drawings) drawing.replaceChildren(...parts); }"""
_THEMES = ["light", "dark"]
# The selectors that one sheet has and the other has not; and those that match something, whatever its state.
GONE = """([whole, short]) => {
  const all = (rules) => [...rules].flatMap((rule) =>
    rule.selectorText ? rule.selectorText.split(/,(?![^()]*\\))/) : rule.cssRules ? all(rule.cssRules) : []);
  const selectors = (text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return new Set(all(sheet.cssRules).map((selector) => selector.trim()));
  };
  const kept = selectors(short);
  return [...selectors(whole)].filter((selector) => !kept.has(selector));
}"""
MATCHING = """(selectors) => {
  const states = /::?(before|after|marker|placeholder|backdrop|-[\\w-]+)|:(hover|focus(-\\w+)?|active|checked|target)/g;
  const bare = (selector) => selector.replace(states, "").trim().replace(/^(?=[>+~])/, "* ") || "*";
  return selectors.filter((selector) => document.querySelector(bare(selector)));
}"""


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
        overflow: pixels by which the page is wider than the window, as it came, turned, and with its folds open.
        shift: the sum of layout shifts until the page was still.
        violations: what axe found with the explorers alive: (rule, elements); of colours on a desk, in both themes.
        unstyled: the selectors that match something but are gone from the theme's sheet.
    """

    complaints: tuple[str, ...]
    requests: tuple[str, ...]
    explored: tuple[str, ...]
    overflow: int
    shift: float
    violations: tuple
    unstyled: tuple[str, ...]


@pytest.fixture(scope="session")
def addresses(site):
    """The address of each page, from the site's root, with the slash at its end."""
    return sorted(path.relative_to(site).as_posix().removesuffix("index.html") for path in site.rglob("index.html"))


def the_theme_s_own():
    folder = files("material") / "templates" / "assets" / "stylesheets"
    return next(f.read_text("utf-8") for f in folder.iterdir() if f.name.startswith("main.") and f.suffix == ".css")


@pytest.fixture(scope="session")
def shorter(site):
    """The theme's sheet as it is published."""
    (sheet,) = (site / "assets" / "stylesheets").glob("main.*.css")
    return sheet.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def visits(chromium, served, addresses, shorter):
    """Ask for all visits on a phone or a desk: ``visits("phone")`` is a mapping from address to `Visit`."""
    axe = Axe().axe_script

    @cache
    def all_pages(width):
        size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
        touch = {"has_touch": True, "is_mobile": True} if width == "phone" else {}
        context = chromium.new_context(viewport=size, **touch)
        context.add_init_script(WATCH)
        page = context.new_page()
        # Each page is a first visit: nothing comes from the browser's cache.
        context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        # A page comes in the theme that the one before has turned to.
        turns = itertools.cycle([_THEMES, _THEMES[::-1]] if width == "desk" else [_THEMES[::-1], _THEMES])
        page.emulate_media(color_scheme="light" if width == "desk" else "dark")
        passed = {theme: set() for theme in _THEMES}
        gone = page.evaluate(GONE, [the_theme_s_own(), shorter])
        seen = {
            address: _visit(page, f"{served}{address}", themes, axe, passed if width == "desk" else None, gone)
            for address, themes in zip(addresses, turns, strict=False)
        }
        context.close()
        return seen

    return all_pages


# Nothing else is kept for an address; an empty page has no such place.
_FORGET = (
    "() => { if (location.protocol === 'http:') for (const kept of [localStorage, sessionStorage]) kept.clear(); }"
)


class Tabs:
    """Pages that tests take in turn: a new one costs the browser three times what most addresses cost in an old one."""

    def __init__(self, chromium):
        self.chromium, self.idle, self.taken = chromium, defaultdict(list), []

    def take(self, width, height, scheme="light", **options):
        """A page of its own context, as if it were new; what the browser complains of is kept on it.

        Whoever does to it what cannot be undone (its clock, scripts at each start) closes its context.
        """
        idle = self.idle[repr(sorted(options.items()))]
        page = idle.pop() if idle else self._new(options)
        self.taken.append((idle, page))
        page.complaints.clear()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, media="null")
        return page

    def _new(self, options):
        page = self.chromium.new_context(**options).new_page()
        page.add_init_script(WATCH)
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    def give_back(self):
        """All that were taken: nothing is left in them but what the browser has in its cache."""
        while self.taken:
            idle, page = self.taken.pop()
            if not page.is_closed():
                page.evaluate(_FORGET)
                page.goto("about:blank")
                page.unroute_all()
                page.mouse.move(-1, -1)  # nothing of the next page is under it
                idle.append(page)


@pytest.fixture(scope="session")
def all_tabs(chromium):
    return Tabs(chromium)


@pytest.fixture
def tabs(all_tabs):
    """Where to take pages from; they go back when the test ends."""
    yield all_tabs
    all_tabs.give_back()


@pytest.fixture
def open_page(tabs, served):
    """Open an address in a context of its own; what the browser complains of is kept on the page."""

    def open_at(address, scheme="light", width="desk", scripts=True, **options):
        page = tabs.take(*WIDTHS[width], scheme, java_script_enabled=scripts, **options)
        page.goto(f"{served}{address}")
        return page

    return open_at


def _visit(page, url, themes, axe, passed, gone):
    """What happens at an address in one theme and then in the other; of colours where there are looks `passed`."""
    page.goto("about:blank")  # what the page before still waits for is dropped here: its icon is fetched after all else
    complaints, requests = [], []
    listeners = {
        "console": lambda message: complaints.append(message.text),
        "pageerror": lambda error: complaints.append(str(error)),
        "requestfailed": lambda request: complaints.append(f"failed: {request.url}"),
        "request": lambda request: requests.append(request),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    theme, other = themes
    page.goto(url)
    page.evaluate(SETTLED)
    first, shift = len(requests), page.evaluate("window.__shift")
    overflow = [page.evaluate(_OVERFLOW)]
    page.evaluate(_OPEN_EXPLORERS)
    page.evaluate(STILL)
    page.evaluate(axe)
    page.evaluate(_EMPTY)
    violations = violations_of(page)
    if passed:
        violations += poor_colours_of(page, passed[theme])
    turn(page, other)
    if passed:
        violations += poor_colours_of(page, passed[other])
    page.evaluate(_FILL)
    overflow.append(page.evaluate(_OVERFLOW))
    page.evaluate(_OPEN_FOLDS)
    page.evaluate(_LISTED)
    overflow.append(page.evaluate(_OVERFLOW))
    unstyled = tuple(page.evaluate(MATCHING, gone))
    complaints += page.evaluate("window.__refused")
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    urls = tuple(request.url for request in requests)
    return Visit(tuple(complaints), urls[:first], urls[first:], max(overflow), shift, tuple(violations), unstyled)


def turn(page, theme):
    """Let the reader's system turn light or dark, and the page with it."""
    page.emulate_media(color_scheme=theme)
    scheme = {"dark": "slate", "light": "default"}[theme]
    until(page, f"document.body.dataset.mdColorScheme === '{scheme}'")
    page.evaluate(STILL)


def violations_of(page):
    """What axe, which is on the page, finds: all but colours."""
    found = page.evaluate(f"async (options) => (await ({_AXE})(options))[0]", {"rules": _OTHER_THAN_COLOURS})
    return [(rule, tuple(nodes)) for rule, nodes in found]


def poor_colours_of(page, passed):
    """What axe finds of colours, but for the looks that it has passed before; those that it passes are added."""
    found, looks = page.evaluate(_POOR, [{"runOnly": _COLOURS}, sorted(passed)])
    passed.update(looks)
    return [(rule, tuple(nodes)) for rule, nodes in found]


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
