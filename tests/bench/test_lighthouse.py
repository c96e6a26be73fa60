"""Lighthouse on the site, served as a host serves it, where Lighthouse is installed (`npm install -g lighthouse`)."""

import functools
import gzip
import http.server
import json
import shutil
import statistics
import subprocess
import threading
from pathlib import Path

import pytest

pytestmark = pytest.mark.bench

PAGES = ("", "demonstration/", "review/", "beyond/curvature/", "explore/", "reference/", "notebook/")
VISITS = 3
BLOCKING = 50  # milliseconds of Lighthouse's total blocking time, on its processor that is four times slower
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
LEAST = {"performance": 0.99, "accessibility": 1, "best-practices": 1, "seo": 1}
ZIPPED = {".html", ".css", ".js", ".svg", ".json", ".xml"}


class Host(http.server.SimpleHTTPRequestHandler):
    """Gzips what is text, as a host of static pages does."""

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in ZIPPED:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def hosted(site):
    handler = functools.partial(Host, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def lighthouse(url, report):
    """The scores of the four categories, the blocking time in milliseconds, and what failed."""
    command = ["lighthouse", url, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={FLAGS}"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    found = json.loads(report.read_text(encoding="utf-8"))
    assert "runtimeError" not in found, found["runtimeError"]
    scores = {name: category["score"] for name, category in found["categories"].items()}
    failed = [name for name, audit in found["audits"].items() if audit["score"] == 0]
    return scores, found["audits"]["total-blocking-time"]["numericValue"], failed


@pytest.mark.skipif(shutil.which("lighthouse") is None, reason="lighthouse is not installed")
def test_lighthouse_is_content(hosted, tmp_path, monkeypatch):
    """Of several visits the median: the score for performance differs from one to the next."""
    monkeypatch.setenv("CHROME_PATH", shutil.which("chromium") or "")
    poor = {}
    for address in PAGES:
        visits = [lighthouse(f"{hosted}{address}", tmp_path / "report.json") for _ in range(VISITS)]
        scores = {name: statistics.median(scores[name] for scores, *_ in visits) for name in LEAST}
        blocked = statistics.median(milliseconds for _, milliseconds, _ in visits)
        print(f"{address or '/'}: {scores}, {blocked:.0f} ms blocked")
        if blocked >= BLOCKING or any(scores[name] < least for name, least in LEAST.items()):
            poor[address] = (scores, blocked, visits[-1][2])
    assert poor == {}
