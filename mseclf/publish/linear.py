"""A formula in one line of plain text, for what cannot hold a drawing: descriptions, previews, alternative texts."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_ACCENTS: Final = {"^": "\u0302", "\u2192": "\u20d7", "\u00af": "\u0304", "~": "\u0303"}
_RAISED: Final = str.maketrans("0123456789-\u2212+ni\u22a4", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺ⁿⁱᵀ")
_SPACED: Final = frozenset("=+<>≤≥≠≈∼→∈⟺⟹⊙⋅×−∝≪≫:")
_BEFORE_A_SIGN: Final = frozenset("([{,|") | _SPACED
# A number, or a letter or a word with its accents, indices and powers; before it may be a sign of differentiation.
_ONE_TERM: Final = re.compile(
    r"\d[\d.]*|([∂∇][²³ⁿ]?)?([^\W\d_][\u0300-\u036f\u20d0-\u20ff]*|[A-Za-z]{3,})?(_\w+|′|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿⁱᵀ])*|."
)


@cache  # pages repeat their formulas
def linear(mathml: str) -> str:
    r"""The formula of a MathML element as text: ``\frac{1}{2}(y-\hat y)^2`` is ``1/2 (y − ŷ)²``.

    Raises:
        ValueError: an element of MathML that is not known here; silence would drop a part of the formula.
    """
    text = " ".join(_row(list(ElementTree.fromstring(mathml))).split())
    text = re.sub(r"(?<=\b[a-z]{2}) (?=\()|(?<=[a-z]{3}) (?=\()", "", text)  # log (z) is log(z)
    return unicodedata.normalize("NFC", re.sub(r" (?=[)\],;])", "", text))


def _row(children: Sequence[Element]) -> str:
    text = ""
    for child in children:
        part = _text(child)
        if child.tag == "mo" and part in _SPACED:
            is_sign = part in "+−" and (not text.strip() or text.rstrip()[-1] in _BEFORE_A_SIGN)
            text += part if is_sign else f" {part} "
        elif child.tag == "mo" and part == ",":
            text += ", "
        elif text[-1:].isalnum() and (child.tag == "mfrac" or _is_word(part)):
            text += f" {part}"
        else:
            text += part
    return text


def _is_word(text: str) -> bool:
    """Whether the text begins with the name of a function, such as ``log`` or ``max``."""
    return re.match(r"[a-z]{2}", text) is not None


def _text(element: Element) -> str:
    children = list(element)
    match element.tag:
        case "mi" | "mn" | "mtext":
            word = element.text or ""
            return f"{word} " if _is_word(word) else word
        case "mo":
            word = re.sub("[\u2061-\u2064]", "", element.text or "").replace("\u2223", "|")
            return f"{word} " if _is_word(word) else word
        case "mrow" | "mstyle" | "math" | "mpadded" | "mtd":
            return _row(children)
        case "mspace":
            return " "
        case "mfrac":
            return f"{_group(children[0])}/{_group(children[1])} "
        case "msqrt":
            return f"√{_group(*children)}"
        case "mover" if (accent := _text(children[1])) in _ACCENTS:
            return _text(children[0]).strip() + _ACCENTS[accent]
        case "msub" | "munder":
            return _scripts(children[0], children[1], None)
        case "msup" | "mover":
            return _scripts(children[0], None, children[1])
        case "msubsup" | "munderover":
            return _scripts(*children)
        case "mtable":
            return "; ".join(_row(list(row)) for row in children)
        case _:
            raise ValueError(f"no words for the MathML element <{element.tag}>")


def _scripts(base: Element, below: Element | None, above: Element | None) -> str:
    text = _text(base).strip()
    if below is not None:
        text += f"_{_group(below)}"
    if above is not None:
        raised = _row([above])
        small = raised.translate(_RAISED)
        as_it_is = not set(raised) - {"′"} or not set(small) - set(map(chr, _RAISED.values()))
        text += small if as_it_is else f"^{_group(above)}"
    return f"{text} " if base.tag == "mo" or _is_word(text) else text


def _group(*elements: Element) -> str:
    """In parentheses, unless it is one term or has parentheses already."""
    text = _row(elements).strip()
    closed = text.startswith("(") and text.endswith(")") and ")" not in text[1:-1]
    return text if closed or _ONE_TERM.fullmatch(text) else f"({text})"
