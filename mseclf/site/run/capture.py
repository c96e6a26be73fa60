"""What is taken from a script that has ended: its open figures and its `values`."""

import functools
import io
import math
import re
import sys
from collections.abc import Mapping
from typing import Any, Final

from mseclf.site.run.legible import drawn_words, flaws, heavy
from mseclf.site.run.svg import themed

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPENED: Final = "_mseclf_opened_at_line"
_STILL: Final = (
    "an animation: a page shows figures that stand still; draw some of its moments beside or below each other "
    "(plots.subplots(1, 2)), or end with the last one"
)


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
        ExampleFault: Two figures share a name, a label cannot stand in an address, or a figure cannot be read.
    """
    import matplotlib.pyplot as plt

    saved: dict[str, dict[str, Any]] = {}
    for position, number in enumerate(plt.get_fignums(), start=1):
        figure = plt.figure(number)
        name, line = str(figure.get_label() or position), getattr(figure, _OPENED, None)
        if not _LABEL.fullmatch(name):
            raise ExampleFault(f"figure label {name!r}: only letters, digits, - and _ can stand in an address", line)
        if same := next((other for other in saved if other.lower() == name.lower()), ""):
            said = f"two figures are called {name!r}" if same == name else f"figures {same!r} and {name!r} are one file"
            raise ExampleFault(f"{said}{'' if same == name else ' where case does not count; rename one'}", line)
        try:
            svg, width, height, wrong = _drawn(figure, f"{example}/{name}")
        except Exception as error:
            raise ExampleFault(f"figure {name!r} cannot be drawn: {type(error).__name__}: {error}", line) from error
        if wrong:
            raise ExampleFault("; ".join(f"figure {name!r}: {said}" for said in wrong), line)
        saved[name] = {"name": name, "svg": svg, "width": width, "height": height}
    return list(saved.values())


def watch_figures(script: str) -> None:
    """From now on note the line of the script that opens each figure, and refuse what only moves.

    Args:
        script: Its absolute path.
    """
    from matplotlib.animation import Animation
    from matplotlib.figure import Figure

    begin = Figure.__init__

    @functools.wraps(begin)
    def noted(self: Any, *args: Any, **options: Any) -> None:
        begin(self, *args, **options)
        setattr(self, _OPENED, line_of(script))

    def refused(self: Any, *args: Any, **options: Any) -> None:
        raise ExampleFault(_STILL, line_of(script))

    Figure.__init__ = noted  # type: ignore[method-assign]
    Animation.__init__ = refused  # type: ignore[method-assign]


def line_of(script: str) -> int | None:
    """The line of the script that runs now."""
    frame = sys._getframe()
    while frame is not None and frame.f_code.co_filename != script:
        frame = frame.f_back  # type: ignore[assignment]
    return frame.f_lineno if frame is not None else None


def _drawn(figure: Any, salt: str) -> tuple[str, int, int, list[str]]:
    """A figure as it is published, its width and height, and why it cannot be."""
    with drawn_words() as words:
        raw = _svg_of(figure, salt)
    svg, width, height = themed(raw)
    too_heavy = heavy(raw, len(svg.encode()))
    return svg, width, height, [too_heavy] if too_heavy else flaws(figure, raw, words)


def _svg_of(figure: Any, salt: str) -> str:
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
    return {_checked_key(key): _scalar(key, value) for key, value in values.items()}


def _checked_key(key: object) -> str:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise ExampleFault(f"values[{key!r}]: a key is a name of letters, digits and underscores")
    return key


def _scalar(key: object, value: object) -> int | float | str | bool:
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
