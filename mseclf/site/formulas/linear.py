"""A formula in one line of plain text: for readers of text, descriptions, previews and alternative texts."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

ACCENTS: Final = {"^": "\u0302", "\u2192": "\u20d7", "\u00af": "\u0304", "~": "\u0303"}
_SMALL: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺ⁿⁱᵀ"
_RAISED: Final = str.maketrans("0123456789-\u2212+ni\u22a4", _SMALL)
_SPACED: Final = frozenset("=+<>≤≥≠≈∼→∈⟺⟹⊙⋅×−∝≪≫:")
_BEFORE_A_SIGN: Final = frozenset("([{,;") | _SPACED
_BARS: Final = frozenset("|‖")
# A number, a letter, a function's value or what is in parentheses, each with its indices and powers; before it may be
# a sign of differentiation. What is inside parentheses does not stand here.
_SCRIPTS: Final = rf"(?:_\w+|_\(\)|′|[{_SMALL}]|\^\w+|\^\(\))*"
_ONE_TERM: Final = re.compile(
    rf"(?:[\d.]+|[∂∇]?[{_SMALL}]*[^\W\d_][\u0300-\u036f\u20d0-\u20ff]*|\(\)|(?:σ′?|[A-Za-z]{{3,}}{_SCRIPTS})(?:\(\))?|√\w|√\d+|√\(\)"
    rf"|\|[^|]*\||‖[^‖]*‖|.){_SCRIPTS}"
)
_LEAF: Final = re.compile(r"[\d.]+|[^\W\d_][\u0300-\u036f\u20d0-\u20ff]*|[A-Za-z]{3,}|.")
_FRACTION_OF_NUMBERS: Final = re.compile(r"[\d.]+/[\d.]+")


@cache  # pages repeat their formulas
def linear(mathml: str) -> str:
    r"""The formula of a MathML element as text: ``\frac{1}{2}(y-\hat y)^2`` is ``1/2 (y − ŷ)²``.

    Raises:
        ValueError: an element of MathML that is not known here; silence would drop a part of the formula.
    """
    text = " ".join(_in_row(list(ElementTree.fromstring(mathml))).split())
    text = re.sub(rf"(?<=\b[a-z]{{2}})([{_SMALL}]*) (?=\()|(?<=[a-z]{{3}})([{_SMALL}]*) (?=\()", r"\1\2", text)
    return unicodedata.normalize("NFC", re.sub(r" (?=[)\]},;])", "", text))


def _in_row(children: Sequence[Element]) -> str:
    text = ""
    for position, child in enumerate(children):
        part = _element_text(child)
        if child.tag == "mo" and part in _SPACED:
            is_sign = part in "+−" and _opens(text)
            text += part if is_sign else f" {part} "
        elif child.tag == "mo" and part == ",":
            text += ", "
        elif child.tag == "mo" and part in _BARS:
            text = text.rstrip(" ") if _is_open(text, part) else text  # the bar that closes
            text += part
        elif child.tag == "mfrac" and _multiplied(part, children[position + 1 :]):
            text += f"{' ' if text[-1:].isalnum() else ''}({part.strip()}) "
        else:
            text += f" {part}" if _must_part(text, child, part) else part
    return text


def _opens(text: str) -> bool:
    """Whether a sign after this text has nothing before it that it could be applied to."""
    before = text.rstrip()
    return not before or before[-1] in _BEFORE_A_SIGN or (before[-1] in _BARS and _is_open(before, before[-1]))


def _is_open(text: str, bar: str) -> bool:
    return text.count(bar) % 2 == 1


def _must_part(text: str, child: Element, part: str) -> bool:
    """Whether the next part would run into an index, a power or a word before it."""
    if not part[:1].isalnum() and part[:1] not in "∂∇∑√":
        return False
    named = _names_function(part)
    after_script = re.search(r"[_^](\w+[\u0300-\u036f\u20d0-\u20ff]*|\([^()]*\))$", text)
    return (
        bool(after_script) or (named and text[-1:] in ")′") or (text[-1:].isalnum() and (child.tag == "mfrac" or named))
    )


def _multiplied(fraction: str, rest: Sequence[Element]) -> bool:
    """Whether a factor follows that could be taken for a part of the denominator; derivatives are read as operators."""
    following = next((element for element in rest if _is_wide(element) or _element_text(element).strip()), None)
    if (
        following is None
        or _is_wide(following)
        or fraction.startswith("∂")
        or _FRACTION_OF_NUMBERS.fullmatch(fraction.strip())
    ):
        return False
    return re.match(r"[(\w√]", _element_text(following).strip()) is not None


def _is_wide(element: Element) -> bool:
    """Whether it is a space that parts a formula from what is said of it."""
    return any(
        space.get("width", "").endswith("em") and float(space.get("width", "")[:-2]) >= 1
        for space in element.iter("mspace")
    )


def _names_function(text: str) -> bool:
    """Whether the text begins with the name of a function, such as ``log`` or ``max``."""
    return re.match(r"[a-z]{2}", text) is not None


def _element_text(element: Element) -> str:
    children = list(element)
    match element.tag:
        case "mi" | "mn" | "mtext":
            word = element.text or ""
            return f"{word} " if _names_function(word) else word
        case "mo":
            word = re.sub("[\u2061-\u2064]", "", element.text or "").replace("\u2223", "|")
            return f"{word} " if _names_function(word) else word
        case "semantics":
            return _in_row(children[:1])
        case "mrow" | "mstyle" | "menclose" | "math" | "mpadded" | "mtd":
            return _in_row(children)
        case "mspace":
            return " "
        case "mfrac":
            return f"{_numerator(children[0])}/{_group(children[1])} "
        case "msqrt":
            return f"√{_group(*children)}"
        case "mover" if (accent := _element_text(children[1])) in ACCENTS:
            return _element_text(children[0]).strip() + ACCENTS[accent]
        case "msub" | "munder":
            return _scripts(children[0], children[1], None)
        case "msup" | "mover":
            return _scripts(children[0], None, children[1])
        case "msubsup" | "munderover":
            return _scripts(*children)
        case "mtable":
            between = " " if element.get("columnalign", "").startswith("right left") else ", "
            rows = [[" ".join(_element_text(cell).split()) for cell in row] for row in children]
            return _lines([between.join(filter(None, row)) for row in rows])
        case _:
            raise ValueError(f"no words for the MathML element <{element.tag}>")


def _lines(rows: Sequence[str]) -> str:
    """The rows of a table one after the other; one that goes on what is above it is not parted from that."""
    text = ""
    for row in rows:
        goes_on = row[:1] in _SPACED and not re.match(r"[+−][\w(]", row)
        text += f"{' ' if goes_on else '; '}{row}" if text else row
    return text


def _scripts(base: Element, below: Element | None, above: Element | None) -> str:
    text = _element_text(base).strip()
    if below is not None:
        text += f"_{_leaf(below)}"
    if above is not None:
        raised = _in_row([above])
        small = raised.translate(_RAISED)
        as_it_is = not set(raised) - {"′"} or not set(small) - set(_SMALL)
        text += small if as_it_is else f"^{_leaf(above)}"
    return f"{text} " if base.tag == "mo" or _names_function(text) else text


def _leaf(element: Element) -> str:
    """An index or a power: in parentheses, unless it is one letter, one number or one word."""
    text = _in_row([element]).strip()
    closed = text.startswith("(") and text.endswith(")") and ")" not in text[1:-1]
    return text if closed or _LEAF.fullmatch(text) else f"({text})"


def _numerator(element: Element) -> str:
    """In parentheses where it is a sum; a product needs none."""
    text = _in_row([element]).strip()
    return f"({text})" if re.search(r" [^\w(√|‖] ", _outside(text)) else text


def _group(*elements: Element) -> str:
    """In parentheses, unless it is one term or has parentheses already."""
    text = _in_row(elements).strip()
    return text if _ONE_TERM.fullmatch(_outside(text)) else f"({text})"


def _outside(text: str) -> str:
    """The text with nothing inside its parentheses."""
    kept, depth = "", 0
    for character in text:
        depth -= character == ")"
        kept += character if depth == 0 else ""
        depth += character == "("
    return kept
