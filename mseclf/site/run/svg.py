"""One small SVG for both themes: matplotlib's file with its colours turned into CSS variables.

The file is light, and the site's sheet turns its picture on dark pages: a media query inside it would follow the
reader's choice of theme in Chromium and Firefox, but not in WebKit. No glyph, number or id depends on the time or the
folder of the build.
"""

import re
from typing import Final

# Colour of mseclf.plots -> (CSS variable, on light ground, on dark ground).
# Words in a loss's colour need 4.5:1 against the page, so the tones shown differ from Okabe and Ito's originals.
THEME: Final[dict[str, tuple[str, str, str]]] = {
    "#d55e00": ("--fig-mse", "#b34e00", "#f59a52"),
    "#0072b2": ("--fig-bce", "#0069a6", "#5cb8ee"),
    "#009e73": ("--fig-green", "#00775a", "#35c79c"),
    "#cc79a7": ("--fig-purple", "#a0457d", "#e39dc5"),
    "#1f2933": ("--fig-ink", "#1f2933", "#e6eaee"),
    "#667380": ("--fig-muted", "#56626e", "#aab4be"),
    "#9aa3ad": ("--fig-axis", "#7a8590", "#7f8b97"),
    "#dde2e7": ("--fig-grid", "#dde2e7", "#39414b"),
    "#ffffff": ("--fig-paper", "#ffffff", "#14181d"),
}
# What matplotlib draws with when nobody chose a colour.
_ALIASES: Final = {"#000000": "#1f2933"}

# CSS counts 96 pixels to the inch, SVG from matplotlib 72 points.
_PIXELS_PER_POINT: Final = 96 / 72

_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_COORDINATES = re.compile(r' (?:d|x|y)="[^"]*"')
_STYLE = re.compile(r' style="([^"]*)"')
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
_HEAD = re.compile(r'<svg[^>]*?width="([\d.]+)pt" height="([\d.]+)pt" viewBox="([^"]*)"[^>]*>')
# What could run or fetch when somebody opens the file itself: scripts, other documents, handlers, links out of it.
_ACTIVE = re.compile(
    r"<\s*(?:\w+:)?(?:script|foreignobject|iframe|embed|object|handler|set|animate\w*)\b|\son\w+\s*="
    r"|href\s*=\s*[\"'](?!\s*(?:#|data:image/png;))[^\"']*|@import|url\(\s*[\"']?(?!#)[^)]*|<!entity",
    re.IGNORECASE,
)
_ID_GIVEN = re.compile(r' id="([^"]*)"')
_REFERENCE = re.compile(r'(?:url\(#|href="#)([^")]+)')


def themed(svg: str) -> tuple[str, int, int]:
    """Give matplotlib's SVG the colours of the theme, and shorten it.

    Args:
        svg: What `Figure.savefig(format="svg")` wrote, with `svg.fonttype: path` and without metadata.

    Returns:
        The SVG, and its width and height in CSS pixels.

    Raises:
        ValueError: It is not an SVG that matplotlib wrote, or it holds a script or refers to something outside itself.
    """
    head = _HEAD.search(svg)
    if head is None:
        raise ValueError("not an SVG written by matplotlib: no <svg> with a width and a height in points")
    width, height = (round(float(head[i]) * _PIXELS_PER_POINT) for i in (1, 2))
    body = svg[head.end() :]
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"\s*<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"\s*<defs>\s*<style.*?</style>\s*</defs>", "", body, count=1, flags=re.DOTALL)
    if active := _ACTIVE.search(body):
        raise ValueError(f"a figure is a drawing: {active[0].strip()!r} has no place in it")
    body = _STYLE.sub(lambda match: f' style="{_with_variables(match[1])}"', body)
    body = _COORDINATES.sub(_rounded, body)
    body = _drop_unused_ids(body)
    body = re.sub(r">\s*\n\s*<", "><", body).strip()
    opening = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="{head[3]}">'
    )
    return f"{opening}<style>{stylesheet()}</style>{body}\n", width, height


def stylesheet() -> str:
    """The CSS inside each figure: the variables, and ink for what has no colour of its own."""
    light = ";".join(f"{name}:{value}" for name, value, _ in THEME.values())
    return f"svg{{fill:var(--fig-ink);{light}}}*{{stroke-linejoin:round;stroke-linecap:butt}}"


def _with_variables(style: str) -> str:
    def variable(match: re.Match[str]) -> str:
        colour = match[0].lower()
        entry = THEME.get(_ALIASES.get(colour, colour))
        return f"var({entry[0]})" if entry else colour

    return _COLOUR.sub(variable, style).replace(": ", ":").replace("; ", ";")


def _rounded(match: re.Match[str]) -> str:
    # A hundredth of a point is a hundred times finer than a line.
    text = " ".join(match[0].split())
    return " " + _LONG_NUMBER.sub(lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), text)


def _drop_unused_ids(body: str) -> str:
    used = set(_REFERENCE.findall(body))
    return _ID_GIVEN.sub(lambda match: match[0] if match[1] in used else "", body)
