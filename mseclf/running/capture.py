"""What is taken from a script that has ended: its open figures and its `values`."""

import io
import math
import re
from collections.abc import Mapping
from typing import Any

from mseclf.running.svg import themed

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class ExampleFault(Exception):
    """Something wrong with an example that is not an exception of its own; `line` where it is known."""

    def __init__(self, message: str, line: int | None = None, traceback: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.traceback = traceback


def figures(example: str) -> list[dict[str, Any]]:
    """Save every figure that pyplot holds open, as the same bytes each time.

    A figure's name is its label (`plots.subplots(num="curvature")`), or its position: "1", "2".

    Raises:
        ExampleFault: Two figures share a name, or a label cannot stand in an address.
    """
    import matplotlib.pyplot as plt

    saved: dict[str, dict[str, Any]] = {}
    for position, number in enumerate(plt.get_fignums(), start=1):
        figure = plt.figure(number)
        name = str(figure.get_label() or position)
        if not _LABEL.fullmatch(name):
            raise ExampleFault(f"figure label {name!r}: only letters, digits, - and _ can stand in an address")
        if name in saved:
            raise ExampleFault(f"two figures are called {name!r}")
        try:
            svg, width, height = themed(_drawn(figure, f"{example}/{name}"))
        except Exception as error:
            raise ExampleFault(f"figure {name!r} cannot be drawn: {type(error).__name__}: {error}") from error
        saved[name] = {"name": name, "svg": svg, "width": width, "height": height}
    return list(saved.values())


def _drawn(figure: Any, salt: str) -> str:
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.StringIO()
    canvas: Any = FigureCanvasSVG(figure)
    # Both settings are read while saving. Without a fixed salt and without dates the bytes would differ each time.
    with matplotlib.rc_context({"svg.hashsalt": salt, "svg.fonttype": "path"}):
        # The same bytes as from `figure.savefig`, which draws a figure with a layout twice: once to lay it out.
        canvas.print_svg(buffer, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return buffer.getvalue()


def plain_values(values: object) -> dict[str, int | float | str | bool]:
    """Check the mapping `values` and turn NumPy's scalars into Python's.

    An infinity is a value that can be printed and meant. A NaN is a computation that went wrong, and is refused.

    Raises:
        ExampleFault: `values` is no mapping, or an entry is not one number, text or truth value.
    """
    if not isinstance(values, Mapping):
        raise ExampleFault(f"values is {_kind(values)}, not a mapping from names to numbers or text")
    return {_checked_key(key): _plain(key, value) for key, value in values.items()}


def _checked_key(key: object) -> str:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise ExampleFault(f"values[{key!r}]: a key is a name of letters, digits and underscores")
    return key


def _plain(key: object, value: object) -> int | float | str | bool:
    import numpy as np

    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        raise ExampleFault(f"values[{key!r}] is NaN")
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    raise ExampleFault(f"values[{key!r}] is {_kind(value)}, not one number, text or truth value")


def _kind(value: object) -> str:
    shape = getattr(value, "shape", None)
    return f"{type(value).__name__} of shape {shape}" if shape is not None else type(value).__name__
