"""A counterexample as a drawing: both sides of the step that fails, on one line of numbers, as the verdict has them."""

import html
import re
from typing import Final

from mseclf.site.proofs import Verdict

_WIDTH: Final = 320
_MARGIN: Final = 24
_LINE: Final = 30  # where the line of numbers runs
_CLAIMED: Final = {"=": "=", "<": "<", ">": ">", "<=": "≤", ">=": "≥", "!=": "≠"}
_NAME: Final = re.compile(r"(?P<name>[A-Za-z]+(?:_hat)?)(?:\^\((?P<sample>\d+)\))?(?:_(?P<entry>\d+))?(?= = )")
_GREEK: Final = {"theta": "θ", "eta": "η", "sigma": "σ", "y_hat": "ŷ"}


def counterexample_html(verdict: Verdict) -> str:
    """The figure under a display that is refuted; empty where a side has no number."""
    numbers = _numbers(verdict)
    if not numbers:
        return ""
    left, right = numbers
    said, sign, other = verdict.sides
    at = f" at {point_html(verdict.counterexample)}" if verdict.counterexample else ""
    words = f"{at} the left side is {with_minus(said)}, the right side {with_minus(other)}"
    claim = f"The claim is left {html.escape(_CLAIMED[sign])} right."
    return (
        f'<figure class="counterexample" data-search-exclude>{_drawing(left, right, verdict.sides)}'
        f"<figcaption>Counterexample:{words}. {claim}</figcaption></figure>"
    )


def point_html(point: str) -> str:
    """``z^(1) = 1/2`` as a reader writes it.

    >>> point_html("theta_1 = -2, x^(1)_2 = 1/3")
    '<i>θ</i><sub>1</sub> = −2, <i>x</i><sup>(1)</sup><sub>2</sub> = 1/3'
    """

    def name(match: re.Match[str]) -> str:
        sample = f"<sup>({match['sample']})</sup>" if match["sample"] else ""
        entry = f"<sub>{match['entry']}</sub>" if match["entry"] else ""
        return f"<i>{_GREEK.get(match['name'], match['name'])}</i>{sample}{entry}"

    return with_minus(_NAME.sub(name, html.escape(point)))


def with_minus(words: str) -> str:
    """Negative numbers with the sign that mathematics has."""
    return re.sub(r"(?<![\w)])-(?=\d)", "\N{MINUS SIGN}", words)


def _numbers(verdict: Verdict) -> tuple[float, float] | None:
    if not verdict.sides or verdict.sides[1] not in _CLAIMED:
        return None
    try:
        return float(verdict.sides[0]), float(verdict.sides[2])
    except ValueError:
        return None  # it is given by a formula


def _drawing(left: float, right: float, sides: tuple[str, ...]) -> str:
    """The line, what lies between the two sides, and both: the left one above it, the right one below."""
    low, high = min(left, right), max(left, right)
    if high - low > 0.15 * max(abs(low), abs(high)):  # else they would lie on each other
        low, high = min(low, 0.0), max(high, 0.0)
    scale = (_WIDTH - 2 * _MARGIN) / ((high - low) or 1.0)

    def at(value: float) -> float:
        return round(_MARGIN + (value - low) * scale, 1)

    zero = f'<path class="zero" d="M{at(0)} {_LINE - 5}v10"/>' if low <= 0 <= high else ""
    words = f"{with_minus(sides[0])} on the left, {with_minus(sides[2])} on the right"
    return (
        f'<svg viewBox="0 0 {_WIDTH} 62" width="{_WIDTH}" height="62" role="img" aria-label="{words}">'
        f'<path class="numbers" d="M4 {_LINE}H{_WIDTH - 4}"/>{zero}'
        f'<path class="between" d="M{at(left)} {_LINE}H{at(right)}"/>'
        f'<circle class="left" cx="{at(left)}" cy="{_LINE}" r="5"/>'
        f'<circle class="right" cx="{at(right)}" cy="{_LINE}" r="5"/>'
        f"{_word(at(left), 16, f'left {with_minus(sides[0])}')}"
        f"{_word(at(right), 54, f'right {with_minus(sides[2])}')}</svg>"
    )


def _word(x: float, y: int, words: str) -> str:
    anchor = "start" if x < _WIDTH / 3 else "end" if x > 2 * _WIDTH / 3 else "middle"
    near = {"start": x - 6, "end": x + 6, "middle": x}[anchor]
    return f'<text x="{near:g}" y="{y}" text-anchor="{anchor}">{html.escape(words)}</text>'
