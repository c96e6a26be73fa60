"""What stays of the theme's sheets, and that nothing goes which something on the site could need."""

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mseclf.publish.stylesheets import classes, dark_without_script, without_unused, words

THEME = files("material") / "templates" / "assets" / "stylesheets"


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".a{x:1}.b{y:2}", ".a{x:1}"),
        (".b,.a>.b,.a:hover{x:1}", ".a:hover{x:1}"),
        (".a:is(.b,.c),.b{x:1}", ".a:is(.b,.c){x:1}"),
        (".a:not(.b,:is(.c)) .a{x:1}", ".a:not(.b,:is(.c)) .a{x:1}"),
        ('[class=".b"],.b{x:1}', '[class=".b"]{x:1}'),
        ("@media print{.a{x:1}.b{x:1}}@media screen{.b{x:1}}p{x:1}", "@media print{.a{x:1}}p{x:1}"),
        ("@supports (x:1){@media print{.b{x:1}}}p{x:1}", "p{x:1}"),
        ("@keyframes b{0%{x:1}to{x:2}}@font-face{x:1}", "@keyframes b{0%{x:1}to{x:2}}@font-face{x:1}"),
        ('@charset "UTF-8";.b{x:1}:root{--i:url("a,b;c.b")}', '@charset "UTF-8";:root{--i:url("a,b;c.b")}'),
        ("/* .a{ */.b{x:1}", ""),
    ],
)
def test_a_selector_goes_when_it_asks_for_a_class_that_nothing_has(css, kept):
    assert without_unused(css, {"a"}) == kept


def test_where_every_class_is_used_nothing_but_comments_goes():
    css = "".join(file.read_text() for file in THEME.iterdir() if file.name.endswith(".css"))
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    assert without_unused(css, words(css)) == bare
    assert bare.count("{") == bare.count("}") > 1000


def test_the_theme_has_much_for_what_nothing_on_a_bare_page_uses():
    css = next(
        file.read_text() for file in THEME.iterdir() if file.name.startswith("main.") and file.name.endswith(".css")
    )
    assert len(without_unused(css, set())) < len(css) / 3


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_more_classes_keep_more_rules(some, more):
    css = "".join(f".{first} .{second}{{x:1}}" for first in "abcdef" for second in "abcdef")
    kept, wider = (set(without_unused(css, used).split("}")) for used in (some, some | more))
    assert kept <= wider
    assert len(kept) == len(some) ** 2 + 1


def test_classes_are_found_however_they_are_written():
    page = '<p class="a b"><p class=\'c\'><p class=d><p CLASS=no><svg class="e\nf"/>'
    assert classes(page) == {"a", "b", "c", "d", "e", "f"}


def test_what_a_script_may_give_is_used():
    assert {"md-code__nav", "js-x"} <= words('e.classList.add("md-code__nav"),h("p",{class:"js-x y"})')


def test_the_dark_scheme_is_repeated_for_readers_without_scripts():
    sheet = "/* x */[data-md-color-scheme=slate]{a:b}.c{d:e}@media print{[data-md-color-scheme=slate] .f{g:h}}"
    assert dark_without_script([sheet]) == "[data-md-color-scheme]{a:b}\n[data-md-color-scheme] .f{g:h}"
