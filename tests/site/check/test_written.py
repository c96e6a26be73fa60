"""What people write on GitHub and with Material works on the site, or is refused at its line: nothing is shown raw."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from mseclf.site.check.pages import refused
from mseclf.site.page import InlineFormula
from mseclf.site.publish.notebook_page import NotebookPage
from mseclf.site.publish.pages import read_pages
from mseclf.site.publish.project import Project
from mseclf.site.publish.site import Site, page_markdown

ROOT = Path(__file__).parents[3]
PAGE = "docs/faq.md"


@pytest.fixture(scope="module")
def empty():
    """A site without anything, with the repository's settings."""
    notebook = NotebookPage("# W\n", (1, 1), {}, "")
    return Site(Project(ROOT), None, {}, notebook, {}, {}, {}, {}, {}, {}, {})


@pytest.fixture
def read(empty):
    """What a page is, as HTML, and what is wrong with it."""

    def reading(text):
        sources = {PAGE: f"# Title\n\n{text}\n", "docs/my page.md": "# Mine\n\nWords.\n", "docs/index.md": "# Home\n"}
        pages = read_pages(sources, {})
        values = {slot: "2.5" for page in pages.all.values() for slot in page.values}
        site = replace(empty, pages=pages.all, broken_pages=pages.broken, values=values)
        defects = [*pages.broken.get(PAGE, ()), *refused(site, {PAGE: sources[PAGE]})]
        return site.project.converter.html(page_markdown(site, PAGE)), [d for d in defects if d.place.path == PAGE]

    return reading


WORKS = {
    "item with two blanks": ("- a\n  - b", "<li>a<ul><li>b</li></ul></li>"),
    "item with three blanks": ("1. a\n   - b\n2. c", "<li>a<ul><li>b</li></ul></li><li>c</li>"),
    "item with four blanks": ("- a\n    - b", "<li>a<ul><li>b</li></ul></li>"),
    "three levels": ("- a\n  - b\n    - c\n- d", "<li>b<ul><li>c</li></ul></li></ul></li><li>d</li>"),
    "item that goes on, three blanks": ("1. a\n\n   more\n2. b", "<li><p>a</p><p>more</p></li><li>"),
    "item that goes on, two blanks": ("- a\n\n  more\n\n- b", "<li><p>a</p><p>more</p></li><li>"),
    "item with a fence": ("1. a\n\n   ```text\n   x\n   ```\n2. b", '<pre class="highlight">'),
    "item with a table": ("- a\n\n  | x |\n  |---|\n  | 1 |\n\n- b", "<li><p>a</p><table>"),
    "item with a display": ("1. a\n\n   ```math\n   z = z\n   ```\n2. b", "data-region="),
    "list behind a sentence": ("Words:\n- a\n- b", "<p>Words:</p><ul><li>a</li><li>b</li></ul>"),
    "numbers behind a sentence": ("Words:\n1. a\n2. b", "<p>Words:</p><ol><li>a</li>"),
    "stars behind a sentence": ("Words\n* a", "<p>Words</p><ul><li>a</li></ul>"),
    "list in a quote": ("> Words:\n> - a\n>   - b", "<blockquote><p>Words:</p><ul><li>a<ul><li>b</li></ul></li></ul>"),
    "list in a callout": ("> [!TIP]\n> Words:\n> - a", "<p>Words:</p><ul><li>a</li></ul>"),
    "list of another start": ("3. a\n4. b", '<ol start="3">'),
    "list with parentheses": ("1) a\n2) b", "<ol><li>a</li><li>b</li></ol>"),
    "two kinds of lists": ("1. a\n- b", "</ol><ul>"),
    "a number that is no item": ("The year\n2015. It was.", "<p>The year2015. It was.</p>"),
    "table behind a sentence": ("Words:\n| a |\n|---|\n| 1 |", "<p>Words:</p><table>"),
    "table in a quote": ("> | a | b |\n> |---|---|\n> | 1 | 2 |", "<blockquote><table>"),
    "bold in a fold": ("<details>\n<summary>S</summary>\n\n**bold**\n\n</details>", "<strong>bold</strong>"),
    "bold beside a fold": ("<details><summary>S</summary>\n**bold**\n</details>", "<strong>bold</strong>"),
    "tasks": ("- [x] a\n- [ ] b", 'type="checkbox" disabled checked'),
    "strike-through": ("~~x~~", "<del>x</del>"),
    "callout": ("> [!NOTE]\n> Words.", '<div class="admonition note">'),
    "callout with a title below": ("> [!WARNING]\n>\n> Words.", '<div class="admonition warning">'),
    "admonition": ('!!! note "T"\n    Words.', '<p class="admonition-title">T</p><p>Words.</p>'),
    "admonition without a blank": ("!!!note\n    Words.", '<div class="admonition note">'),
    "admonition with a list": ("!!! note\n\n    - a\n      - b", "<li>a<ul><li>b</li></ul></li>"),
    "admonition without title": ('!!! note ""\n    Words.', '<div class="admonition note"><p>Words.</p>'),
    "folded admonition": ('??? note "T"\n    Words.', '<details class="note"><summary>T</summary><p>Words.</p>'),
    "open admonition": ('???+ tip "T"\n    Words.', '<details class="tip" open="open">'),
    "tabs": ('=== "A"\n\n    Words.\n\n=== "B"\n\n    More.', '<div class="tabbed-block"><p>More.</p>'),
    "tabs with code": ('=== "A"\n\n    ```python\n    x\n    ```', '<div class="tabbed-block"><pre'),
    "keys": ("++ctrl+c++", '<kbd class="key-c">C</kbd>'),
    "mark": ("==words==", "<mark>words</mark>"),
    "below and above": ("H~2~O and x^2^", "H<sub>2</sub>O and x<sup>2</sup>"),
    "inserted": ("^^words^^", "<ins>words</ins>"),
    "emoji by code": (":smile: :+1:", "😄 👍"),
    "emoji by itself": ("A 🦑.", "A 🦑."),
    "note": ("A[^1].\n\n[^1]: Words.", '<li id="fn:1">'),
    "note used twice": ("A[^1] b[^1].\n\n[^1]: Words.", 'id="fnref2:1"'),
    "note of two paragraphs": ("A[^a].\n\n[^a]: Words.\n\n    More.", "<p>More."),
    "attributes of a link": ("[a](index.md){ #here .big }", 'class="big" href="index.md" id="here"'),
    "attributes of a heading": ("## Words { #other }", '<h2 id="other">Words</h2>'),
    "heading in Greek": ("## Μέθοδος", '<h2 id="μέθοδος">'),
    "heading in Chinese": ("## 概要", '<h2 id="概要">'),
    "heading in Cyrillic": ("## Обзор\n\n[a](#обзор)", 'href="#обзор"'),
    "price": (r"It costs \$5 and \$6.", "costs $5 and $6."),
    "escapes": (r"\*\*, \`x\`, \[x], \~~, \!!!, \:::, \{ \}", "**, `x`, [x], ~~, !!!, :::, { }"),
    "link with a blank": ("[a](<my page.md>)", 'href="my page.md"'),
    "link by name": ("[a][b]\n\n[b]: index.md", 'href="index.md"'),
    "definition": ("Word\n:   What it is.", "<dt>Word</dt><dd>What it is.</dd>"),
    "address": ("<https://example.org/>", 'href="https://example.org/"'),
    "raw marks in code": ("`~~`, `!!!`, `$x$`, `[ ]`, `(???)`, `:::`", "<code>~~</code>"),
    "raw marks in a fence": ("```text\n!!! [ ] ~~ (???) $x$ \\frac\n```", "<pre"),
    "value in a quote": ("> `{gradient_size} peak`", '<span class="value">2.5</span>'),
    "value in a table": ("| a |\n|---|\n| `{gradient_size} peak` |", '<td><span class="value">2.5</span>'),
    "formula in a table": ("| a |\n|---|\n| $z$ |", '<td><span data-region="'),
    "formula in an item": ("- a\n  - $z$", '<li><span data-region="'),
    "formula in a note": ("A[^1].\n\n[^1]: $z$", '<span data-region="'),
    "formula in an admonition": ("!!! note\n    So $z$.", 'So <span data-region="'),
    "formula in a tab": ('=== "A"\n\n    $z$', '<span data-region="'),
    "formula in bold": ("**so $z$**", '<strong>so <span data-region="'),
    "formula in a link": ("[so $z$](index.md)", '<span data-region="'),
    "display in an admonition": ("!!! note\n\n    ```math\n    z = z\n    ```", '<div class="admonition note">'),
    "display in a tab": ('=== "A"\n\n    ```math\n    z = z\n    ```', "data-region="),
    "display in a note": ("A[^1].\n\n[^1]: B.\n\n    ```math\n    z = z\n    ```", "data-region="),
    "display in a quote in an item": ("- a\n\n    > ```math\n    > z = z\n    > ```", "<blockquote>"),
    "formula in a tag": ("<div>\nSo $z$.\n</div>", '<div>So <span data-region="'),
    "rule": ("Words\n\n***\n\nMore", "<hr />"),
    "comment": ("Words <!-- a [ ] ~~ --> more.", "more."),
    "cell with a bar": (r"| a |" + "\n|---|\n" + r"| x \| y |", "x | y"),
    "abbreviation": ("*[XYZ]: Words\n\nXYZ", '<abbr title="Words">XYZ</abbr>'),
    "hard line end": ("One\\\ntwo", "One"),
}


@pytest.mark.parametrize("name", WORKS)
def test_what_works(read, name):
    text, wanted = WORKS[name]
    made, defects = read(text)
    assert defects == []
    assert re.sub(r"\n\s*", "", wanted) in re.sub(r"\n\s*", "", made)


REFUSED = {
    "unknown key": ("++nokey++", 3, "keys"),
    "unknown emoji": (":nosuchthing:", 3, "an emoji would be shown raw"),
    "admonition without words": ("Words\n!!!\n    note", 4, "an admonition would be shown raw"),
    "admonition in a list": ("- a !!! note\n- !!! note", 3, "an admonition would be shown raw"),
    "tab without title": ("=== Tab\n\n    Words.", 3, ""),
    "directive": ("::: note\n\nWords.\n\n:::", 3, "a directive would be shown raw"),
    "directive at the end": ("Words.\n\n:::", 5, "a directive would be shown raw, as ':::'"),
    "note without text": ("A[^2].", 3, "there is no note '2'"),
    "note that nothing calls": ("[^3]: Words.", 3, "nothing calls the note '3'"),
    "note twice": ("A[^1].\n\n[^1]: B.\n\n[^1]: C.", 7, "the note '1' stands twice"),
    "diagram": ("```mermaid\ngraph\n```", 3, "diagrams are not drawn here"),
    "diagram in a list": ("- a\n\n  ```mermaid\n  graph\n  ```", 5, "diagrams are not drawn here"),
    "equation by number": (r"By $\eqref{eq-x}$.", 3, r"\eqref numbers nothing here"),
    "question marks": ("By (???).", 3, "numbers nothing"),
    "box without an item": ("[ ] words", 3, "a box of a list would be shown raw"),
    "box without a blank": ("- []words\n- [x]words", 3, "a box of a list"),
    "half a strike": ("~~ words", 3, "strike-through would be shown raw"),
    "half a mark": ("==words and more", 3, "a mark would be shown raw"),
    "bold never closed": ("A **word", 3, "these ** have no others"),
    "callout in a sentence": ("> Words [!NOTE] more", 3, "a callout would be shown raw"),
    "callout without a quote": ("[!NOTE]\nWords.", 3, "a callout would be shown raw"),
    "callout of no kind": ("> [!FOO BAR]\n> Words.", 3, ""),
    "link in two parts": ("[a] (index.md)", 3, "this link is in two parts"),
    "link of a wiki": ("[[Home]]", 3, "a link of a wiki would be shown raw"),
    "attributes alone": ("Words { .big } more", 3, "attributes would be shown raw"),
    "template": ("{{ x }}", 3, "a template would be shown raw"),
    "fence open": ("```python\nx", 3, "this fence is never closed"),
    "fence in a sentence": ("Words ``` and", 3, "a fence would be shown raw"),
    "ragged row": ("| a | b |\n|---|---|\n| 1 |", 5, "this row has 1 cells"),
    "table without dashes": ("| a | b |\n| 1 | 2 |", 3, "a table would be shown raw"),
    "price without its sign": ("It costs $5.", 3, "a dollar without its other"),
    "TeX in a sentence": ("So \\alpha is", 3, r"TeX would be shown raw, as '\\alpha'"),
    "value in a caption": (
        '![A](../examples/gradient_size.py "At `{gradient_size} peak`")',
        3,
        "a value stands in backticks",
    ),
    "value in a heading": ("## A `{gradient_size} peak`", 3, "a heading cannot hold a value"),
    "formula in a heading": ("## A $z$", 3, "a heading cannot hold a formula"),
    "formula in a caption": ('![A](../examples/gradient_size.py "At $z$")', 3, "a caption"),
    "formula in an alternative text": ("![At $z$](../examples/gradient_size.py)", 3, "alternative text"),
    "value in a title": ('[a](index.md "At `{gradient_size} peak`")', 3, ""),
    "formula in a title": ('[a](index.md "At $z$")', 3, ""),
    "formula in a tag": ('<abbr title="At $z$">a</abbr>', 3, ""),
    "markdown in HTML": ("<div>\n**so**\n</div>", 4, "bold words would be shown raw"),
    "attributes of a figure": ("![A](../examples/gradient_size.py){ width=300 }", 3, "a figure takes no attributes"),
    "image that is nowhere": ('<img src="nothere.png" alt="A">', 3, "there is no docs/faq/nothere.png"),
    "link that is nowhere": ('<a href="nothere.md">a</a>', 3, "is not followed in HTML"),
    "film that is nowhere": ('<video src="a.mp4"></video>', 3, "there is no docs/faq/a.mp4"),
    "source that is nowhere": ('<video><source src="a.mp4"></video>', 3, "there is no docs/faq/a.mp4"),
    "sets of images": ('<img srcset="a.png 2x" src="../assets/card.png" alt="A">', 3, "there is no docs/faq/a.png"),
    "image without words": ('<img src="../assets/card.png">', 3, "no alternative text"),
    "four blanks": ("Words.\n\n    ```math\n    z = z\n    ```", 5, "four blanks before a fence"),
    "heading in a sentence": ("Words # not a heading\n\n# Other", 5, "a page has one title"),
    "entity of no name": ("a &nosuch; b", 3, "an entity would be shown raw"),
    "end of a comment": ("a --> b", 3, ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(read, name):
    text, line, says = REFUSED[name]
    _, defects = read(text)
    assert [defect.place.line for defect in defects][:1] == [line], defects
    assert says in defects[0].words
    assert defects[0].remedy or ":" in defects[0].message


def test_what_is_raw_in_a_table_of_settings_is_told_where_it_stands(read):
    _, defects = read("Words `~~` and code.\n\nWords and ~~ more.")
    assert [str(defect.place) for defect in defects] == [f"{PAGE}:5:11"]


def test_every_region_of_the_real_pages_is_shown(empty):
    """The net is wide enough to see the formulas of a page, and so would miss one that is gone."""
    page = read_pages({"docs/a.md": "# A\n\n$z$ and `$z$`\n"}, {}).all["docs/a.md"]
    assert [type(region) for region in page.regions[1:]] == [InlineFormula]
