"""Citations: each format is read back by its own parser and must say what CITATION.cff says."""

import html
import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from mseclf.site.page import read_page
from mseclf.site.publish.cite_page import Citing, page_address
from mseclf.site.publish.citing import (
    ID,
    NUMBER,
    apa,
    as_script_data,
    basis_works,
    bibtex,
    cff,
    equation_template,
    equation_work,
    page_work,
    site_work,
)
from mseclf.site.publish.literature import read_literature
from mseclf.site.publish.project import Project
from mseclf.site.publish.work import Work

ROOT = Path(__file__).resolve().parents[3]
CITATION = Project(ROOT).citation
ADDRESS = "https://example.org/mse/"
SITE = site_work(CITATION, ADDRESS)
PAGE = page_work(SITE, "The corrected demonstration", f"{ADDRESS}demonstration/")
EQUATION = equation_work(PAGE, 9, "eq-mse-gradient")
OWN = {"site": SITE, "page": PAGE, "equation": EQUATION}
PAGES = {
    path: read_page(path, text)
    for path, text in {
        "docs/index.md": "# Home\n\n**At most $\\frac{1}{4}$. `{run} key` times.**\n\n[@maison2022; @sima2002]\n",
        "docs/a/index.md": "# Folder\n\n<!-- eq: one | def -->\n```math\nz = 1\n```\n",
        "docs/cite.md": "# Cite\n\n- a list\n\n## Part\n\nNot the opening.\n",
    }.items()
}


# What LaTeX prints for each command that may stand in an entry; single braces print nothing.
COMMANDS = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    "``": "“",
    "''": "”",
    **{f"\\{character}": character for character in "&%$#_"},
    "{": "",
    "}": "",
}


def plain(tex: str) -> str:
    """LaTeX as text: what a bibliography shows."""
    return re.sub("|".join(map(re.escape, COMMANDS)), lambda match: COMMANDS[match[0]], tex)


def entry_of(work: Work):
    entries = parse_string(bibtex(work), "bibtex").entries
    assert list(entries) == [work.key]
    return entries[work.key]


def citing(**changes) -> Citing:
    literature = read_literature("docs/literature.bib", (ROOT / "docs/literature.bib").read_text(encoding="utf-8"))
    words = {"InlineFormula": "¼", "ValueSlot": "7"}
    defaults = {
        "citation": CITATION,
        "address": ADDRESS,
        "commit": "abc123",
        "literature": literature,
        "pages": PAGES,
        "word": lambda region: words.get(type(region).__name__),
        "pdfs": {"docs/index.md": "assets/all.pdf"},
    }
    return Citing(**{**defaults, **changes})


@pytest.mark.parametrize("work", OWN.values(), ids=OWN)
def test_bibtex_of_the_site_and_its_parts_says_what_the_cff_file_says(work):
    entry = entry_of(work)
    assert [str(person) for person in entry.persons["author"]] == [f"{{{CITATION['authors'][0]['name']}}}"]
    assert entry.fields["version"] == str(CITATION["version"])
    year, month, _ = CITATION["date-released"].split("-")
    assert entry.fields["year"] == year
    assert entry.fields["month"] == {"11": "November"}[month]
    assert entry.fields["url"] == work.url
    assert plain(entry.fields["title"]) == work.title
    whole = entry.fields["title" if work is SITE else "howpublished"]
    assert plain(whole) == CITATION["title"]


def test_apa_says_what_the_cff_file_says():
    assert apa(SITE) == (
        f"{CITATION['authors'][0]['name']}. (2026, November 23). {CITATION['title']} "
        f"(Version {CITATION['version']}). {ADDRESS}"
    )


def test_cff_of_the_site_is_the_project_s_file_with_the_address_and_the_commit():
    text = cff(CITATION, ADDRESS, "abc")
    assert yaml.safe_load(text) == {**CITATION, "url": ADDRESS, "commit": "abc"}
    assert "&id" not in text
    assert "commit" not in yaml.safe_load(cff(CITATION, ADDRESS))


def test_the_works_the_site_is_based_on_are_the_same_in_cff_and_in_the_literature():
    literature = read_literature("docs/literature.bib", (ROOT / "docs/literature.bib").read_text(encoding="utf-8"))
    for work, reference in zip(basis_works(CITATION), CITATION["references"], strict=True):
        entry = literature[work.key]
        assert (work.title, work.authors, work.year, work.address) == (
            entry.title,
            entry.authors,
            entry.year,
            entry.address,
        )
        assert (work.title, work.year) == (reference["title"], str(reference["year"]))
        read = entry_of(work)
        assert plain(read.fields["title"]) == reference["title"]
        assert str(read.persons["author"][0]) == f"{work.authors[0][1]}, {work.authors[0][0]}"


def test_apa_of_people():
    people = (("Manfred K.", "Warmuth"), ("Jean-Paul", "Sartre"), ("", "The Group"))
    work = Work("k", people, "Is it?", "Publisher", "1995", url="https://example.org/")
    assert apa(work) == "Warmuth, M. K., Sartre, J.-P., & The Group. (1995). Is it? Publisher. https://example.org/"
    assert apa(basis_works(CITATION)[1]) == (
        "Adaloglou, N. (2022, February 10). Understanding Maximum Likelihood Estimation in Supervised Learning. "
        "AI Summer. https://theaisummer.com/mle/"
    )


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1))
def test_any_title_survives_bibtex(title):
    # Quotes and runs of hyphens are LaTeX's own; no page has them in its title.
    title = re.sub(r"[`'\"<>?!]|--+", "", title).strip() or "x"
    work = Work("k", (("", "A & B"),), title, "", "2026", url="https://example.org/")
    entry = entry_of(work)
    assert plain(entry.fields["title"]) == title
    assert plain(str(entry.persons["author"][0])) == "A & B"


def test_a_page_s_script_makes_the_same_citation_as_the_build():
    template = json.loads(equation_template(PAGE))
    assert template.replace(NUMBER, "9").replace(ID, EQUATION.url.split("#")[1]) == bibtex(EQUATION)


def test_script_data_cannot_end_its_element():
    data = {"a": "</script><!-- <script> & é"}
    assert "<" not in as_script_data(data)
    assert json.loads(as_script_data(data)) == data


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("docs/index.md", ""),
        ("docs/cite.md", "cite/"),
        ("docs/beyond/index.md", "beyond/"),
        ("docs/beyond/curvature.md", "beyond/curvature/"),
        ("docs/notebook.py", "notebook/"),
    ],
)
def test_page_address(path, address):
    assert page_address(path) == address


def test_markers_become_citations_and_a_wrong_one_names_its_line_and_the_nearest_name():
    text = "# Cite\n\n<!-- cite: site -->\n\n<!-- cite: eq-one -->\n\n<!-- cite: maison2022 -->\n"
    filled = citing().fill("docs/cite.md", text)
    assert filled.count("```bibtex") == 3
    assert filled.count("```yaml") == 1
    assert f"url = {{{ADDRESS}a/#eq-one}}" in filled
    assert [filled.count(f"\n## {name}\n") for name in ("APA", "BibTeX", "CFF")] == [2, 3, 1]
    assert filled.count('<details class="reveal" markdown="1"><summary>CITATION.cff</summary>') == 1
    assert "commit: abc123" in filled
    assert "<!--" not in filled
    pages = {**PAGES, "docs/cite.md": read_page("docs/cite.md", "# Cite\n\n<!-- cite: eq-on -->\n")}
    message = "docs/cite.md:3:1: there is nothing to cite by the name 'eq-on'; did you mean 'eq-one'?"
    assert list(map(str, citing(pages=pages).unknown())) == [message]
    shown = html.unescape(citing(pages=pages).fill("docs/cite.md", pages["docs/cite.md"].text))
    assert shown == f'# Cite\n\n<p class="build-error">{message}</p>\n'


def tags(head: str, name: str) -> list[str]:
    return [html.unescape(value) for value in re.findall(rf'<meta \w+="{name}" content="([^"]*)">', head)]


def test_head_tags_say_who_what_when_and_on_what_it_is_based():
    head = citing().head("docs/index.md")
    assert tags(head, "citation_title") == [CITATION["title"]]
    assert tags(head, "citation_author") == ["The mseclf authors"]
    assert tags(head, "citation_publication_date") == ["2026/11/23"]
    assert (
        tags(head, "citation_pdf_url")
        == tags(citing().head("docs/index.md"), "citation_pdf_url")
        == [f"{ADDRESS}assets/all.pdf"]
    )
    assert [
        reference["title"] in tag
        for reference, tag in zip(CITATION["references"], tags(head, "citation_reference"), strict=True)
    ] == [True, True]
    assert tags(head, "og:type") == ["website"]
    assert tags(head, "og:description") == ["At most ¼. 7 times."]
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', head)[1])
    based = [work["url"] for work in data["isBasedOn"]]
    assert based == [reference["url"] for reference in CITATION["references"]]
    assert [work["author"][0]["familyName"] for work in data["isBasedOn"]] == ["Maison", "Adaloglou"]
    assert data["citation"][:2] == data["isBasedOn"]
    assert [work["name"] for work in data["citation"][2:]] == ["Training a single sigmoidal neuron is hard"]
    assert 'id="citation"' not in head


def test_a_page_with_equations_is_an_article_of_the_site_and_carries_their_template():
    head = citing().head("docs/a/index.md")
    assert tags(head, "og:type") == ["article"]
    assert tags(head, "og:url") == [f"{ADDRESS}a/"]
    assert tags(head, "citation_inbook_title") == [CITATION["title"]]
    assert f"{{{ADDRESS}a/#{ID}}}" in json.loads(re.search(r'id="citation">(.*?)</script>', head)[1])
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', head)[1])
    assert data["isPartOf"]["url"] == ADDRESS


def test_a_description_is_the_opening_paragraph_else_the_abstract():
    assert citing().description("docs/index.md") == "At most ¼. 7 times."
    assert citing().description("docs/cite.md") == " ".join(CITATION["abstract"].split())


def test_no_line_of_a_citation_ends_its_block():
    """A title may hold the marks that close a block; they stay part of it."""
    hostile = {**CITATION, "title": "``` and ```` <b>"}
    filled = citing(citation=hostile).fill("docs/cite.md", "<!-- cite: site -->\n")
    fences = re.findall(r"^(`{3,})\w*$", filled, flags=re.MULTILINE)
    assert len(fences) == 6
    assert set(fences) == {"`````"}
