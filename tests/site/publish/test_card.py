"""The card that is shown where the site is shared: its size, its weight, and that its curves are the gradients."""

import re
import struct
from pathlib import Path

import numpy as np
import pytest

from mseclf import bce_gradient_logit, mse_gradient_logit
from mseclf.site.publish.head_tags import CARD, CARD_SIZE

ROOT = Path(__file__).resolve().parents[3]
SVG = (ROOT / "docs/assets/card.svg").read_text(encoding="utf-8")


def test_the_picture_has_the_size_that_the_pages_announce_and_is_light():
    content = (ROOT / "docs" / CARD).read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", content[16:24]) == CARD_SIZE
    assert len(content) < 150_000


@pytest.mark.parametrize(("name", "gradient"), [("bce", bce_gradient_logit), ("mse", mse_gradient_logit)])
def test_the_curves_are_the_gradients_of_a_positive_example(name, gradient):
    points = re.search(rf'<polyline id="{name}"[^>]* points="([^"]*)"', SVG)[1].split()
    x, y = np.array([[float(number) for number in point.split(",")] for point in points]).T
    z = (x - 80) / 1040 * 16 - 8
    size = (560 - y) / 230
    assert len(z) == 81
    assert (z[0], z[-1]) == (-8.0, 8.0)
    # The drawing keeps one decimal of a pixel in each direction, and the curve is nowhere steeper than 1/4 per logit.
    np.testing.assert_allclose(size, np.abs(gradient(1.0, z)), atol=0.051 / 230 + 0.25 * 0.051 / 65)
