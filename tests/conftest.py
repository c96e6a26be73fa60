"""Settings for all tests, and the built site that some of them look at."""

import contextlib
import functools
import http.server
import multiprocessing
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import settings

# A deadline would assert timing, and fail on a busy machine; time is measured in tests/bench only.
settings.register_profile("mseclf", deadline=None)
settings.load_profile("mseclf")

# Whichever test is the first to need workers: they find the prover loaded.
if "forkserver" in multiprocessing.get_all_start_methods():
    multiprocessing.set_forkserver_preload(["mseclf.site.proofs.judge", "mseclf.site.proofs.inline"])

ROOT = Path(__file__).parents[1]


def mkdocs(*arguments, cwd=ROOT, **environment):
    """Run MkDocs as `make` does and return the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", *arguments],
        cwd=cwd,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The whole site, built strictly once: by the worker that asks first, while the others wait for it."""
    parallel = "PYTEST_XDIST_WORKER" in os.environ
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if parallel else folder) / "built"
    try:
        folder.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 900
        while not (said := folder / "stderr").exists():
            assert time.monotonic() < deadline, "the worker that builds the site has gone"
            time.sleep(0.2)
        assert said.read_text(encoding="utf-8") == "", "another worker could not build the site"
        return folder / "site"
    done = mkdocs("build", "--strict", "--site-dir", str(folder / "site"))
    part = folder / "part"
    part.write_text(done.stderr if done.returncode else "", encoding="utf-8")
    part.rename(folder / "stderr")
    assert done.returncode == 0, done.stderr
    return folder / "site"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def serve(folder, by=Quiet):
    """The address of a folder on this machine, while it is served."""
    handler = functools.partial(by, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def served(site):
    """The address of the built site on this machine."""
    with serve(site) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    """Headless Chromium: Debian's, never a download. Required in CI, else skipped where it is not installed."""
    from playwright.sync_api import sync_playwright

    path = (
        os.environ.get("CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if path is None:
        assert not os.environ.get("CI"), "CI needs a browser: apt-get install chromium"
        pytest.skip("no Chromium is installed: the browser tests need one")
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


# Of those that begin at the same time these take the longest: one of them alone at the end would keep a worker waiting.
LONG = ("site/proofs/test_claims.py", "examples/test_claims.py", "site/publish/test_reproducible.py")


def pytest_collection_modifyitems(items):
    """The longest first: one worker builds the site and visits each page, and the others need the site at the end.

    A worker takes a file as a whole, so that a file waits for the site if one of its tests does.
    """
    wanted = defaultdict(set)
    for item in items:
        wanted[item.path].update(getattr(item, "fixturenames", ()))

    def turn(item):
        needs = wanted[item.path]
        return 0 if "visits" in needs else 2 if "site" in needs else 1, not item.path.as_posix().endswith(LONG)

    items.sort(key=turn)
