"""What goes from the theme's sheet, and what has to stay."""

import pytest

from mseclf.site.publish.sheet import Used, without_unused

USED = Used(
    ('<body class="on two"><p class="in-page">',),
    ("x.className = `made made--${kind}`; y('told')",),
    ("a{color:var( --asked )}",),
)


@pytest.mark.parametrize(
    "rule",
    [
        ".on{a:b}",
        ".on.two>p:hover{a:b}",
        ".told{a:b}",
        ".made--wide{a:b}",
        "p{a:b}",
        "[dir=ltr] .on{a:b}",
        ".on:not(.gone){a:b}",
        ":is(.gone,.on){a:b}",
        "@font-face{font-family:x}",
        "@keyframes k{0%{a:b}to{a:c}}",
        "@media print{.on{a:b}}",
        '.on{content:"}.gone{"}',
        ":root{--asked:1}",
        ".on{background:url(\"data:image/svg+xml;charset=utf-8,<svg xmlns='x'>{}</svg>\")}",
    ],
)
def test_what_may_match_stays_as_it_is(rule):
    assert without_unused(rule, USED) == rule


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (".gone{a:b}", ""),
        (".gone,.on{a:b}", ".on{a:b}"),
        (".on .gone p{a:b}", ""),
        ("[dir=rtl] .on{a:b}", ""),
        ("@media print{.gone{a:b}}p{a:b}", "p{a:b}"),
        ("@media print{@supports (a:b){.gone{a:b}}}", ""),
        (":root{--asked:1;--nobody:url(x)}", ":root{--asked:1}"),
        (":root{--nobody:1}", ""),
    ],
)
def test_what_cannot_match_goes(rule, left):
    assert without_unused(rule, USED) == left
