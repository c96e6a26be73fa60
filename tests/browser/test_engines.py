"""Every page in other engines too, without a driver: a page of the test opens each in a frame, looks, and reports.

``BROWSER=firefox pytest tests/browser/test_engines.py`` names one; without it each that is installed is asked, but for
Chromium, in which every other test of this folder runs. ``BROWSER=playwright-webkit`` takes Playwright's own build,
once ``python -m playwright install webkit`` has fetched it.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import Quiet, serve

pytestmark = pytest.mark.browser

# Debian has WebKit's browser beside its library, in no folder of commands. It wants a display, and tells all that its
# console says.
MINI_BROWSER = str(next(Path("/usr/lib").glob("*/webkit*gtk-*/MiniBrowser"), "MiniBrowser"))
# How each is started without a window; {profile} is an empty folder.
ENGINES = {
    "chromium": ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir={profile}"],
    "firefox": ["firefox", "--headless", "--no-remote", "--profile", "{profile}"],
    "webkit": ["xvfb-run", "-a", MINI_BROWSER, "--enable-write-console-messages-to-stdout=true"],
}
OWN = "playwright-"  # before the name of an engine: Playwright's build of it
SAID = "said.txt"  # in the folder of a browser that was started here: what it wrote
WAIT = 420  # seconds until a browser has given up
SMALLEST = 0.9  # of a display that is still a little too wide
# Before the page's policy, so that it hears of everything the policy refuses.
LISTEN = b"""<script>
window.complaints = [];
const say = (words) => complaints.push(String(words));
addEventListener("error", (event) => say(event.message ?? event.target?.src ?? "a resource"), true);
addEventListener("unhandledrejection", (event) => say(event.reason));
document.addEventListener("securitypolicyviolation", (event) => say(`${event.violatedDirective}: ${event.blockedURI}`));
for (const kind of ["error", "warn"]) console[kind] = (...words) => complaints.push(words.join(" "));
</script>"""
PROBE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>probe</title>
<iframe id="frame" height="860"></iframe><script>
const frame = document.getElementById("frame");
const pause = (time) => new Promise((done) => setTimeout(done, time));
async function look(address, width) {
  frame.width = width;
  await new Promise((done) => { frame.onload = done; frame.src = `/${address}`; });
  const { document: page, complaints, getComputedStyle: styleOf } = frame.contentWindow;
  for (const fold of page.querySelectorAll("details:not(.equation-more)")) fold.open = true;
  // Until all that a page asks for later has come: an engine complains of what the next page interrupts.
  const until = async (met) => { for (let turn = 0; turn < 400 && !met(); turn++) await pause(50); };
  for (const place of page.querySelectorAll("[data-explorer], [data-inline]")) {
    const name = place.dataset.explorer ?? place.dataset.inline;
    place.scrollIntoView();
    await until(() => ["live", "failed"].includes(place.dataset.state));
    if (place.dataset.state !== "live") complaints.push(`${name} is ${place.dataset.state}`);
    let changes = 0, said = place.innerText;
    for (const control of place.querySelectorAll("button, input[type=radio], input[type=range]")) {
      if (control.type === "range") control.value = control.value === control.max ? control.min : control.max;
      if (control.type === "range") control.dispatchEvent(new Event("input", { bubbles: true }));
      else control.click();
      await pause(20);
      if (said !== (said = place.innerText)) changes++;
    }
    if (!changes) complaints.push(`${name} does not answer`);
  }
  for (const wall of page.querySelectorAll(".wall-filters")) {
    const select = wall.querySelector("select"), count = wall.querySelector(".wall-count"), before = count.innerText;
    select.selectedIndex = 1;
    await until(() => select.dispatchEvent(new Event("change", { bubbles: true })) && before !== count.innerText);
    if (before === count.innerText) complaints.push("the filters do not answer");
  }
  await pause(50);
  const overflow = page.documentElement.scrollWidth - page.documentElement.clientWidth;
  if (overflow > 0) complaints.push(`${overflow} pixels too wide`);
  for (const display of page.querySelectorAll(".tex-display")) {
    const drawings = [...display.querySelectorAll(":scope > svg")];
    const size = parseFloat(styleOf.call(frame.contentWindow, display).fontSize);
    const seen = drawings.filter((drawing) => drawing.getBoundingClientRect().width > 0);
    const wanted = parseFloat(seen[0]?.getAttribute("width")) * size;
    const scale = seen.length && seen[0].getBoundingClientRect().width / wanted;
    const visible = !display.checkVisibility || display.checkVisibility();
    if (visible && (seen.length !== 1 || scale < SMALLEST))
      complaints.push(`${display.closest(".equation")?.id}: ${seen.length} drawings at ${scale}`);
  }
  return complaints;
}
(async () => {
  const found = {};
  for (const [address, width] of VISITS) {
    try {
      const complaints = await look(address, width);
      if (complaints.length) found[`${address} ${width}`] = complaints;
    } catch (error) {
      found[`${address} ${width}`] = [String(error)];
    }
  }
  await fetch("/report", { method: "POST", body: JSON.stringify({ found, engine: navigator.userAgent }) });
})();
</script>"""


class Reporting(Quiet):
    """The site with a listener in each page, the page that looks at the others, and a place for what it finds."""

    probe = b""
    report: dict = {}  # noqa: RUF012 - each test makes a class of its own
    done = threading.Event()

    def do_GET(self):  # noqa: N802 - the name that http.server calls
        path = self.translate_path(self.path)
        if self.path == "/probe.html":
            body = self.probe
        elif self.path.endswith("/") and os.path.exists(f"{path}/index.html"):  # noqa: PTH110
            with open(f"{path}/index.html", "rb") as file:  # noqa: PTH123
                body = file.read().replace(b"<head>", b"<head>" + LISTEN, 1)
        else:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.report.update(json.loads(body))
        self.send_response(204)
        self.end_headers()
        self.done.set()


@contextlib.contextmanager
def opened(engine, folder, address):
    """A browser that shows an address: one of this machine, or Playwright's own."""
    if engine.startswith(OWN):
        with sync_playwright() as playwright:
            browser = getattr(playwright, engine.removeprefix(OWN)).launch()
            browser.new_page().goto(address, wait_until="commit")
            yield
            browser.close()
        return
    command = [part.format(profile=folder) for part in ENGINES[engine]]
    # WebKit's browser has no option for its profile; a display's files go where the profile goes.
    homes = {name: str(folder) for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "TMPDIR")}
    with (folder / SAID).open("wb") as said:
        streams = {"stdout": said, "stderr": subprocess.STDOUT}
        browser = subprocess.Popen([*command, address], env={**os.environ, **homes}, start_new_session=True, **streams)
    try:
        yield
    finally:
        os.killpg(browser.pid, signal.SIGTERM)  # with its display and all that it has started
        browser.wait(30)


def seen_by(engine, site, folder, visits):
    """What a browser reports of these visits, each an address and a width."""
    probe = PROBE.replace("VISITS", json.dumps(visits)).replace("SMALLEST", str(SMALLEST)).encode()
    state = {"probe": probe, "report": {}, "done": threading.Event()}
    handler = type("Handler", (Reporting,), state)
    with serve(site, handler) as address, opened(engine, folder, f"{address}probe.html"):
        assert handler.done.wait(WAIT), f"{engine} has not answered"
    said = (folder / SAID).read_text("utf-8", "replace") if (folder / SAID).exists() else ""
    if console := [line for line in said.splitlines() if "CONSOLE" in line]:
        handler.report["found"]["console"] = console
    return handler.report


def installed():
    named = os.environ.get("BROWSER")
    programs = {name: [part for part in command if part[0] not in "-{"] for name, command in ENGINES.items()}
    found = [name for name in ENGINES if all(map(shutil.which, programs[name]))]
    return [named] if named else [name for name in found if name != "chromium"] or found


@pytest.mark.parametrize("engine", installed())
def test_every_page_is_shown_and_every_explorer_works(engine, site, addresses, tmp_path):
    with_displays = [at for at in addresses if "tex-display" in (site / at / "index.html").read_text("utf-8")]
    visits = [(at, 1280) for at in addresses] + [(at, 360) for at in with_displays]
    assert len(visits) > 60
    assert seen_by(engine, site, tmp_path, visits)["found"] == {}


@pytest.mark.parametrize("engine", installed()[:1])
def test_what_is_refused_is_reported(engine, tmp_path):
    page = (
        "<!doctype html><html><head><meta charset='utf-8'><meta name='viewport' content='wide=1'>"
        "<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\"></head><body>"
        "<img src='/missing.png'><script src='/a.js'></script>"
        "<p data-explorer='dead' data-state='live'><button>Run</button></p></body></html>"
    )
    (tmp_path / "site" / "a").mkdir(parents=True)
    (tmp_path / "site" / "a" / "index.html").write_text(page, encoding="utf-8")
    (tmp_path / "profile").mkdir()
    found = seen_by(engine, tmp_path / "site", tmp_path / "profile", [("a/", 400)])["found"]
    assert engine != "webkit" or any("CONSOLE" in line and "wide" in line for line in found.pop("console"))
    (complaints,) = found.values()
    assert any("script-src" in complaint for complaint in complaints)
    assert any("missing.png" in complaint or "resource" in complaint for complaint in complaints)
    assert "dead does not answer" in complaints
