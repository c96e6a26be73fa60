"""The tables of symbols and of equations."""

from pathlib import Path

import pytest

from mseclf.site.latex.notation import load_notation, notation_from
from mseclf.site.page import read_page
from mseclf.site.proofs import Binding, Means, Method, Sentence, Status, Verdict
from mseclf.site.publish import generated

ROOT = Path(__file__).parents[3]


def rows(text):
    return [line for line in text.splitlines() if line.startswith("|")]


def test_a_symbol_has_an_address_and_its_meaning_stands_beside_it():
    table = notation_from({"symbols": [{"tex": r"\hat y", "kind": "scalar", "meaning": "a | b", "python": "y_hat"}]})
    head, _, row = rows(generated.notation(table))
    assert head == "| Symbol | Meaning | Code | Values |"
    assert row == r'| <a id="sym-hat-y"></a>$\hat y$ | a &#124; b | `y_hat` | real |'


def test_addresses_are_words_that_tell_all_symbols_apart():
    symbols = load_notation(ROOT / "docs" / "notation.yml").symbols
    anchors = [symbol.anchor for symbol in symbols.values()]
    assert len(set(anchors)) == len(anchors)
    assert {"sym-theta", "sym-L-MSE", "sym-mathcal-L-BCE", "sym-theta-star", "sym-hat-mathbf-y", "sym-M-1"} <= {
        *anchors
    }
    assert all(anchor.replace("-", "").isalnum() and anchor.isascii() for anchor in anchors)


@pytest.mark.parametrize(
    ("meaning", "formulas", "shown"),
    [
        (r"of $x x^\top$, by $q (1 - q)$", [r"x x^\top", "q (1 - q)"], r"of $x x^\top$, by $q (1 - q)$"),
        ("costs 5 $ or 6 $", [], "costs 5 &#36; or 6 &#36;"),
        ("$ <b>x</b> $", [], "&#36; &#60;b&#62;x&#60;/b&#62; &#36;"),
        ("`$q$` <b>$q$</b>", ["q"], "&#96;&#36;q&#36;&#96; &#60;b&#62;$q$&#60;/b&#62;"),
        ("$a|<script>$", ["a|<script>"], "$a|<script>$"),
    ],
)
def test_a_meaning_may_hold_formulas_and_nothing_else(meaning, formulas, shown):
    table = notation_from({"symbols": [{"tex": "q", "kind": "scalar", "meaning": meaning}]})
    text = generated.notation(table)
    assert f" | {shown} |" in text
    page = read_page("docs/notation.md", text)
    assert [formula.tex for formula in page.formulas] == ["q", *formulas]


PAGE = read_page(
    "docs/beyond/a.md",
    "# A *b*\n\n<!-- eq: one -->\n```math\nz = z\n```\n\n<!-- eq: two -->\n```math\ny = y\n```\n",
)


def verdicts(**changes):
    return [Verdict(equation, Status.PROVED, **changes) for equation in PAGE.equations]


def test_the_ledger_has_a_table_for_each_page_and_leads_to_each_equation_by_its_number():
    binding = Binding("mseclf.losses.mse_loss", "mseclf/losses.py", 12, 10, 1e-9)
    method = Method((Means.ALGEBRA, Means.EVERY_SIZE))
    text = generated.ledger_tables(verdicts(method=method, binding=binding), {PAGE.path: PAGE}, "###")
    assert text.count("\n### ") == 1
    assert "### A &#42;b&#42;\n" in text
    assert rows(text)[2:] == [
        f"| [({number})](beyond/a.md#{name}) | `{name}` | Proved | algebra, entry by entry "
        "| [`mse_loss`](source/losses.md#line-12) |"
        for number, name in ((1, "eq-one"), (2, "eq-two"))
    ]


def test_the_ledger_counts_the_relations_in_sentences():
    found = read_page("docs/beyond/a.md", "# A\n\nAt $z = 0$ or $z = 1$, $e > 2$ holds.\n").formulas
    known = zip(found, (Sentence.OPEN, Sentence.OPEN, Sentence.NUMBERS), strict=True)
    text = generated.sentences_table(tuple(known), {PAGE.path: PAGE}, "###")
    assert "### In sentences\n" in text
    assert rows(text)[-2:] == ["| All pages | 0 | 1 | 2 |", "| A &#42;b&#42; | 0 | 1 | 2 |"]


def test_a_note_is_told_whole_and_never_as_markup():
    text = generated.ledger_tables(verdicts(method=Method(note="by <b>|; magic")), {PAGE.path: PAGE}, "###")
    assert "| by &#60;b&#62;&#124;; magic |  |" in text


def test_every_means_has_its_short_words():
    assert set(generated.SHORT) == set(Means)
