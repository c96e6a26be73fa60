"""What a first visit costs, measured in the browser: bytes over the wire, movement, and time without answer."""

import re
import statistics

import pytest

from tests.conftest import mkdocs, serve

pytestmark = pytest.mark.browser

EXPLORER = 10_240  # bytes of one explorer with every module that it imports
LONGEST = ("", "demonstration/", "review/", "beyond/curvature/", "explore/", "reference/")
VISITS = 5
SHARE = 1.2  # times the blocking of the theme alone: what one visit differs from the next


def test_each_explorer_is_light(site, wire):
    """With all that it imports, shared or not: what a page with this explorer alone would load."""
    folder = site / "assets" / "explorers"
    weights = {}
    for name in ("loss", "race", "landscape", "trap"):
        wanted = ["index.js", f"{name}.js"]
        for module in wanted:  # grows while it is read
            found = re.findall(r'from\s*"\./(\w+\.js)"', (folder / module).read_text(encoding="utf-8"))
            wanted += [other for other in found if other not in wanted]
        assert {"element.js", "chart.js", "state.js"} < set(wanted)
        weights[name] = wire([f"http://site/assets/explorers/{module}" for module in wanted])
    print(weights)
    assert {name: weight for name, weight in weights.items() if weight > EXPLORER} == {}


@pytest.mark.bench
def test_the_longest_pages_keep_a_slow_reader_waiting_no_longer_than_the_theme_on_a_word(chromium, served, tmp_path):
    """Total blocking time on a phone's processor: what each task takes beyond 50 ms, medians of visits side by side.

    The theme's own script alone takes more than the 50 ms that were wished for, on a page of one word.
    """
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
    assert alone > 0
    assert {name: time for name, time in blocked.items() if time > SHARE * alone} == {}


def _blocked(chromium, url):
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.add_init_script(
        "window.__blocked = 0; new PerformanceObserver((list) => { for (const task of list.getEntries())"
        " window.__blocked += Math.max(0, task.duration - 50); }).observe({ type: 'longtask', buffered: true });"
    )
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(3000)  # the theme goes on when the network is still
    blocked = page.evaluate("window.__blocked")
    context.close()
    return blocked
