"""Numbers in prose: a look-up in what an example computed, never an evaluation."""

import difflib
import re
from collections.abc import Mapping

from mseclf.pages import ValueSlot
from mseclf.publish.literal import literal
from mseclf.running import ExampleFailure, ExampleRun


def format_value(slot: ValueSlot, runs: Mapping[str, ExampleRun], failures: Mapping[str, ExampleFailure]) -> str:
    """Return the value that a slot names, formatted, as Markdown that cannot become markup.

    Raises:
        ValueError: the example or the key does not exist, or the format does not fit the value.
    """
    if slot.example in failures:
        raise ValueError(f"no value {slot.key!r}: examples/{slot.example}.py failed")
    if slot.example not in runs:
        raise ValueError(f"there is no example {slot.example!r}{_nearest(slot.example, runs)}")
    values = runs[slot.example].values
    if slot.key not in values:
        raise ValueError(f"examples/{slot.example}.py has no value {slot.key!r}{_nearest(slot.key, values)}")
    value = values[slot.key]
    if _LONG.search(slot.format_spec):
        raise ValueError(f"the format {slot.format_spec!r} is too wide: widths and precisions have at most two digits")
    try:
        text = format(value, slot.format_spec)
    except ValueError as error:
        raise ValueError(f"the format {slot.format_spec!r} does not fit {slot.key} = {value!r}: {error}") from None
    # A minus sign, not a hyphen, and a line must not break after it.
    return literal(text.replace("-", "\N{MINUS SIGN}") if isinstance(value, int | float) else text)


_LONG = re.compile(r"\d{3}")


def _nearest(word: str, words: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(word, words, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
