"""Mends of the theme's HTML: what goes, and that what is read stays as it was."""

from pathlib import Path

import pytest
import quickjs
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import JavascriptLexer
from pygments.token import Comment, Whitespace

from mseclf.publish.assets import lighter, mend, smaller

SCRIPTS = sorted((Path(__file__).parents[2] / "docs").rglob("*.js"))

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
    small = smaller(script)
    assert len(small) < len(script)
    assert "".join(text for _, text in _words(small)) == "".join(text for _, text in _words(script))


@pytest.mark.parametrize(
    "script",
    [
        "`a ${1 + 1} b`",
        "`${1 ? `${2} minima` : ''}: ${[3].map((n) => `θ = ${n} ;`)} .`  // don't",
        "[`a ${(() => { return {b: `c  d`}; })().b}  e`, '`  `', \"}  `\", `f  g`]",
        '/* a ` { */ `x \\` ${`y  z`}  }` + /[`}"]  [/]/.source + `  u`',
    ],
)
def test_a_template_literal_keeps_its_spaces_however_it_is_nested(script):
    wrapped = f"({script}\n)"
    run = quickjs.Context().eval
    assert run(f"String({smaller(wrapped)})") == run(f"String({wrapped})")


def test_no_request_goes_to_the_host_of_the_repository():
    """With this mark the theme asks api.github.com for stars and releases: it would leave the site."""
    link = '<a href="https://github.com/a/b" title="t" class="md-source" data-md-component="source">'
    assert mend(link) == '<a href="https://github.com/a/b" title="t" class="md-source">'


def test_no_link_is_a_script():
    assert mend('<a href="javascript:void(0)" class="md-search__icon">') == '<a href="#" class="md-search__icon">'


def test_a_table_header_without_words_is_a_cell():
    assert mend("<th></th><th>a</th><th style='x'> </th>") == "<td></td><th>a</th><td></td>"


def test_the_menu_of_a_section_has_a_name():
    """Its label is an arrow where the section has a page of its own; a label may not be named by an attribute."""
    title = '<label class="md-nav__title" for="__nav_4">\n<span class="x"></span>\nBeyond</label>'
    arrow = '<label for="__nav_4" id="__nav_4_label" tabindex="0">\n<span class="md-nav__icon md-icon"></span></label>'
    words = '<label for="__nav_4" id="__nav_4_label" tabindex="0">\n<span class="md-ellipsis">Beyond</span></label>'
    assert 'tabindex="0"><span class="unseen">Pages of Beyond</span>\n<span' in mend(arrow + title)
    assert mend(words + title).startswith(words)


def test_keys_reach_the_menu_and_the_way_back_up():
    label = '<label class="md-header__button md-icon" for="__drawer">\n<svg/>\n</label>'
    button = (
        "<button type='button' class='md-header__button md-icon drawer-button' aria-label='Menu'>\n<svg/>\n</button>"
    )
    assert mend(label) == label + button
    assert (
        mend('<label class="md-nav__title" for="__nav_4">')
        == '<label class="md-nav__title" tabindex="0" for="__nav_4">'
    )
    assert mend('<label class="md-nav__title" for="__drawer">') == '<label class="md-nav__title" for="__drawer">'
