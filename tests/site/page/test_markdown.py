"""Whatever holds it, what Markdown shows is found: displays, doctests, values and citations, each at its place."""

import pytest

from mseclf.site.defect import Defects
from mseclf.site.page import FoldEnd, read_page
from mseclf.site.page import markdown as reading
from mseclf.site.publish.markup import with_slots

DISPLAY = ["```math", "a = b", "```"]


def held(prefix, before=(), after=()):
    return "\n".join([*before, *(f"{prefix}{line}" for line in DISPLAY), *after]) + "\n"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (held("> "), "2:3"),
        (held("> ", ["> [!NOTE]", "> Words."]), "4:3"),
        (held("> > "), "2:5"),
        (held(">"), "2:2"),
        (held(">     ", ["> - item", ">"]), "4:7"),
        (held("    ", ["1. item", ""]), "4:5"),
        (held("  ", ["- item", ""]), "4:3"),
        (held("   ", ["1. item"]), "3:4"),
        (held("        ", ["- a", "    - b", ""]), "5:9"),
        (held("", ["<details>", "<summary>S</summary>", ""], ["", "</details>"]), "5:1"),
        (held("    ", ['!!! note "T"', ""]), "4:5"),
        (held("    ", ['=== "Tab"', ""]), "4:5"),
        (held("    ", ["A[^1].", "", "[^1]: Words.", ""]), "6:5"),
        ("~~~ math\na = b\n~~~\n", "2:1"),
        ("```{math}\na = b\n```\n", "2:1"),
        ("```Math\na = b\n```\n", "2:1"),
        ("``` { .math }\na = b\n```\n", "2:1"),
        ("````math\na = b\n````\n", "2:1"),
    ],
)
def test_a_display_is_found(text, place):
    (equation,) = read_page("docs/a.md", text).equations
    assert equation.tex == "a = b"
    assert str(equation.tex_place) == f"docs/a.md:{place}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (held("    ", ["Words.", ""]), "3:5: four blanks before a fence make code of it: no list holds it"),
        (held("    ", ["Words."]), "2:5: four blanks before a fence make code of it"),
        ("- ```math\n  a = b\n  ```\n", "1:3: a fence that begins behind a list's mark is not seen"),
        ("> ```math\n> a = b\n\nWords.\n", "1:3: this fence is never closed"),
        ("```math\na = b\n````\n", "1:1: this fence is never closed"),
        ("    - a\n\n", None),
        ("- a\n\n    ```math\na = b\n    ```\n", "3:5: this fence is never closed; add ``` as far in as here"),
    ],
)
def test_a_fence_that_the_converter_would_not_see_is_refused(text, says):
    if says is None:
        assert read_page("docs/a.md", text).regions == ()
        return
    with pytest.raises(Defects) as caught:
        read_page("docs/a.md", text)
    assert str(caught.value).startswith(f"docs/a.md:{says}")


def test_a_doctest_in_a_quote_runs_without_its_marks():
    (block,) = read_page("docs/a.md", "> ```pycon\n> >>> 1 + 1\n> 2\n> ```\n").doctests
    assert (block.source, str(block.source_place)) == (">>> 1 + 1\n2\n", "docs/a.md:2:3")


def test_a_formula_over_two_lines_of_a_quote_has_no_mark_in_it():
    (formula,) = read_page("docs/a.md", "> Words $a +\n> b$.\n").formulas
    assert formula.tex == "a +\nb"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# A\n", [(1, "A")]),
        ("A\n===\n", [(1, "A")]),
        ("Words.\n\nA *b*\n---\n", [(2, "A *b*")]),
        ("> ## A\n", [(2, "A")]),
        ("    ## code\n", []),
        ("<h2 id='x'>A</h2>\n", [(2, "A")]),
        ("Words\nmore\n---\n", []),
        ("| a |\n|---|\n", []),
        ("```text\n# A\n```\n", []),
        ("---\ntitle: A\n---\n", []),
        ("Words.\n\n---\n", []),
    ],
)
def test_headings_of_every_kind(text, found):
    assert [(heading.level, heading.text) for heading in read_page("docs/a.md", text).headings] == found


def test_the_end_of_a_folded_block_is_a_fact():
    regions = read_page("docs/a.md", "<details>\n\n$a$\n\n</details>\n\n`</details>`\n").regions
    assert [type(region).__name__ for region in regions] == ["Fold", "InlineFormula", "FoldEnd"]
    assert isinstance(regions[-1], FoldEnd)


def test_a_slot_keeps_the_marks_of_what_holds_it():
    page = read_page("docs/a.md", "> Words.\n>\n" + held("> ", after=["> More."]))
    slot = '<div id="eq-{}" data-region="0"></div>'.format(page.equations[0].id.removeprefix("eq-"))
    assert with_slots(page, {}) == f"> Words.\n>\n> {slot}\n>\n> More.\n"


@pytest.mark.parametrize(("text", "shown"), [(r"\$5 and \$6", "$5 and $6"), ("<details>", '<details markdown="1">')])
def test_what_is_put_right_for_the_converter(text, shown):
    assert with_slots(read_page("docs/a.md", text), {}) == shown


@pytest.mark.parametrize("inside", ["$a$", "`{a} b`", "[@auer1995]"])
@pytest.mark.parametrize("heading", ["# A {}", "A {}\n==="])
def test_a_heading_holds_words_only(heading, inside):
    with pytest.raises(Defects, match=r"^docs/a.md:1:1: a heading cannot hold a (formula|value|citation): "):
        read_page("docs/a.md", heading.format(inside))


def test_a_page_is_cut_once(monkeypatch):
    cuts = []
    cut = reading.blocks
    monkeypatch.setattr(reading, "blocks", lambda source: cuts.append(source.path) or cut(source))
    page = read_page("docs/a.md", "# A\n\n`{a} b` [@auer1995] $a$\n\n> ```math\n> a = b\n> ```\n")
    assert all((page.words, page.visible, page.citations, page.fences, page.prose))
    assert with_slots(page, dict.fromkeys(page.regions, "x"))
    assert cuts == ["docs/a.md"]
