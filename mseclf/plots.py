"""The look of a figure: one colour and one line style for each loss, quiet axes, words beside the lines.

Importing this module sets matplotlib's style, so that `python examples/NAME.py` and the build draw the same figure.
The colours below are what a script run by itself shows. The build replaces each of them by a CSS variable with a
value for light and one for dark pages (see `mseclf.site.run.svg`), so use these names and no other colours. `plots.MSE`
is a colour; the loss itself is `mseclf.MSE`.
"""

import os
import sys
from pathlib import Path
from typing import Any, Final

import matplotlib
import matplotlib.pyplot as plt
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation
from matplotlib.ticker import NullFormatter

# Okabe and Ito's palette: vermilion and blue differ for every common colour vision, and in lightness.
MSE: Final = "#D55E00"
BCE: Final = "#0072B2"
GREEN: Final = "#009E73"
PURPLE: Final = "#CC79A7"
INK: Final = "#1F2933"
MUTED: Final = "#667380"
AXIS: Final = "#9AA3AD"
GRID: Final = "#DDE2E7"
PAPER: Final = "#FFFFFF"

# Colour is never the only difference: MSE is dashed, BCE is solid.
MSE_LINE: Final[dict[str, Any]] = {"color": MSE, "linestyle": (0, (5, 1.8)), "linewidth": 2.1}
BCE_LINE: Final[dict[str, Any]] = {"color": BCE, "linestyle": "-", "linewidth": 2.1}

STYLE: Final = Path(__file__).with_name("mseclf.mplstyle")
WIDTH: Final = 6.0

# Set by the build in the process of each example; there the engine takes the open figures itself.
BUILD_VARIABLE: Final = "MSECLF_EXAMPLE"

# "default" first: a reader's own matplotlibrc must not change the figures.
matplotlib.style.use(["default", STYLE])


def subplots(nrows: int = 1, ncols: int = 1, height: float = 3.2, **kwargs: Any) -> tuple[Figure, Any]:
    """Open a figure of the site's width, 6 inches: the figure and its axes, as `matplotlib.pyplot.subplots` does.

    More than two panels beside each other are too small on a phone.
    """
    return plt.subplots(nrows, ncols, figsize=(WIDTH, height), **kwargs)


def label(ax: Axes, x: float, y: float, text: str, color: str = INK, **kwargs: Any) -> Annotation:
    """Write a few words beside a line, in its colour, instead of in a legend.

    The text stands at (x, y) in data coordinates. It gets a rim of the page's colour, so it stays legible where it
    crosses a line. Options go to `Axes.annotate` (`ha="right"`, `va="top"`, `xytext=(6, -4)` as an offset in points).
    """
    options: dict[str, Any] = {"xytext": (0, 0), "textcoords": "offset points", "fontweight": "bold", "va": "center"}
    rim = [withStroke(linewidth=3.5, foreground=PAPER)]
    return ax.annotate(text, (x, y), color=color, path_effects=rim, **(options | kwargs))


def name_y(ax: Axes, text: str) -> None:
    """Name the vertical axis above it, where a name is read without tilting the head and takes no width."""
    ax.set_title(text)


def plain_numbers(axis: Axis) -> None:
    """Write the ticks of a logarithmic axis as 0.1, 1, 1,000: the small exponent of a power is lost on a phone.

    The axis (`ax.xaxis` or `ax.yaxis`) already has its scale.
    """
    axis.set_major_formatter(lambda value, _position: f"{value:,g}".replace("-", "\N{MINUS SIGN}"))
    axis.set_minor_formatter(NullFormatter())


def in_build() -> bool:
    """Whether this process is an example run by the build."""
    return BUILD_VARIABLE in os.environ


def finish() -> None:
    """End an example: show its figures on a screen, or else save them; inside the build, leave them to it.

    Without a screen each open figure is saved in the working directory as `NAME.svg`, with `-LABEL` or `-2` added for
    the second and later ones, and the path is printed.
    """
    if in_build():
        return
    if any(plt.figure(number).canvas.required_interactive_framework for number in plt.get_fignums()):
        plt.show()
        return
    name = Path(getattr(sys.modules["__main__"], "__file__", None) or "figure").stem
    for position, number in enumerate(plt.get_fignums(), start=1):
        figure = plt.figure(number)
        suffix = "" if position == 1 else f"-{figure.get_label() or position}"
        path = Path(f"{name}{suffix}.svg")
        # White paper: an image viewer may be dark, and these colours are made for light.
        figure.savefig(path, facecolor=PAPER, metadata={"Date": None})
        print(f"saved {path}")
