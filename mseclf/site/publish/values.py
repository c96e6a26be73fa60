"""What an example computed, as readers take it: looked up for prose, and in few digits for tables."""

import math
import re
from collections.abc import Mapping
from typing import Final

from mseclf.site.defect import Trouble, did_you_mean
from mseclf.site.page import ValueSlot
from mseclf.site.publish.literal import literal

_LONG: Final = re.compile(r"\d{3}")
_MINUS: Final = "\N{MINUS SIGN}"
_SIGNIFICANT: Final = 6
_LARGE: Final = 1e15  # from here on a float no longer knows its last digits before the point
_EXPONENT: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def format_value(slot: ValueSlot, computed: Mapping[str, Mapping[str, object]]) -> str:
    """Return the value that a slot names, of those that scripts `computed`, as Markdown that cannot become markup.

    Raises:
        Trouble: the example or the key does not exist, or the format does not fit the value.
    """
    if slot.example not in computed:
        raise Trouble(f"there is no example {slot.example!r}", did_you_mean(slot.example, computed))
    values = computed[slot.example]
    if slot.key not in values:
        raise Trouble(f"examples/{slot.example}.py has no value {slot.key!r}", did_you_mean(slot.key, values))
    value = values[slot.key]
    if _LONG.search(slot.format_spec):
        raise Trouble(f"the format {slot.format_spec!r} is too wide", "widths and precisions have at most two digits")
    try:
        text = format(value, slot.format_spec)
    except ValueError as error:
        blank = re.search(r"[ \n]", slot.format_spec)
        remedy = "is its closing backtick missing?" if blank else "write a format such as .3f or ,.0f"
        raise Trouble(f"the format {slot.format_spec!r} does not fit {slot.key} = {value!r}: {error}", remedy) from None
    # A minus sign, not a hyphen, and a line must not break after it.
    return literal(text.replace("-", _MINUS) if isinstance(value, int | float) else text)


def readable(value: float | str) -> str:
    """A value to be looked at: integers exactly, other numbers to six significant digits.

    >>> readable(123456789), readable(1.9876543), readable(-4.2032855521087996e-16)
    ('123,456,789', '1.98765', '−4.20329 × 10⁻¹⁶')
    """
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}".replace("-", _MINUS)
    if math.isinf(value):
        return f"{_MINUS if value < 0 else ''}∞"
    if 10**_SIGNIFICANT <= abs(value) < _LARGE:
        return f"{value:,.0f}".replace("-", _MINUS)
    digits, _, power = f"{value + 0.0:,.{_SIGNIFICANT}g}".partition("e")
    raised = f" × 10{str(int(power)).translate(_EXPONENT)}" if power else ""
    return digits.replace("-", _MINUS) + raised
