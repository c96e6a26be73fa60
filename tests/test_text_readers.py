"""Each formula of each page is read right by what turns pages into text: 1/4 is not 14."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

import html2text
import markdownify
import pytest
import trafilatura
from bs4 import BeautifulSoup


@dataclass(frozen=True)
class Page:
    """A page as it is sent; `tree` is read once, as most readers do it, and nothing is changed in it."""

    text: str

    @cached_property
    def tree(self):
        return BeautifulSoup(self.text, "html.parser")

    @cached_property
    def plain_readings(self):
        """Of each formula of the page, in its order; of a folded panel too."""
        return [element.get_text() for element in self.tree.select(".tex-words")]


def collected(page):
    return trafilatura.extract(page, output_format="markdown", favor_recall=True) or ""


READERS = {
    "html2text": lambda page: html2text.html2text(page.text),
    "markdownify": lambda page: markdownify.MarkdownConverter().convert_soup(page.tree),
    "get_text": lambda page: page.tree.get_text(),
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
    return {path: Page(text) for path, text in made.items() if "tex-words" in text}


@pytest.mark.parametrize("reader", READERS)
def test_every_formula_of_every_page_reads_right(pages, reader):
    assert sum(len(page.plain_readings) for page in pages.values()) > 900
    assert {
        path: missing for path, page in pages.items() if (missing := lost(READERS[reader](page), page.plain_readings))
    } == {}


def test_those_who_collect_pages_keep_every_formula(pages):
    """Paragraphs may come in another order there; and what says "hidden" in its address is thrown away unread."""
    found = {}
    for path, page in pages.items():
        text = bare(collected(re.sub(r'id="eq-[\w-]*hidden[\w-]*"', "", page.text)))
        if missing := [formula for formula in page.plain_readings if bare(formula) not in text]:
            found[path] = missing
    assert found == {}


def test_no_formula_stands_twice(pages):
    """Neither its MathML nor its TeX is text beside the plain reading."""
    for path, page in pages.items():
        words = (text for text in page.tree.article.find_all(string=True) if not text.find_parent(["pre", "code"]))
        assert re.findall(r"\\(?:frac|hat|partial|sigma)\b.*", "".join(words)) == [], path


def test_a_flattened_fraction_is_noticed():
    page = '<p>never more than <span class="tex-words">1/4</span></p>'
    flat = "<p>never more than <math><mfrac><mn>1</mn><mn>4</mn></mfrac></math></p>"
    assert all(lost(read(Page(page)), ["1/4"]) == [] for read in READERS.values())
    assert all(lost(read(Page(flat)), ["1/4"]) == ["1/4"] for read in READERS.values())
