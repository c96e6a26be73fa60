"""Runs the explorers' own modules in QuickJS, so that Python can compare them with the package."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import quickjs

EXPLORERS = Path(__file__).parents[2] / "docs" / "assets" / "explorers"

# JSON has no NaN and no infinities: they travel as {"number": "NaN"}.
ENCODE = "(k, v) => typeof v === 'number' && !Number.isFinite(v) ? {number: String(v)} : v"

Call = Callable[..., Any]


def load(*names: str) -> quickjs.Context:
    """A context in which `lib` holds what the modules export; their text, less imports, is evaluated as one."""
    text = "\n".join((EXPLORERS / f"{name}.js").read_text(encoding="utf-8") for name in names)
    text = re.sub(r"^import .*", "", text, flags=re.MULTILINE)
    exports = [
        line.split()[2].split("(")[0]
        for line in text.splitlines()
        if line.startswith(("export const ", "export function"))
    ]
    assert exports, f"{names} export nothing"
    context = quickjs.Context()
    context.module(f"{text}\nglobalThis.lib = {{ {', '.join(exports)} }};")
    return context


def caller(context: quickjs.Context) -> Call:
    """`call(expression, *arguments)` evaluates `(expression)(...arguments)` and decodes what it returns."""

    def call(expression: str, *arguments: Any) -> Any:
        source = f"JSON.stringify(({expression})(...{json.dumps(arguments)}), {ENCODE})"
        return json.loads(
            context.eval(source),
            object_hook=lambda o: float(o["number"]) if o.keys() == {"number"} else o,
            parse_int=lambda digits: (
                int(digits) if len(digits) < 16 else float(digits)
            ),  # JavaScript knows doubles only
        )

    return call


@pytest.fixture(scope="session")
def math_js() -> Call:
    return caller(load("math", "descent", "training", "minima", "plane"))


@pytest.fixture(scope="session")
def precision_js() -> Call:
    return caller(load("precision"))


@pytest.fixture(scope="session")
def state_js() -> Call:
    context = load("state")
    # QuickJS is no browser: this is the one method of the one web class that the module uses, for plain keys.
    context.eval(
        "globalThis.URLSearchParams = class { constructor(s) { this.parts = s.replace(/^\\?/, '').split('&'); }"
        " get(k) { const hit = this.parts.find((p) => p.split('=')[0] === k);"
        " return hit === undefined ? null : decodeURIComponent(hit.slice(k.length + 1)); } };"
    )
    return caller(context)
