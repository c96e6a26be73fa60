"""state.js: what an address may do to an explorer, and that it says what is seen."""

import random

import pytest

FIELDS = """({
  z: { value: -4, min: -800, max: 800 },
  y: { value: 1, options: [0, 1] },
  f: { value: "float64", options: ["float16", "float64"] },
  p: {
    value: [[1, 2]],
    read: (text) => (text === "bad" ? null : text.split(";").map((part) => part.split("x").map(Number))),
    write: (list) => list.map((pair) => pair.join("x")).join(";"),
  },
})"""
START = {"z": -4, "y": 1, "f": "float64", "p": [[1, 2]]}


def parse(state_js, text):
    return state_js(f"(t) => lib.parseState({FIELDS}, t)", text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "z:-4",
        "nonsense",
        ":",
        ",,,",
        "z",
        "z:",
        "z: ",
        "z:abc",
        "z:NaN",
        "z:Infinity",
        "y:2",
        "y:01",
        "f:toString",
        "p:bad",
    ],
)
def test_what_makes_no_sense_leaves_the_start(state_js, text):
    assert parse(state_js, text) == START


@pytest.mark.parametrize("text", ["__proto__:1", "constructor:x", "hasOwnProperty:1", "unknown:3"])
def test_names_that_are_no_fields_are_ignored(state_js, text):
    assert parse(state_js, text) == START
    assert state_js("() => ({}).polluted === undefined && typeof ({}).hasOwnProperty") == "function"


def test_numbers_are_clamped_to_their_field(state_js):
    assert parse(state_js, "z:1e9")["z"] == 800
    assert parse(state_js, "z:-1e300")["z"] == -800


def test_only_what_differs_is_written(state_js):
    write = f"(s) => lib.formatState({FIELDS}, s)"
    assert state_js(write, START) == ""
    assert state_js(write, START | {"z": 2.5, "f": "float16"}) == "z:2.5,f:float16"
    assert state_js(write, START | {"p": [[0.5, 3], [20, 1]]}) == "p:0.5x3;20x1"


def test_there_and_back(state_js):
    rng = random.Random(1)
    for _ in range(300):
        state = {
            "z": float(f"{rng.uniform(-800, 800):.6g}"),
            "y": rng.choice([0, 1]),
            "f": rng.choice(["float16", "float64"]),
            "p": [[round(rng.uniform(0.1, 400), 2), rng.randrange(5)] for _ in range(rng.randrange(1, 5))],
        }
        assert state_js(f"(s) => lib.parseState({FIELDS}, lib.formatState({FIELDS}, s))", state) == state


@pytest.mark.parametrize(
    ("search", "text", "want"),
    [
        ("", "z:1", "?loss=z:1"),
        ("", "", ""),
        ("?loss=z:1", "", ""),
        ("?q=a%20b&loss=z:1&race=w:2", "z:3", "?q=a%20b&race=w:2&loss=z:3"),
        ("?lossy=1", "z:3", "?lossy=1&loss=z:3"),
    ],
)
def test_the_rest_of_the_address_stays(state_js, search, text, want):
    assert state_js("(s, t) => lib.withState(s, 'loss', t)", search, text) == want


def test_reading_the_address(state_js):
    read = "(s) => lib.readAddress(s, 'loss')"
    assert state_js(read, "?race=w:1&loss=z:1,y:0") == "z:1,y:0"
    assert state_js(read, "?loss=z%3A1%2Cy%3A0") == "z:1,y:0"
    assert state_js(read, "?race=w:1") is None
