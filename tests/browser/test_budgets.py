"""What a first visit costs, measured in the browser: bytes over the wire, movement, and time without answer."""

import re
import statistics
import threading
import time

import pytest

from tests.browser.conftest import SETTLED, WATCH, WIDTHS
from tests.conftest import Quiet, mkdocs, serve

pytestmark = pytest.mark.browser

EXPLORER = 12_288  # bytes of one explorer with every module that it imports
LONGEST = ("", "demonstration/", "review/", "beyond/curvature/", "explore/", "reference/")
VISITS = 5
PIECE = 4000  # bytes
# Before the head is read nothing is painted.
PAINTED = """() => Promise.race([
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  new Promise((done) => setTimeout(done, 300))])"""
BLOCKED = 50  # milliseconds from the first paint on; the theme alone blocks longer for a page of one word
TRACED = ["toplevel", "loading"]


def test_each_explorer_is_light(site, wire):
    """With all that it imports, shared or not: what a page with this explorer alone would load."""
    folder = site / "assets" / "explorers"
    weights = {}
    for name in ("loss", "race", "landscape", "trap", "weights"):
        wanted = ["index.js", f"{name}.js"]
        for module in wanted:  # grows while it is read
            found = re.findall(r'from\s*"\./(\w+\.js)"', (folder / module).read_text(encoding="utf-8"))
            wanted += [other for other in found if other not in wanted]
        assert {"element.js", "chart.js", "state.js"} < set(wanted)
        weights[name] = wire([f"http://site/assets/explorers/{module}" for module in wanted])
    print(weights)
    assert {name: weight for name, weight in weights.items() if weight > EXPLORER} == {}


class Dripping(Quiet):
    """Pages come in pieces, as over a slow line, and without what is cut from them."""

    cut = b""

    def copyfile(self, source, outputfile):
        body = source.read().replace(self.cut, b" " * len(self.cut))
        for begin in range(0, len(body), PIECE):
            outputfile.write(body[begin : begin + PIECE])
            if self.path.endswith("/"):
                self.pause()

    def pause(self):
        time.sleep(0.05)


class Impatient(Dripping):
    """Each further piece when it is asked for; without the link that makes the browser wait for all."""

    cut = b'<link rel="expect" href="#__config" blocking="render">'
    further = threading.Semaphore(0)

    def pause(self):
        self.further.acquire(timeout=30)


@pytest.fixture
def watched(chromium):
    context = chromium.new_context(viewport=dict(zip(("width", "height"), WIDTHS["desk"], strict=True)))
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("address", ["notation/", "review/", "demonstration/"])
def test_nothing_moves_when_a_page_comes_in_pieces(watched, site, address):
    """A half-read table or equation would be painted in other widths than the whole one."""
    with serve(site, Dripping) as slow:
        watched.goto(f"{slow}{address}")
        watched.evaluate(SETTLED)
        assert watched.evaluate("window.__shift") == 0


@pytest.mark.parametrize("address", ["notation/"])
def test_the_test_above_can_fail(watched, site, address):
    with serve(site, Impatient) as slow:
        watched.goto(f"{slow}{address}", wait_until="commit")
        while watched.evaluate("document.readyState") == "loading":
            watched.evaluate(PAINTED)
            Impatient.further.release()
        watched.evaluate(SETTLED)
        assert watched.evaluate("window.__shift") > 0


@pytest.mark.bench
def test_the_longest_pages_answer_a_slow_reader_sooner_than_the_theme_does_for_a_word(chromium, served, tmp_path):
    """Total blocking time on a processor four times slower: what each task takes beyond 50 ms, medians side by side."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Word\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: bare\ntheme: {name: material, font: false}\n", encoding="utf-8")
    assert mkdocs("build", "--quiet", cwd=tmp_path).returncode == 0
    rounds = []
    with serve(tmp_path / "site") as bare:
        for _ in range(VISITS):
            rounds.append({"the theme alone": _blocked(chromium, bare)})
            rounds[-1] |= {address: _blocked(chromium, f"{served}{address}") for address in LONGEST}
    blocked = {name: statistics.median(times[name] for times in rounds) for name in rounds[0]}
    print(blocked)
    alone = blocked.pop("the theme alone")
    assert {name: time for name, time in blocked.items() if time > min(alone, BLOCKED)} == {}


def _blocked(chromium, url):
    """Milliseconds, from the browser's trace: the page's own list of long tasks leaves out those without a script."""
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    session, events, done = context.new_cdp_session(page), [], []
    session.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    session.on("Tracing.tracingComplete", lambda _: done.append(True))
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.send("Tracing.start", {"traceConfig": {"includedCategories": TRACED}, "transferMode": "ReportEvents"})
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(3000)  # the theme goes on when the network is still
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(50)
    context.close()
    return _beyond_fifty(events)


def _beyond_fifty(events):
    """Of the tasks of the page's main thread from its first paint on."""
    paint = max((event for event in events if event["name"] == "firstContentfulPaint"), key=lambda event: event["ts"])
    tasks = [event for event in events if event["name"].endswith("::RunTask") and event["pid"] == paint["pid"]]
    tasks = [task for task in tasks if task["tid"] == paint["tid"] and task.get("ph") == "X"]
    lasted = (task["ts"] + task["dur"] - max(task["ts"], paint["ts"]) for task in tasks)
    return sum(max(0, round(microseconds / 1000) - 50) for microseconds in lasted)


def test_blocking_is_counted_from_the_first_paint_and_beyond_fifty_milliseconds():
    def task(begin, milliseconds, thread=1):
        name = "ThreadControllerImpl::RunTask"
        return {"name": name, "ph": "X", "ts": begin * 1000, "dur": milliseconds * 1000, "pid": 7, "tid": thread}

    paint = {"name": "firstContentfulPaint", "ph": "I", "ts": 100_000, "pid": 7, "tid": 1}
    assert _beyond_fifty([paint, task(0, 90), task(200, 49), task(300, 80), task(400, 99, thread=2)]) == 30
    assert _beyond_fifty([task(50, 120), paint]) == 20
