"""Links, anchors and menu by themselves."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from mseclf.site.check.links import Targets, links, menu
from mseclf.site.page import read_page
from mseclf.site.publish.project import Project
from mseclf.site.publish.work import Work

ROOT = Path(__file__).parents[3]
WORK = Work("auer1995", (("Peter", "Auer"),), "Title", "Venue", "1995")
SITE = {
    "docs/index.md": "# Home\n\n## Two *words* and `code`\n\n## Twice\n\n## Twice\n\n"
    "<!-- eq: a -->\n```math\nz\n```\n\n## Own {#mine}\n",
    "docs/beyond/page.md": "# Page\n\n```python\n# no heading\n```\n\n<a id='by-hand'></a>\n\n"
    "::: mseclf.losses.mse_loss\n",
    "docs/literature.md": "# Literature\n",
}


@pytest.fixture(scope="module")
def targets():
    pages = {path: read_page(path, text) for path, text in SITE.items()}
    site = SimpleNamespace(pages=pages, literature={"auer1995": WORK}, broken_pages={}, project=Project(ROOT))
    return Targets(site, {*pages, "docs/gallery/shown.md"}, {"docs/assets/a.svg"}, {"docs/assets/all.pdf"})


def trouble(targets, text, path="docs/beyond/page.md"):
    return [defect.message for defect in links(read_page(path, text), targets)]


@pytest.mark.parametrize(
    "text",
    [
        "[a](../index.md)",
        "[a](../index.md#two-words-and-code)",
        "[a](../index.md#twice)",
        "[a](../index.md#twice_1)",
        "[a](../index.md#eq-a)",
        "[a](../index.md#mine)",
        "[a](#page)\n\n# Page",
        "[a](page.md#by-hand)",
        "[a](page.md#mseclf.losses.mse_loss)",
        "[a](../literature.md#auer1995)",
        "[a](../gallery/shown.md)",
        "[a](../assets/a.svg)",
        "[a](../assets/all.pdf)",
        "[a](../assets/figures/shown-gradient.svg)",
        "[a](../examples/shown.ipynb)",
        "[a](https://a.org/x_(y))",
        "[a](mailto:a@a.org)",
        '[a](../index.md "title")',
        "[a\nb](../index.md)",
        "[$z$](../index.md)",
        "[`code`](../index.md)",
        "[a][ref]\n\n[ref]: ../index.md",
        "`[a](none.md)`",
        "<!-- [a](none.md) -->",
        "```text\n[a](none.md)\n```",
        "[not a link] (none.md)",
        "[@auer1995]",
        "[alt](../assets/a.svg)",
        "![alt](../../examples/shown.py)",
    ],
)
def test_links_that_lead_somewhere(targets, text):
    assert trouble(targets, text + "\n") == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[a](../indx.md)", "there is no file docs/indx.md: did you mean '../index.md'?"),
        ("[a](page.md#no-heading)", "docs/beyond/page.md has nothing with the address '#no-heading'"),
        ("[a](../index.md#own)", "docs/index.md has nothing with the address '#own'"),
        ("[a](#nowhere)", "docs/beyond/page.md has nothing with the address '#nowhere'"),
        ("[a]()", "this link is empty"),
        ("[ ](../index.md)", "this link has no words"),
        ("[a](/index.md)", "'/index.md' is absolute"),
        ("[a](../index)", "write '../index.md'"),
        ("[a](../../README.md)", "'../../README.md' is outside docs/"),
        ("[a](htps://a.org)", "begins like an address elsewhere"),
        ("[a](//a.org)", "begins like an address elsewhere"),
        ("[a][ref]\n\n[ref]: none.md", "there is no file docs/beyond/none.md"),
        ("[alt](../assets/b.svg)", "there is no file docs/assets/b.svg: did you mean '../assets/a.svg'?"),
    ],
)
def test_links_that_lead_nowhere(targets, text, says):
    (message,) = trouble(targets, text + "\n")
    assert says in message


def test_menu():
    settings = (
        "nav:\n  - Home: index.md\n  - One:\n      - one/index.md\n      - Two: one/two.md\n\nextra_css:\n  - a.css\n"
    )
    pages = {"docs/index.md", "docs/one/index.md", "docs/three.md"}
    assert [str(defect) for defect in menu(settings, pages, pages)] == [
        "mkdocs.yml:5:14: the menu names one/two.md, and there is no file docs/one/two.md",
        "docs/three.md:1:1: no entry of the menu leads here: add one under `nav:` in mkdocs.yml",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<img src="../../assets/a.svg" alt="A">', ""),
        ("<img src='../../assets/b.svg' alt='A'>", "there is no docs/assets/b.svg on the site"),
        ('<a href="../../">Home</a>', ""),
        ('<a href="../../index.md">Home</a>', "'../../index.md' is not followed in HTML; write a link in Markdown"),
        ('<a href="../nowhere/">a</a>', "there is no docs/beyond/nowhere on the site"),
        ('<video src="a.mp4"></video>', "there is no docs/beyond/page/a.mp4 on the site"),
        ('<source src="https://a.org/a.mp4">', ""),
        ('<a href="#page">a</a>', ""),
        ('`<img src="none.png">`', ""),
    ],
)
def test_addresses_in_html_are_those_of_the_finished_site(targets, text, says):
    found = [defect.words for defect in links(read_page("docs/beyond/page.md", text + "\n"), targets)]
    assert len(found) == bool(says)
    assert says in "".join(found)


def test_a_link_by_a_name_that_nothing_has(targets):
    (message,) = trouble(targets, "[a][none] and [b][]\n\n[b]: ../index.md\n")
    assert "no address has the name [none]" in message
