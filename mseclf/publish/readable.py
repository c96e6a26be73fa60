"""What an example says and computes, as a reader takes it: few digits, and symbols instead of their names."""

import math
import re
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"
_DIGITS: Final = 6
_LARGE: Final = 1e15  # from here on a float no longer knows its last digits before the point
_SIGNS: Final = {"sigma'": "σ′", "sigma": "σ", "y_hat": "ŷ"}
_RAISED: Final = str.maketrans("0123456789-akn", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵃᵏⁿ", " ()")


def readable(value: float | str) -> str:
    """A value to be looked at: integers exactly, other numbers to six significant digits.

    >>> readable(123456789), readable(1.9876543), readable(-4.2032855521087996e-16)
    ('123,456,789', '1.98765', '−4.20329 × 10⁻¹⁶')
    """
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}".replace("-", MINUS)
    if math.isinf(value):
        return f"{MINUS if value < 0 else ''}∞"
    if 10**_DIGITS <= abs(value) < _LARGE:
        return f"{value:,.0f}".replace("-", MINUS)
    digits, _, power = f"{value + 0.0:,.{_DIGITS}g}".partition("e")
    raised = f" × 10{str(int(power)).translate(_RAISED)}" if power else ""
    return digits.replace("-", MINUS) + raised


def with_signs(text: str) -> str:
    """The plain text of a docstring with the signs that it writes out: σ for ``sigma``, − and raised exponents.

    >>> with_signs("at -a it is sigma'(z) [y_hat (1 - y_hat)]^(k - 1)")
    'at −a it is σ′(z) [ŷ (1 − ŷ)]ᵏ⁻¹'
    """
    text = re.sub(r"\b(?:sigma'?|y_hat)(?![\w'])", lambda match: _SIGNS[match[0]], text)
    text = re.sub(r"\^(\w|-?\d+|\([\dakn -]+\))(?!\w)", lambda match: _raised(match[1]) or match[0], text)
    return re.sub(r"(?<![^\s(\[])-(?=[\w(])|(?<=[\w)\]] )-(?= [\w(\[])", MINUS, text)


def _raised(exponent: str) -> str:
    """The exponent in raised letters; empty when there are none for it."""
    raised = exponent.translate(_RAISED)
    return "" if set(raised) & set(exponent) else raised
