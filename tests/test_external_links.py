"""The scheduled link check, against a server of this machine that answers in every way."""

import http.server
import importlib.util
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def external():
    place = importlib.util.spec_from_file_location("external_links", ROOT / ".github" / "external_links.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    module.PAUSE = 0.0
    return module


class Answers(http.server.BaseHTTPRequestHandler):
    """/200 is there, /404 is gone, /405 knows only GET, ..."""

    def do_HEAD(self):
        code = int(self.path.strip("/"))
        if code == 405 and self.command == "GET":
            code = 200
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize(
    ("path", "there"),
    [("200", True), ("405", True), ("404", False), ("410", False), ("403", None), ("429", None), ("500", None)],
)
def test_answers(external, server, path, there):
    assert external.ask(f"{server}/{path}")[0] is there


def test_a_port_where_nobody_listens_decides_nothing(external):
    assert external.ask("http://127.0.0.1:9/")[0] is None


def test_addresses_are_found_with_their_places(external, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/page.md").write_text(
        "See [a](https://one.org/a_(b)), <https://two.org/x#part>.\n\nhttps://three.org/end. `https://example.org/no`\n",
        encoding="utf-8",
    )
    bib = "@misc{a,\n  doi = {10.1175/1520-0493(1950)078<0001:V>2.0.CO;2},\n  eprint = {0912.3301},\n}\n"
    (tmp_path / "docs/literature.bib").write_text(bib, encoding="utf-8")
    assert external.addresses(tmp_path) == {
        "https://one.org/a_(b)": ["docs/page.md:1"],
        "https://two.org/x": ["docs/page.md:1"],
        "https://three.org/end": ["docs/page.md:3"],
        "https://doi.org/10.1175/1520-0493(1950)078%3C0001:V%3E2.0.CO;2": ["docs/literature.bib:2"],
        "https://arxiv.org/abs/0912.3301": ["docs/literature.bib:3"],
    }


def test_report(external, server, tmp_path, monkeypatch, capsys):
    found = {f"{server}/200": ["a.md:1"], f"{server}/404": ["b.md:2", "c.md:3"], f"{server}/500": ["d.md:4"]}
    monkeypatch.setattr(external, "addresses", lambda root: found)
    assert external.main(tmp_path) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith(f"b.md:2, c.md:3: broken: {server}/404 (404 ")
    assert printed[1].startswith(f"d.md:4: cannot be told: {server}/500 (500 ")
    assert printed[2] == "3 addresses: 1 broken, 1 undecided"
    del found[f"{server}/404"]
    assert external.main(tmp_path) == 0


def test_the_real_pages_hold_addresses(external):
    assert len(external.addresses(ROOT)) > 25
