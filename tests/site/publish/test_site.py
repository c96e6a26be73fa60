"""The built site as files: every link and anchor resolves, no page is an orphan, nothing is left unfilled."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import html5lib
import pytest

from mseclf.site.page import read_page

ROOT = Path(__file__).parents[3]
BASE = "http://127.0.0.1:8000/"


class Links(HTMLParser):
    """What a page refers to, and what it can be referred to by."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in {"href", "src"}:
                self.links.append(value or "")
            elif name == "id" or (name == "name" and tag == "a"):
                self.ids.append(value)


@pytest.fixture(scope="module")
def pages(site):
    return {
        path.relative_to(site).as_posix().removesuffix("index.html"): path.read_text(encoding="utf-8")
        for path in sorted(site.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def links(pages):
    return {address: Links(text) for address, text in pages.items()}


def test_every_link_anchor_and_asset_resolves(site, links):
    broken = []
    for address, page in links.items():
        for link in page.links:
            target, fragment = urldefrag(urljoin(BASE + address, link))
            if not target.startswith(BASE):
                continue
            path = unquote(urlsplit(target).path).lstrip("/")
            if path in links:
                if fragment and unquote(fragment) not in links[path].ids:
                    broken.append(f"{address}: {link}: no such anchor")
            elif not (site / path).is_file():
                broken.append(f"{address}: {link}: no such file")
    assert broken == []


def test_ids_are_unique_on_each_page(links):
    repeated = {
        address: sorted({name for name in page.ids if page.ids.count(name) > 1}) for address, page in links.items()
    }
    assert {address: names for address, names in repeated.items() if names} == {}


def test_no_page_is_an_orphan(links):
    reached, waiting = set(), [""]
    while waiting:
        address = waiting.pop()
        if address in reached:
            continue
        reached.add(address)
        for link in links[address].links:
            target = urldefrag(urljoin(BASE + address, link))[0].removeprefix(BASE)
            if target in links:
                waiting.append(target)
    assert set(links) - reached - {"404.html"} == set()


def test_nothing_is_left_unfilled(pages):
    for address, text in pages.items():
        assert "data-region" not in text, address
        assert not re.search(r"<!-- (ledger|notation|gallery|literature|cite) -->", text), address


def test_nothing_is_fetched_from_elsewhere(pages):
    fetched = re.compile(
        r'<(?:script|img|link rel="(?:stylesheet|icon|preload|modulepreload)")[^>]*(?:src|href)="(https?:)?//'
    )
    assert {address: fetched.findall(text) for address, text in pages.items() if fetched.search(text)} == {}


def test_every_formula_of_every_page_is_drawn(pages):
    seen = 0
    for path in sorted((ROOT / "docs").rglob("*.md")):
        if "includes" in path.parts:
            continue
        name = path.relative_to(ROOT / "docs").as_posix()
        page = read_page(f"docs/{name}", path.read_text(encoding="utf-8"))
        address = re.sub(r"(^|/)index\.md$", r"\1", name).replace(".md", "/")
        text = pages[address]
        for equation in page.equations:
            assert re.search(rf'id="{equation.id}"><div class="tex tex-display"[^>]*><svg', text), equation.place
        assert text.count('<span class="tex"><svg') >= len(page.formulas), name
        seen += len(page.equations) + len(page.formulas)
    assert seen > 300


def test_html_is_valid(pages):
    """The parser's errors, less those about elements and attributes of SVG and MathML that html5lib does not know."""
    for address, text in pages.items():
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(text)
        assert [error for _, error, _ in parser.errors if error not in KNOWN] == [], address


# The theme's templates: a slash that closes a void element is allowed by the standard.
KNOWN = {"non-void-element-with-trailing-slash", "self-closing-flag-on-end-tag"}


def test_search_finds_words_and_the_tex_of_a_formula(site):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    texts = " ".join(entry["title"] + entry["text"] for entry in index["docs"]).lower()
    assert "vanishing gradient" in texts
    assert r"\frac{\partial l}{\partial \theta}" in texts
