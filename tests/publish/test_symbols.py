"""What the browser knows of the symbol table: every symbol by the glyphs that draw it."""

import json
from pathlib import Path

import pytest

from mseclf.proving import load_notation
from mseclf.publish.symbols import symbols_json
from mseclf.rendering import Renderer

TABLE = load_notation(Path(__file__).parents[2] / "docs" / "notation.yml")


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
    assert json.loads(symbols_json(TABLE, lambda tex: "an error")) == {"symbols": [], "indices": []}
