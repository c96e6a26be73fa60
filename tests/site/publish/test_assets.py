"""What goes from files and pages, and that what is read stays as it was; how the theme's header and menu are mended."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import JavascriptLexer
from pygments.token import Comment, Whitespace

from mseclf.site.publish.assets import dark_without_script, finished, lighter, minified

SCRIPTS = sorted((Path(__file__).parents[3] / "docs").rglob("*.js"))

SHEETS = (
    '<link rel="stylesheet" href="../../assets/_mkdocstrings.css">'
    '<link rel="stylesheet" href="../../assets/explorers/explorers.css">'
    '<link rel="stylesheet" href="../../assets/site.css">'
)


def test_a_page_loads_the_sheets_that_it_uses():
    assert lighter(SHEETS).count("<link") == 1
    assert "_mkdocstrings" in lighter(f'{SHEETS}<div class="doc doc-object">')
    assert "explorers.css" in lighter(f'{SHEETS}<div data-explorer="loss">')


def test_indentation_goes_and_code_stays():
    page = "<ul>\n    \n    <li>a\n      b</li></ul>\n  <pre tabindex=0>x\n\n    y</pre>\n\n  <script>\n  1 </script>"
    assert lighter(page) == "<ul>\n<li>a\nb</li></ul>\n<pre tabindex=0>x\n\n    y</pre>\n<script>\n  1 </script>"


@given(st.lists(st.sampled_from(["<p>", "</p>", " ", "\n", "a", "<pre>", "</pre>", "<b>", "&lt;pre>"]), max_size=30))
def test_words_stay_apart_and_nothing_else_is_lost(parts):
    page = "".join(parts)
    assert lighter(page).split() == page.split()


def _words(script):
    """Its words with their kinds: every space inside a string, a template literal or a regular expression is one."""
    left = (word for word in JavascriptLexer().get_tokens(script) if word[0] not in Comment)
    return [word for word in left if word[0] not in Whitespace or word[1].strip()]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_delivered_script_says_what_the_written_one_says(path):
    script = path.read_text(encoding="utf-8")
    small = minified(path.name, script)
    assert len(small) < len(script)
    assert "".join(text for _, text in _words(small)) == "".join(text for _, text in _words(script))


def test_a_delivered_sheet_has_the_rules_of_the_written_one():
    assert minified("assets/a.css", "/* a */\n.a :is(.b, .c):hover {\n  width: calc(1px + 2px); }\n") == (
        ".a :is(.b,.c):hover{width:calc(1px + 2px)}"
    )


def test_the_dark_scheme_is_repeated_for_readers_without_scripts():
    sheet = "/* x */[data-md-color-scheme=slate]{a:b}.c{d:e}@media print{[data-md-color-scheme=slate] .f{g:h}}"
    assert dark_without_script([sheet]) == "[data-md-color-scheme]{a:b}\n[data-md-color-scheme] .f{g:h}"


def test_a_table_header_without_words_is_a_cell():
    assert finished("<th></th><th>a</th><th style='x'> </th>") == "<td></td><th>a</th><td></td>"


@pytest.fixture(scope="module")
def header(site):
    """Of a page that stands in a section of the menu."""
    return re.split("<article", (site / "beyond" / "curvature" / "index.html").read_text(encoding="utf-8"))[0]


def test_no_request_goes_to_the_host_of_the_repository(header):
    """With this mark the theme asks api.github.com for stars and releases: it would leave the site."""
    partial = files("material") / "templates" / "partials" / "source.html"
    assert 'data-md-component="source"' in partial.read_text(encoding="utf-8")
    assert 'data-md-component="source"' not in header


def test_no_link_is_a_script(header):
    assert re.search(r'<a href="#" class="md-search__icon[^>]* data-clipboard', header)
    assert "javascript:" not in header


def test_the_search_has_a_name(header):
    assert 'data-md-component="search" role="dialog" aria-label="Search">' in header


def test_the_menu_of_a_section_has_a_name(header):
    """Its label is an arrow where the section has a page of its own; a label may not be named by an attribute."""
    labels = re.findall(r'<label class="md-nav__link[^>]* id="__nav_\d+_label"[^>]*>(.*?)</label>', header, re.DOTALL)
    said = [" ".join(re.sub("<[^>]*>", "", label).split()) for label in labels]
    assert said == ["Pages of Beyond", "Learn and teach", "Experiments", "Reference"]


def test_keys_reach_the_menu_and_the_way_back_up(header):
    button = "<button type='button' class='md-header__button md-icon drawer-button' aria-label='Menu'>"
    label = header.index('<label class="md-header__button md-icon" for="__drawer">')
    assert label < header.index(button) < header.index('<div class="md-header__title"')
    assert header.count("drawer-button") == 1
    titles = re.findall(r'<label class="md-nav__title"([^>]*)>', header)
    assert [title for title in titles if '"__nav' in title and "tabindex" not in title] == []
    assert ' for="__drawer"' in titles
