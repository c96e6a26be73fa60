"""What the browser knows of the symbol table: every symbol by the glyphs that draw it."""

import json
from pathlib import Path

import pytest

from mseclf.site.formulas import Renderer
from mseclf.site.latex.notation import NotationError, notation_from
from mseclf.site.page import read_page
from mseclf.site.proofs import load_notation
from mseclf.site.publish.symbols import symbols_json

ROOT = Path(__file__).parents[3]
TABLE = load_notation(ROOT / "docs" / "notation.yml")


@pytest.fixture(scope="module")
def known():
    renderer = Renderer({})
    return json.loads(symbols_json(TABLE, lambda tex: renderer.render(tex, False)))


def test_every_symbol_is_there_once(known):
    """Two symbols drawn alike could not be told apart by pointing at them."""
    drawn = [tuple(entry["glyphs"]) for entry in known["symbols"]]
    assert len(drawn) == len(set(drawn)) == len(TABLE.symbols)
    assert all(drawn)
    assert [entry["anchor"] for entry in known["symbols"]] == [s.anchor for s in TABLE.symbols.values()]


def test_a_meaning_is_plain_text(known):
    meanings = {entry["code"]: entry["meaning"] for entry in known["symbols"]}
    assert meanings["m"] == TABLE.symbols["m"].meaning
    assert meanings["x"].startswith("the input, a column of n features")
    assert meanings["M_1"] == "the average over the inputs of xxᵀ, weighted by q(1 − q)"
    assert not [meaning for meaning in meanings.values() if "$" in meaning]


def test_a_hat_belongs_to_its_letter(known):
    by_code = {entry["code"]: entry["glyphs"] for entry in reversed(known["symbols"])}
    assert by_code["y_hat"] == [*by_code["y"], "N-5E"]


def test_an_index_says_what_it_counts(known):
    said = {entry["glyphs"][0]: entry["meaning"] for entry in known["indices"]}
    assert said["I-1D456"] == "an index that counts examples"
    assert len(said) == len(TABLE.indices)


def test_what_is_not_drawn_is_left_out():
    assert json.loads(symbols_json(TABLE, lambda tex: "an error")) == {"symbols": [], "indices": [], "factors": []}


def test_a_factor_with_a_name_stands_in_the_display_that_shows_it(known):
    """So its name is not said of anything else; and it is written as it is looked for."""
    assert len(known["factors"]) == len(TABLE.factors) >= 3
    for factor in TABLE.factors:
        path, _, anchor = factor.shown.partition("#")
        source = f"docs/{path.strip('/')}.md"
        page = read_page(source, (ROOT / source).read_text(encoding="utf-8"))
        shown = next(equation.tex for equation in page.equations if equation.id == anchor)
        assert any(normal(tex) in normal(shown) for tex in factor.tex), factor


def normal(tex):
    return "".join(tex.replace(r"\left", "").replace(r"\right", "").split())


@pytest.mark.parametrize(
    "entry", [{"tex": "x", "meaning": "a", "shown": "b"}, {"tex": ["x"], "meaning": "a"}, {"tex": [], "meaning": 1}, 3]
)
def test_a_factor_that_says_too_little_is_refused(entry):
    with pytest.raises(NotationError, match="a factor has"):
        notation_from({"symbols": [], "factors": [entry]})
