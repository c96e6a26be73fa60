"""Each formula of each page is read right by what turns pages into text: 1/4 is not 14."""

import re
import unicodedata

import html2text
import markdownify
import pytest
import trafilatura
from bs4 import BeautifulSoup


def plain_readings(page):
    """The plain reading of each formula of a page, in its order; that of a folded panel too."""
    return [element.get_text() for element in BeautifulSoup(page, "html.parser").select(".tex-words")]


def collected(page):
    return trafilatura.extract(page, output_format="markdown", favor_recall=True) or ""


READERS = {
    "html2text": html2text.html2text,
    "markdownify": markdownify.markdownify,
    "get_text": lambda page: BeautifulSoup(page, "html.parser").get_text(),
}


def bare(text):
    """Without blanks, line marks of quotations and the strokes that Markdown puts before its signs."""
    unquoted = re.sub(r"^[ >]+", "", text, flags=re.MULTILINE)
    return re.sub(r"\\(?=[\W_])|\s", "", unicodedata.normalize("NFC", unquoted))


def lost(text, formulas):
    """The formulas that do not stand in a text, each after the one before it."""
    text, position, missing = bare(text), 0, []
    for formula in formulas:
        found = text.find(bare(formula), position)
        if found < 0:
            missing.append(formula)
        else:
            position = found + len(bare(formula))
    return missing


@pytest.fixture(scope="module")
def pages(site):
    made = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in sorted(site.rglob("index.html"))}
    return {path: text for path, text in made.items() if "tex-words" in text}


@pytest.mark.parametrize("reader", READERS)
def test_every_formula_of_every_page_reads_right(pages, reader):
    assert sum(len(plain_readings(page)) for page in pages.values()) > 900
    assert {
        path: missing for path, page in pages.items() if (missing := lost(READERS[reader](page), plain_readings(page)))
    } == {}


def test_those_who_collect_pages_keep_every_formula(pages):
    """Paragraphs may come in another order there; and what says "hidden" in its address is thrown away unread."""
    found = {}
    for path, page in pages.items():
        text = bare(collected(re.sub(r'id="eq-[\w-]*hidden[\w-]*"', "", page)))
        if missing := [formula for formula in plain_readings(page) if bare(formula) not in text]:
            found[path] = missing
    assert found == {}


def test_no_formula_stands_twice(pages):
    """Neither its MathML nor its TeX is text beside the plain reading."""
    for path, page in pages.items():
        article = BeautifulSoup(page, "html.parser").select_one("article")
        for code in article.select("pre, code"):
            code.decompose()
        assert re.findall(r"\\(?:frac|hat|partial|sigma)\b.*", article.get_text()) == [], path


def test_a_flattened_fraction_is_noticed():
    page = '<p>never more than <span class="tex-words">1/4</span></p>'
    flat = "<p>never more than <math><mfrac><mn>1</mn><mn>4</mn></mfrac></math></p>"
    assert all(lost(read(page), ["1/4"]) == [] for read in READERS.values())
    assert all(lost(read(flat), ["1/4"]) == ["1/4"] for read in READERS.values())
