"""Citing in the browser: the button beside an equation gives what the build would, by keyboard, and without scripts."""

import json
from pathlib import Path

import pytest

from mseclf.site.page import read_page
from mseclf.site.publish.citing import bibtex, equation_work, page_work, site_work
from mseclf.site.publish.project import Project
from tests.browser.conftest import until

ROOT = Path(__file__).resolve().parents[2]
BASE = "http://127.0.0.1:8000/"  # the address in mkdocs.yml for a site that is not published yet
NAME = "eq-mse-gradient"
pytestmark = pytest.mark.browser


@pytest.fixture
def work():
    source = read_page("docs/demonstration.md", (ROOT / "docs/demonstration.md").read_text(encoding="utf-8"))
    number = source.numbers[NAME]
    page = page_work(site_work(Project(ROOT).citation, BASE), source.headings[0].text, f"{BASE}demonstration/")
    return equation_work(page, number, NAME)


def test_the_button_shows_and_copies_what_the_build_would_write(open_page, work):
    page = open_page("demonstration/", permissions=["clipboard-read", "clipboard-write"])
    equation = page.locator(f"#{NAME}")
    equation.locator("summary").press("Enter")
    button = equation.get_by_role("button", name="Cite", exact=True)
    panel = equation.locator(".equation-citation")
    assert (button.get_attribute("aria-expanded"), panel.is_visible()) == ("false", False)
    button.press("Enter")
    assert (button.get_attribute("aria-expanded"), panel.is_visible()) == ("true", True)
    assert panel.locator("pre").all_text_contents() == [bibtex(work)]
    equation.get_by_role("button", name="Copy BibTeX").press("Enter")
    until(page, f"await navigator.clipboard.readText() === {json.dumps(bibtex(work))}")
    assert not equation.locator("noscript").is_visible()
    button.press("Enter")
    assert (button.get_attribute("aria-expanded"), panel.is_visible()) == ("false", False)
    assert page.complaints == []


def test_without_scripts_a_link_leads_to_the_cite_page(open_page):
    page = open_page("demonstration/", scripts=False)
    page.locator(f"#{NAME} summary").click()
    page.locator(f"#{NAME} noscript a").click()
    assert page.url.endswith("/cite/#one-equation")
    assert page.locator("#one-equation").is_visible()


def test_proofs_are_open_on_paper_and_closed_again_on_the_screen(open_page):
    page = open_page("demonstration/")
    proofs = page.locator("details.proof")
    assert proofs.count() > 0
    opened = "proofs => proofs.map(proof => proof.open)"
    assert not any(proofs.evaluate_all(opened))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(proofs.evaluate_all(opened))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not any(proofs.evaluate_all(opened))


@pytest.mark.parametrize("address", ["", "demonstration/"])
def test_the_footer_leads_to_the_pdf_of_the_page(open_page, address):
    page = open_page(address)
    link = page.locator(".md-footer a", has_text="Read as PDF")
    answer = page.request.get(link.evaluate("link => link.href"))
    assert answer.body().startswith(b"%PDF-1.7")
    name = "demonstration" if address else "mse-or-cross-entropy"
    assert link.get_attribute("href").endswith(f"assets/{name}.pdf")
