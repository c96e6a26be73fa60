"""The Markdown copies: whole, filled in, and free of what only the build understands."""

import re
from pathlib import Path

import pytest

from mseclf.site.page import read_page

ROOT = Path(__file__).parents[3]
# What no reader of text shall see: slots, comments, fields of equations, boxes, attributes, directives.
BUILT = re.compile(r"data-region|<!--|\{[a-z_]+\} \w+:|</?div|markdown=|^::: |\[@|^```math", re.MULTILINE)
FENCED = re.compile(r"^(`{3,}).*?^\1", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def copies(site):
    return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("index.md")}


def test_every_page_has_a_copy_at_its_address_and_names_it(site, copies):
    pages = {path.relative_to(site).as_posix() for path in site.rglob("index.html")}
    wanted = {name.replace(".html", ".md") for name in pages if not name.startswith("source/")}
    assert len(wanted) > 40
    assert set(copies) == wanted
    for name in wanted:
        text = (site / name).with_suffix(".html").read_text(encoding="utf-8")
        assert '<link rel="alternate markdown" type="text/markdown" href="index.md">' in text
        assert '<a href="index.md">View as Markdown</a>' in text


def test_a_copy_needs_nothing_of_the_build(copies):
    own = {"contributing/index.md"}  # it shows how these things are written
    found = {name: BUILT.search(FENCED.sub("", text)) for name, text in copies.items() if name not in own}
    assert {name: match[0] for name, match in found.items() if match} == {}


def test_formulas_values_figures_and_links_are_there(copies):
    source = read_page("docs/demonstration.md", (ROOT / "docs/demonstration.md").read_text(encoding="utf-8"))
    for equation in source.equations:
        assert f"$$\n{equation.tex}\n$$" in copies["demonstration/index.md"]
    home = copies["index.md"]
    assert re.search(r"2,005 times", home)
    assert re.search(r"!\[The size of the gradient[^]]*\]\(http\S+/assets/figures/gradient_size-gradient\.svg\)", home)
    assert re.search(r"\]\(http\S+/beyond/escape-time/\)", home)
    assert "Half squared error of the sigmoid of a logit" in copies["reference/index.md"]


def test_links_lead_to_what_there_is(site, copies):
    base = re.search(r'rel="canonical" href="([^"]*)"', (site / "index.html").read_text(encoding="utf-8"))[1]
    lost = {
        address
        for text in copies.values()
        for address in re.findall(r"\]\((http[^)\s#?]*)", FENCED.sub("", text))
        if address.startswith(base) and not (site / address.removeprefix(base)).exists()
    }
    assert lost == set()


def test_assistants_find_a_list_of_the_copies_and_all_of_them_in_one(site, copies):
    listed = (site / "llms.txt").read_text(encoding="utf-8")
    rows = re.findall(r"^- \[(.+?)\]\((\S+?)\): (.+)$", listed, re.MULTILINE)
    assert {address.rpartition(":8000/")[2] for _, address, _ in rows} == set(copies)
    whole = (site / "llms-full.txt").read_text(encoding="utf-8")
    assert all(text in whole for text in copies.values())
    assert (site / "robots.txt").read_text(encoding="utf-8").startswith("User-agent: *\nAllow: /")
