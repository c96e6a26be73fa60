"""docs/notation.yml: the schema is kept, and broken entries are named."""

import inspect

import pytest

import mseclf
from mseclf.site.latex.notation import NotationError, notation_from

GOOD = {"tex": "z", "kind": "scalar", "meaning": "the logit"}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "scalar"}, "without tex"),
        (GOOD | {"kind": "number"}, "z has the kind 'number'"),
        (GOOD | {"meaning": " "}, "z has no meaning"),
        (GOOD | {"colour": "red"}, "z has the unknown key colour"),
        (GOOD | {"domain": "(0 1)"}, "z has the unknown domain '(0 1)'"),
        (GOOD | {"kind": "vector"}, "z is a vector with the axes []"),
        (GOOD | {"axes": ["m"]}, "z is a scalar with the axes ['m']"),
        (GOOD | {"kind": "function"}, "z: functions and quantities have arguments"),
        (GOOD | {"kind": "quantity", "arguments": ["q"]}, "z refers to q, which is not declared"),
    ],
)
def test_broken_entries(entry, words):
    with pytest.raises(NotationError) as caught:
        notation_from({"symbols": [entry]})
    assert words in str(caught.value)


def test_declared_twice():
    with pytest.raises(NotationError, match="declared twice"):
        notation_from({"symbols": [GOOD | {"tex": r"\hat y"}, GOOD | {"tex": r"\hat{y}"}]})


def test_unknown_parts():
    with pytest.raises(NotationError, match="expected the keys"):
        notation_from({"symbol": []})
    with pytest.raises(NotationError, match="an index runs over"):
        notation_from({"symbols": [GOOD], "indices": {"i": "q"}})


def test_every_symbol_of_the_site_is_found_however_it_is_braced(notation):
    for symbol in notation.symbols.values():
        assert notation.find(symbol.tex) is symbol
    assert notation.find(r"\hat{y}") is notation.find(r"\hat y")
    assert notation.find(r"L_{k}") is notation.find("L_k")


def test_every_function_that_the_table_names_exists_and_takes_what_is_said(notation):
    """The Notation page shows these names as code: a reader may call them."""
    named = {s.python: s for s in notation.symbols.values() if s.python and s.kind in ("function", "quantity")}
    assert {"sigmoid", "mse_loss", "bce_batch_loss", "mse_escape_time"} <= set(named)
    for name, symbol in named.items():
        first = next(iter(inspect.signature(getattr(mseclf, name)).parameters))
        assert notation.find(symbol.arguments[0]).python == first, f"{name} begins with {first}"


def test_definitions_of_the_table_hold_water(notation):
    from mseclf.site.proofs.binders import Elaborator
    from mseclf.site.proofs.scope import Scope

    sizes = {"m": 2, "n": 3, "K": 4}

    for key, symbol in notation.symbols.items():
        if symbol.definition is not None and symbol.kind not in ("function", "random"):
            Elaborator(Scope(notation), sizes).symbol(key)
