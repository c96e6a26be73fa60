"""The parts of the PDF that decide by rules: TeX for pandoc, widths of columns, pandoc's tree."""

import json

import pytest
import typst
from markdown import Markdown

from mseclf.site.pdf.columns import FITS, column_widths
from mseclf.site.pdf.pandoc import UnconvertedTex, for_pandoc, functions, read_tree, write_typst
from mseclf.site.pdf.tree import plain_text, split_chapters, typst_string, walk


def typst_of(tex: str) -> str:
    block = {"t": "Para", "c": [{"t": "Math", "c": [{"t": "InlineMath"}, for_pandoc(tex)]}]}
    return write_typst({"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": [block]}).strip()


@pytest.mark.parametrize(
    ("tex", "typst"),
    [
        (r"L_{\mathrm{MSE}}", '$L_(upright("MSE"))$'),
        (r"e^{-|z|}", "$e^(- lr(|z|))$"),
        (r"e^{-\lvert z\rvert}", "$e^(- lr(|z|))$"),
        (r"\left|z\right|", "$lr(|z|)$"),
        (r"|a+b| |c|", "$lr(|a + b|) lr(|c|)$"),
        (r"\lVert x \rVert^2", "$lr(bar.v.double x bar.v.double)^2$"),
        (r"\left\lVert x\right\rVert", "$lr(bar.v.double x bar.v.double)$"),
        (r"\left. a b \right|_{z = 0}", "$lr(a b bar.v)_(z = 0)$"),
        (r"\mathrm{diag}(x)", r"$diag \( x \)$"),
        (r"x \odot y", "$x dot.o y$"),
    ],
)
def test_formula(tex, typst):
    assert typst_of(tex) == typst


def test_functions_are_defined_once_and_in_order():
    formulas = [r"\mathrm{softmax}(z)", r"\operatorname{diag}(x)", r"\mathrm{diag}(y) L_{\mathrm{MSE}}"]
    assert functions(formulas) == '#let diag = math.op("diag")\n#let softmax = math.op("softmax")\n'


def test_unknown_tex_is_an_error_that_quotes_it():
    with pytest.raises(UnconvertedTex, match=r"\\mathchoice") as caught:
        typst_of(r"\mathchoice{a}{b}{c}{d}")
    assert caught.value.tex == r"\mathchoice{a}{b}{c}{d}"


def table(*rows: str):
    """Head, bodies and foot of the table that pandoc reads."""
    markdown = "\n".join([rows[0], "|" + "---|" * (rows[0].count("|") - 1), *rows[1:]])
    _, _, columns, *parts = read_tree(Markdown(extensions=["tables"]).convert(markdown))["blocks"][0]["c"]
    return parts, len(columns)


def test_a_table_that_fits_is_left_alone():
    assert column_widths(*table("| a | b |", "| c | d |")) == [{"t": "ColWidthDefault"}] * 2


def test_a_wide_table_gives_room_to_long_cells_and_breaks_no_word():
    cells = ["x", "word " * 30, "`a_long.dotted_name`"]
    widths = [width["c"] for width in column_widths(*table("| h | how | code |", f"| {' | '.join(cells)} |"))]
    assert sum(widths) == pytest.approx(1, abs=1e-3)
    assert widths[0] < widths[2] < widths[1]
    assert widths[2] * FITS >= len("dotted_")


def test_chapters_are_cut_at_their_boxes():
    tree = read_tree('<div data-chapter="a.md"><p>one</p><p>two</p></div><div data-chapter="b.md"><p>three</p></div>')
    assert [(path, plain_text(blocks)) for path, blocks in split_chapters(tree["blocks"])] == [
        ("a.md", "onetwo"),
        ("b.md", "three"),
    ]


def test_walk_replaces_by_one_by_many_and_leaves_the_rest():
    tree = [{"t": "Str", "c": "a"}, {"t": "Emph", "c": [{"t": "Str", "c": "b"}]}, {"t": "Space"}]

    def change(node):
        if node["t"] == "Space":
            return []
        return [node, node] if node["t"] == "Str" else None

    assert plain_text(walk(tree, change)) == "aabb"


@pytest.mark.parametrize("text", ['a "quoted" \\ word', "line\nbreak", "é ŷ ✗", "#let $x$"])
def test_a_string_means_itself_to_typst(text):
    shown = typst.query(f"#metadata({typst_string(text)}) <m>".encode(), "<m>", field="value", one=True)
    assert json.loads(shown) == text
