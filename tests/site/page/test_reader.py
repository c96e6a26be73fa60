import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mseclf.site.defect import Defect, Defects, Place
from mseclf.site.page import (
    DisplayEquation,
    DoctestBlock,
    ExampleImage,
    Heading,
    InlineFormula,
    ValueSlot,
    read_page,
)

ROOT = Path(__file__).parents[3]
BROKEN = sorted(Path(__file__).parent.glob("broken/*.md"))
EXPECTED = re.compile(r"<!-- expect (.*) -->")


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_page_is_told_where_and_why(path):
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()
    with pytest.raises(Defects) as caught:
        read_page(name, text)
    assert str(caught.value) == f"{name}:{EXPECTED.search(text)[1]}"


def test_there_are_broken_pages():
    assert len(BROKEN) >= 18


def test_every_defect_of_a_page_is_told_at_once_in_order():
    with pytest.raises(Defects) as caught:
        read_page("docs/a.md", "![](x.png)\n\n## $a$\n\n`{a} b c`\n")
    assert [error.place.line for error in caught.value.defects] == [1, 3, 5]
    assert all(isinstance(defect, Defect) for defect in caught.value.defects)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\0", "a control character (U+0000)"),
        ("\x1b", "a control character (U+001B)"),
        ("\x85", "a control character (U+0085)"),
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE (U+202E)"),
        ("\u2066", "LEFT-TO-RIGHT ISOLATE (U+2066)"),
    ],
)
@pytest.mark.parametrize("where", ["# A {}", "a\n```python\n{}\n```", "`{}`", "<!-- {} -->", "---\ntitle: {}\n---\n"])
def test_a_character_that_nobody_sees_is_refused_wherever_it_stands(character, name, where):
    text = where.format(character)
    line = text[: text.index(character)].count("\n") + 1
    with pytest.raises(Defects, match=rf"^docs/a.md:{line}:\d+: {re.escape(name)} is no text; delete it$"):
        read_page("docs/a.md", text)


def test_words_of_any_language_are_text():
    assert read_page("docs/a.md", "# Šíma \u200eאבג\u200f 中文 🙂\n").headings


PAGE = """---
title: A page
---
# Heading

Text $x+1$ and `{escape_time} ratio:.1f`.

<!-- eq: the-name | code: mse_loss(y, z) | given: y = 0 | given: |z| < 1 -->
```math
a = b
  + c
```

1. In a list

    ```math
    d = e
    ```

![Words.](../examples/gradient_size.py#left "A caption")

```python
>>> 1 + 1
2
```
"""


def test_a_page_is_read_into_regions_with_their_places():
    page = read_page("docs/a.md", PAGE)
    kinds = [type(region) for region in page.regions]
    assert kinds == [
        Heading, InlineFormula, ValueSlot, DisplayEquation, DisplayEquation, ExampleImage, DoctestBlock,
    ]  # fmt: skip
    heading, formula, value, first, second, image, doctest = page.regions
    assert (heading.level, heading.text, str(heading.place)) == (1, "Heading", "docs/a.md:4:1")
    assert (formula.tex, str(formula.place)) == ("x+1", "docs/a.md:6:6")
    assert (value.example, value.key, value.format_spec) == ("escape_time", "ratio", ".1f")
    assert first.id == "eq-the-name"
    assert first.tex == "a = b\n  + c"
    assert first.tex_place == Place("docs/a.md", 10, 1)
    assert first.given == ("y = 0", "|z| < 1")
    assert first.code == "mse_loss(y, z)"
    assert second.tex == "d = e"
    assert second.tex_place == Place("docs/a.md", 17, 5)
    assert (image.name, image.figure, image.alt, image.caption) == ("gradient_size", "left", "Words.", "A caption")
    assert doctest.source == ">>> 1 + 1\n2\n"
    assert doctest.source_place.line == 23


def test_regions_do_not_overlap_and_are_in_order():
    regions = read_page("docs/a.md", PAGE).regions
    assert all(left.end <= right.start for left, right in itertools.pairwise(regions))


@pytest.mark.parametrize(
    "text",
    [
        "`$a$` is code",
        "``{a} b`` is code about code",
        "```\n$a$ `{a} b`\n```",
        "<!-- $a$ -->",
        "costs 5$ and 6$",
        '<a title="$a$">link</a>',
        "[link](page.md)",
    ],
)
def test_what_markdown_hides_is_no_region(text):
    assert read_page("docs/a.md", text).regions == ()


def test_an_unnamed_display_keeps_its_address_when_it_moves_and_changes_it_with_its_formula():
    def address(text):
        return read_page("docs/a.md", text).equations[0].id

    assert address("```math\na = b\n```") == address("Before.\n\n```math\na  =  b\n```")
    assert address("```math\na = b\n```") != address("```math\na = c\n```")


@given(st.text(alphabet=st.sampled_from("$`\n !#[](){}<>-|:.\\abeqdf~\"'*_0é"), max_size=200))
def test_any_text_is_read_or_refused_with_its_place(text):
    page, errors = _read(text)
    assert (page is None) == bool(errors)
    assert all(1 <= error.place.line <= text.count("\n") + 1 for error in errors)
    regions = page.regions if page else ()
    assert all(0 <= region.start < region.end <= len(text) for region in regions)
    assert all(left.end <= right.start for left, right in itertools.pairwise(regions))


FRAGMENTS = [
    "```math\n", "```\n", "~~~\n", "    ```math\n", "$x$", "$$", "$", "`{a} b:.1f`", "`{a} b", "``",
    "![a](../examples/a.py)",
    '![a](../examples/a.py#f "c")', "![](x.png)", "![a](",
    "<!-- eq: a | def -->\n", "<!-- eq: a | given: y = 0 -->\n",
    "<!--",
    "-->", "# H\n", "## $a$\n", "---\n", "\n", "\n\n", "a = b\n", "\\", "\\$", "<details>", "<a title='$", ">",
    "| a | b |\n",
    "> [!NOTE]\n", "[@key]", ">>> 1\n", "```python\n", "\t", "\r\n", "\x00", "\u2028", "é", "1. ", "- ",
]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join))
def test_any_mixture_of_the_syntax_is_read_or_refused_with_its_place(text):
    page, errors = _read(text)
    assert (page is None) == bool(errors)
    assert all(1 <= error.place.line <= text.count("\n") + 1 and error.place.column >= 1 for error in errors)
    assert all(str(error).startswith(f"docs/a.md:{error.place.line}:") for error in errors)
    regions = page.regions if page else ()
    assert all(left.end <= right.start for left, right in itertools.pairwise(regions))
    for region in regions:
        lines = text[: region.start].split("\n")
        assert (region.place.line, region.place.column) in {
            (len(lines), len(lines[-1]) + 1),
            (len(lines), len(lines[-1]) + 1 + _indent(text[region.start :])),
        }


def _indent(text):
    return len(text) - len(text.lstrip(" \t"))


@pytest.mark.parametrize("piece", ["`", "$", "![a](", "<!--", "[", "```math\n", "`{a} ", "<a ", "\\", "# $", "$a"])
def test_a_long_page_of_one_mark_is_read_in_reasonable_steps(piece):
    """Two thousand unclosed marks: a pattern that tries every pair would not come back."""
    _read(piece * 2_000)


def _read(text):
    try:
        return read_page("docs/a.md", text), ()
    except Defects as caught:
        return None, caught.defects
