"""Random formulas and random symbol tables: read, or refused in words and with a place; never a crash."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mseclf.site.defect import Defects
from mseclf.site.latex.errors import FormulaError
from mseclf.site.latex.notation import Notation, NotationError, load_notation, notation_from
from mseclf.site.latex.parse import parse, plain
from mseclf.site.latex.tokens import tokenize

# Cut at white space.
TEX = r"""
\frac{1}{2} \frac{ } { } \hat{y} \hat{ y z \theta ^\top x _{i=1} ^{(i)} \sum_{i=1}^{m} \left( \right) ( ) = < \le +
- / \log \sigma \sigma'(z) e^{-z} ^2 ^ _ L \partial \frac{\partial L}{\partial z} \lim_{z\to\infty} \int_0^1 \,dz |
\quad & \\ \begin{aligned} \end{aligned} \begin{cases} \end{cases} \lVert \rVert \{ \} [ ] , 1 2.5 a k p \cdot
\odot \mathrm{MSE} \operatorname{diag} \nabla_\theta \sqrt{2} \implies \iff \in \unknown \tag{1} : ' ! % # $ é ~ e
d
"""
PIECES = TEX.split()
formulas = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.text(max_size=60),
)


@pytest.fixture(scope="module")
def table(request):
    return load_notation(request.config.rootpath / "docs" / "notation.yml")


@settings(max_examples=400)
@given(tex=formulas, start=st.sampled_from(["display", "inline", "given"]))
def test_any_tex_is_a_tree_of_all_its_tokens_or_an_error_with_its_place(table, tex, start):
    try:
        tree, refusal = parse(tex, table, start), None
    except FormulaError as error:
        tree, refusal = None, error
    if refusal:
        assert refusal.message
        assert refusal.offset is None or 0 <= refusal.offset <= len(tex)
        return
    assert plain(tree) == " ".join(map(str, tokenize(tex, table, inline=start == "inline")))


@pytest.mark.parametrize(
    "opening", ["(", "{", r"\frac{", r"\left(", r"\begin{aligned}", "-", "e^{", r"\sqrt{", r"\log "]
)
def test_a_deep_formula_is_refused_or_read_and_does_not_overflow(table, opening):
    closing = {"(": ")", "{": "}", r"\left(": r"\right)", "e^{": "}", r"\sqrt{": "}"}.get(opening, "")
    for depth in (30, 3000):
        with contextlib.suppress(FormulaError):
            parse(f"z = {opening * depth}1{closing * depth}", table)


def test_brackets_too_deep_are_refused_in_words(table):
    with pytest.raises(FormulaError, match="brackets inside brackets, deeper than 30") as caught:
        parse(f"z = {'(' * 31}1{')' * 31}", table)
    assert caught.value.offset == 4 + 30


KEYS = ("tex", "kind", "meaning", "domain", "axes", "sample", "arguments", "definition", "entries", "python")
words = st.text(st.sampled_from("az\\{}_^$|`<\n: 0"), max_size=8)
value = st.one_of(words, st.none(), st.booleans(), st.integers(), st.floats(), st.lists(words, max_size=2))
entry = st.one_of(
    value,
    st.dictionaries(
        st.sampled_from(KEYS),
        st.one_of(value, st.sampled_from(["scalar", "vector", "quantity", "real", "(0, 1)", ["n"], ["z"]])),
        max_size=10,
    ),
    st.fixed_dictionaries({"tex": words, "kind": st.sampled_from(["scalar", "count"]), "meaning": words}, optional={
        "domain": value, "axes": value, "arguments": value, "python": value, "definition": value, "entries": value,
        "sample": value,
    }),
)  # fmt: skip
tables = st.one_of(
    value,
    st.fixed_dictionaries(
        {},
        optional={
            "symbols": st.one_of(value, st.lists(entry, max_size=3)),
            "macros": value,
            "indices": value,
            "x": value,
        },
    ),
)


@settings(max_examples=400)
@given(tables)
def test_any_yaml_is_a_symbol_table_or_an_error_that_names_the_file(data):
    found = _table_or_message(notation_from, data)
    if isinstance(found, str):
        return
    assert all(isinstance(symbol.tex, str) and isinstance(symbol.meaning, str) for symbol in found.symbols.values())
    assert all(found.find(symbol.tex) for symbol in found.symbols.values())


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_file_is_a_symbol_table_or_an_error_that_names_it(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "notation.yml"
    path.write_bytes(content)
    assert _table_or_message(load_notation, path)


def _table_or_message(read, source):
    try:
        table = read(source)
    except NotationError as error:
        table, message = None, f"docs/notation.yml:1:1: {error}"
    except Defects as found:
        (defect,) = found.defects
        table, message = None, str(defect)
    if table is not None:
        assert isinstance(table, Notation)
        return table
    assert message.startswith("docs/notation.yml:")
    assert "\n" not in message
    return message
