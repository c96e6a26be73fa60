"""Spelling, numbers and style by themselves: what they find, and above all what they leave alone."""

import pytest

from mseclf.site.check.numbers import typed_numbers
from mseclf.site.check.spelling import right_words, spelling
from mseclf.site.check.style import pasted, style
from mseclf.site.page import read_markdown, read_page
from mseclf.site.page.source import Source
from mseclf.site.publish.work import Work
from mseclf.site.run import ExampleRun

WORK = Work("auer1995", (("Peter", "Ot"), ("Mark", "Herbsterx")), "Title", "Venue", "1995")


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    root = tmp_path_factory.mktemp("settings")
    (root / "pyproject.toml").write_text('[tool.codespell]\nignore-words-list = "nd,fo"\n')
    return right_words(root, {"auer1995": WORK})


def misspelt(right, text, path="docs/page.md"):
    found = spelling([read_markdown(path, text)], [], Source("docs/notation.yml", ""), right)
    return [defect.message.split("'")[1] for defect in found]


def test_words_that_are_right(right):
    words = (
        "behaviour behavior minimise minimize optimiser analyse centre labelled modelling grey catalogue favourable "
        "Logit softmax isn't don’t losses' I x naïve a priori ad hoc vice versa viz GPU AUC ReLU Zhang Tukey Auer's "
        "Lipschitz subgradient backpropagation Ot ot's nd fo API BCE ULP MSEs hyperparameters"
    )
    assert misspelt(right, words) == []


@pytest.mark.parametrize(
    "word", ["seperate", "occured", "recieve", "minimze", "lables", "Probablity", "midle's", "teh", "Recieve’s"]
)
def test_words_that_are_wrong(right, word):
    assert len(misspelt(right, word)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "`recieve`",
        "``a `recieve` b``",
        "$recieve$",
        "<!-- recieve -->",
        "```text\nrecieve\n```",
        "~~~\nrecieve\n~~~",
        "[text](recieve.md#recieve)",
        "<https://recieve.org/recieve>",
        "https://recieve.org/recieve",
        '<div class="recieve" markdown="1">',
        "[@recieve1995]",
        "Text {: .recieve }",
        "*[RECIEVE]: Text",
        "::: mseclf.recieve",
        "---\ntitle: recieve\n---\ntext",
        "Text[^recieve]",
        "a_recieve_b and recieve.py and recieve2",
        "> [!RECIEVE]",
        "&recieve;",
    ],
)
def test_what_is_no_word_is_left_alone(right, text):
    assert misspelt(right, text + "\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "recieve",
        "**recieve**",
        "[recieve](page.md)",
        "![recieve](a.svg)",
        '![text](a.svg "recieve")',
        "# recieve",
        "| recieve |",
        "<summary>recieve</summary>",
        "*[GD]: recieve",
        "well-recieve",
        "“recieve”",
        "recieve's",
    ],
)
def test_words_wherever_a_reader_reads_them(right, text):
    assert len(misspelt(right, text + "\n")) == 1


def test_a_word_is_told_once_in_a_file(right):
    assert misspelt(right, "recieve recieve\n\nrecieve\n") == ["recieve"]


def test_docstrings_and_meanings_are_read_at_their_places(right):
    script = Source("examples/a.py", '# recieve\n\n"""A title.\n\nClaim: The recieve.\n"""\n\nrecieve = 1\n')
    notation = Source("docs/notation.yml", 'symbols:\n  - tex: recieve\n    meaning: "we recieve"\n')
    assert [str(found.place) for found in spelling([], [script], notation, right)] == [
        "examples/a.py:5:12",
        "docs/notation.yml:3:18",
    ]


def test_hidden_text_keeps_every_offset():
    text = "---\na: b\n---\n# Title `code`\n\n```math\nx\n```\n\n$z$ and <!-- note\nnote --> [a](b.md)\n"
    markdown = read_markdown("p.md", text)
    for hidden in (markdown.visible, markdown.words):
        assert len(hidden) == len(text)
        assert [i for i, c in enumerate(hidden) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]
        assert all(new in (old, " ") for old, new in zip(text, hidden, strict=True))


def styled(text):
    return [*style("docs/page.md", text.encode()), *pasted(read_markdown("docs/page.md", text.replace("\r\n", "\n")))]


def run(**values):
    return ExampleRun("shown", "T", "C", "", (), "", (), "", "", values, "cached", 1.0, 1)


def typed(text, **values):
    page = read_page("docs/page.md", "![Alt.](../examples/shown.py)\n\n" + text + "\n")
    return [defect.message.split(" is typed")[0] for defect in typed_numbers(page, {"shown": run(**values)})]


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
        ("it is 2.024", 2.0241, "2.024"),
        ("for 1.00 and", 0.9996, None),  # what many things come to
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
    assert list(typed_numbers(page, {"shown": run(key=0.53355)})) == []


def test_numbers_in_alternative_text_and_captions_are_left_alone():
    page = read_page("docs/page.md", '![Peak 0.534.](../examples/shown.py "At 0.534.")\n')
    assert list(typed_numbers(page, {"shown": run(key=0.53355)})) == []


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
    assert list(styled(text)) == []


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
    assert [(defect.place.line, defect.place.column) for defect in styled(text)] == places
