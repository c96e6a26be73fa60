"""Remake .github/screenshot.png, the picture in the README, from the built site. Run by `make screenshot`."""

import functools
import http.server
import shutil
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves without a word."""

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


handler = functools.partial(Quiet, directory=str(ROOT / "site"))
with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 1280, "height": 780})
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=ROOT / ".github" / "screenshot.png")
    browser.close()
    server.shutdown()
