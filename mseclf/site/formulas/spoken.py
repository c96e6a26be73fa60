"""A formula as it is said: the name that a screen reader gives it."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_MARKS: Final = {"\u0302": "hat", "\u20d7": "vector", "\u0304": "bar", "\u0303": "tilde"}
_ACCENTS: Final = {"^": "hat", "\u2192": "vector", "\u00af": "bar", "~": "tilde"}
_SAID: Final = {
    "=": "equals",
    unicodedata.normalize("NFD", "≠"): "is not equal to",
    "<": "is less than", ">": "is greater than", "≤": "is at most",
    "≥": "is at least", "≈": "is about", "∼": "behaves like", "∝": "is proportional to", "→": "to", "∈": "in",
    "⟺": "if and only if", "⟹": "implies", "+": "plus", "−": "minus", "-": "minus", "⋅": "times", "×": "times",
    "⊙": "times, entry by entry,", "/": "over", "(": "open paren", ")": "close paren", "[": "open bracket",
    "]": "close bracket", "{": "open brace", "}": "close brace", "|": "bar", "∣": "bar", "‖": "double bar",
    "∥": "double bar", "∂": "partial", "∇": "nabla", "∑": "the sum", "∏": "the product", "∫": "the integral",
    "∞": "infinity", "′": "prime", "⊤": "transposed", "√": "root", ":": "such that", "log": "log", "∗": "star",
    "≪": "is much less than", "≫": "is much greater than", "…": "and so on", "⋯": "and so on", "!": "factorial",
    "α": "alpha", "β": "beta", "ε": "epsilon", "ϵ": "epsilon", "η": "eta", "θ": "theta", "λ": "lambda", "μ": "mu",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "ω": "omega", "ℓ": "ell",
    "arg max": "arg max", "lim": "the limit",
}  # fmt: skip
_POWERS: Final = {"2": "squared", "3": "cubed", "⊤": "transposed", "T": "transposed", "′": "prime", "∗": "star"}
_WITH_BOUNDS: Final = frozenset({"the sum", "the product", "the integral", "the limit"})


@cache
def spoken(mathml: str) -> str:
    r"""The formula of a MathML element in words: ``\frac{1}{4}`` is ``1 over 4``, ``\hat y^2`` is ``y hat squared``."""
    words = " ".join(_row(list(ElementTree.fromstring(mathml))).split())
    return re.sub(r" (?=[,;])", "", words)


def _row(elements: Sequence[Element]) -> str:
    return " ".join(filter(None, map(_said, elements)))


def _said(element: Element) -> str:
    children = list(element)
    match element.tag:
        case "mi" | "mn" | "mtext" | "mo":
            word = unicodedata.normalize("NFD", re.sub("[\u2061-\u2064]", "", element.text or "").strip())
            letter, accent = word[:1], _MARKS.get(word[1:])
            return f"{_SAID.get(letter, letter)} {accent}" if accent else _SAID.get(word, word)
        case "semantics":
            return _said(children[0])
        case "menclose":
            mark = "crossed out" if "strike" in element.get("notation", "") else "boxed"
            return f"{mark} {_row(children)} end {mark}"
        case "mfrac":
            return _fraction(*children)
        case "msqrt":
            return f"the root of {_row(children)}{' end root' if _is_long(*children) else ''}"
        case "mover" if (accent := (children[1].text or "")) in _ACCENTS:
            return f"{_said(children[0])} {_ACCENTS[accent]}"
        case "msub" | "munder":
            return _scripts(children[0], children[1], None)
        case "msup" | "mover":
            return _scripts(children[0], None, children[1])
        case "msubsup" | "munderover":
            return _scripts(*children)
        case "mtable":
            return "; ".join(_row(list(row)) for row in children)
        case _:
            return _row(children)


def _fraction(above: Element, below: Element) -> str:
    words = f"{_row([above])} over {_row([below])}"
    return f"the fraction {words} end fraction" if _is_long(above) or _is_long(below) else words


def _scripts(base: Element, below: Element | None, above: Element | None) -> str:
    words = _said(base)
    low, high = (None if part is None else _said(part) for part in (below, above))
    if words in _WITH_BOUNDS:
        start = "as" if words == "the limit" else "from" if high else "over"
        return " ".join(filter(None, [words, low and f"{start} {low}", high and f"to {high}", "of"]))
    if low:
        words = f"{words} {'over' if words in ('max', 'min') else 'sub'} {low}"
    if above is None or high is None:
        return words
    if (power := _POWERS.get("".join(above.itertext()).strip())) is not None:
        return f"{words} {power}"
    if match := re.fullmatch(r"open paren (\w+) close paren", high):
        return f"{words} number {match[1]}"  # of an example: the notation puts its index in parentheses
    return f"{words} to the power {high}{' end power' if _is_long(above) else ''}"


def _is_long(*elements: Element) -> bool:
    """Whether it must be told where it ends."""
    return sum(len(list(element.iter("mo"))) > 0 and len(list(element.iter())) > 3 for element in elements) > 0
