"""Spelling, numbers and style by themselves: what they find, and above all what they leave alone."""

import pytest

from mseclf.checking.numbers import numbers
from mseclf.checking.prose import outside_code, words_only
from mseclf.checking.spelling import Spelling, docstring_of, spelling
from mseclf.checking.style import style
from mseclf.pages import read_page
from mseclf.publish.literature import Entry
from mseclf.running import ExampleRun

WORK = Entry("auer1995", (("Peter", "Auerx"), ("Mark", "Herbsterx")), "Title", "Venue", "1995")
OWN = "# a remark\nlogit\nsoftmax  # another\n"


@pytest.fixture(scope="module")
def spell():
    return Spelling(OWN, {"auer1995": WORK})


def misspelt(spell, text, path="docs/page.md"):
    return [defect.message.split("'")[1] for defect in spelling(spell, {path: text}, [])]


@pytest.mark.parametrize(
    "word",
    [
        *("behaviour", "behavior", "minimise", "minimize", "minimisation", "optimiser", "analyse", "analysed"),
        *(
            "centre",
            "centred",
            "labelled",
            "labeled",
            "modelling",
            "grey",
            "gray",
            "defence",
            "catalogue",
            "favourable",
        ),
        *("Logit", "softmax", "Auerx", "Herbsterx", "Auerx's", "isn't", "isn’t", "don't", "losses'", "I", "x"),
    ],
)
def test_words_that_are_right(spell, word):
    assert spell.knows(word)


@pytest.mark.parametrize(
    "word", ["gradeint", "seperate", "occured", "recieve", "minimze", "lables", "sigmod", "probablity"]
)
def test_words_that_are_wrong(spell, word):
    assert not spell.knows(word)


@pytest.mark.parametrize(
    "text",
    [
        "`gradeint`",
        "``a `gradeint` b``",
        "$gradeint$",
        "<!-- gradeint -->",
        "```text\ngradeint\n```",
        "~~~\ngradeint\n~~~",
        "[text](gradeint.md#gradeint)",
        "<https://gradeint.org/gradeint>",
        "https://gradeint.org/gradeint",
        '<div class="gradeint" markdown="1">',
        "[@gradeint1995]",
        "Text {: .gradeint }",
        "*[GRADEINT]: Text",
        "::: mseclf.gradeint",
        "---\ntitle: gradeint\n---\ntext",
        "Text[^gradeint]",
        "a_gradeint_b and gradeint.py and gradeint2",
        "> [!GRADEINT]",
        "&gradeint;",
    ],
)
def test_what_is_no_word_is_left_alone(spell, text):
    assert misspelt(spell, text + "\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "gradeint",
        "**gradeint**",
        "[gradeint](page.md)",
        "![gradeint](a.svg)",
        '![text](a.svg "gradeint")',
        "# gradeint",
        "| gradeint |",
        "<summary>gradeint</summary>",
        "*[GD]: gradeint",
        "well-gradeint",
        "“gradeint”",
        "gradeint's",
    ],
)
def test_words_wherever_a_reader_reads_them(spell, text):
    assert len(misspelt(spell, text + "\n")) == 1


def test_a_word_is_told_once_in_a_file(spell):
    assert misspelt(spell, "gradeint gradeint\n\ngradeint\n") == ["gradeint"]


def test_docstrings_are_read_at_their_lines(spell):
    script = '# remark\n\n"""A title.\n\nClaim: The gradeint.\n"""\n\ngradeint = 1\n'
    assert docstring_of(script)[0] == 3
    assert [str(defect).split(":")[1] for defect in spelling(spell, {}, [("examples/a.py", script)])] == ["5"]


def test_hidden_text_keeps_every_offset():
    text = "---\na: b\n---\n# Title `code`\n\n```math\nx\n```\n\n$z$ and <!-- note\nnote --> [a](b.md)\n"
    for hidden in (outside_code("p.md", text), words_only("p.md", text)):
        assert len(hidden) == len(text)
        assert [i for i, c in enumerate(hidden) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]
        assert all(new in (old, " ") for old, new in zip(text, hidden, strict=True))


def run(**values):
    return ExampleRun("shown", "T", "C", "", (), "", (), "", "", values, "cached", 1.0, 1)


def typed(text, **values):
    page = read_page("docs/page.md", "![Alt.](../examples/shown.py)\n\n" + text + "\n")
    return [defect.message.split(" is typed")[0] for defect in numbers(page, {"shown": run(**values)})]


@pytest.mark.parametrize(
    ("text", "value", "found"),
    [
        ("the limit 0.534 is", 0.53355, "0.534"),
        ("the limit 0.533 is", 0.53355, None),  # rounded down by hand: another number
        ("the limit 0.53 is", 0.53355, None),  # two digits agree by chance
        ("after 22,059 steps", 22058.6, "22,059"),
        ("after 22059 steps", 22058.6, "22059"),
        ("after 1000 steps", 1000, None),  # one digit
        ("after 10,000 steps", 10000, None),
        ("in 1995", 1995, None),
        ("about −0.693 and", -0.6931, "−0.693"),
        ("about -0.693 and", 0.6931, "-0.693"),
        ("version 1.234.5", 1.234, None),
        ("`0.534`", 0.53355, None),
        ("$0.534$", 0.53355, None),
        ("[0.534](https://a.org/0.534)", 0.53355, "0.534"),
        ("float16, 0.534x, eq-0.534", 0.53355, None),
        ("It is 0.534.", 0.53355, "0.534"),
        ("(0.534)", 0.53355, "0.534"),
        ("0.534", "0.534", None),
        ("0.534", True, None),
        ("0.534", float("nan"), None),
        ("0.534", float("inf"), None),
    ],
)
def test_numbers(text, value, found):
    assert typed(text, key=value) == ([found] if found else [])


def test_numbers_of_examples_that_the_page_does_not_show_are_left_alone():
    page = read_page("docs/page.md", "The limit is 0.534.\n")
    assert list(numbers(page, {"shown": run(key=0.53355)})) == []


def test_numbers_in_alternative_text_and_captions_are_left_alone():
    page = read_page("docs/page.md", '![Peak 0.534.](../examples/shown.py "At 0.534.")\n')
    assert list(numbers(page, {"shown": run(key=0.53355)})) == []


@pytest.mark.parametrize(
    "text",
    [
        r"An escaped \[bracket and \( parenthesis" + "\n",
        "`\\(x\\)` in code\n",
        "```text\n\\begin{equation}\n```\n",
        "$\\begin{cases} a \\end{cases}$\n",
        "```math\n\\begin{aligned}\na\n\\end{aligned}\n```\n",
        "A line.\n",
        "",
        "Šíma, ŷ, ½ and – are ordinary characters.\n",
    ],
)
def test_style_leaves_alone(text):
    assert list(style("docs/page.md", text.encode())) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a\tb\n", [(1, 2)]),
        ("a \n", [(1, 2)]),
        ("a\t\n", [(1, 2)]),
        ("a", [(1, 1)]),
        ("a\r\nb\r\n", [(1, 2)]),
        ("a\n\ufeffb\n", [(2, 1)]),
        ("soft\u00adhyphen\n", [(1, 5)]),
        ("```math\n\\[ z \\]\n```\n", [(2, 1)]),
        ("```math\n$$ z $$\n```\n", [(2, 1)]),
        ("```tex\nz\n```\n", [(1, 1)]),
        ("```math\n\\begin{align*}\nz\n\\end{align*}\n```\n", [(2, 1)]),
    ],
)
def test_style_finds(text, places):
    assert [(defect.place.line, defect.place.column) for defect in style("docs/page.md", text.encode())] == places
