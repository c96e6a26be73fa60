"""One control and one sentence inside the argument: by keyboard, finger and mouse, with its state in the address."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import mseclf

pytestmark = pytest.mark.browser
PAGES = {
    "gradient": "beyond/gradient-size/",
    "escape": "beyond/escape-time/",
    "curvature": "beyond/curvature/",
    "precision": "beyond/finite-precision/",
}


def place(page, name):
    """The place, once it lives."""
    found = page.locator(f"[data-inline={name}]")
    found.scroll_into_view_if_needed()
    expect(found).to_have_attribute("data-state", "live")
    return found


def said(found):
    return found.locator(".inline-said").inner_text().replace("−", "-").replace(",", "")


def names(found):
    """The formats that it says to be dead."""
    text = said(found)
    return re.findall(r"b?float\d+", text.partition("alive")[0]) if "exactly 0" in text else []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", ["phone", "desk"])
def test_it_lives_where_its_place_was_kept(open_page, name, width):
    page = open_page(PAGES[name], width=width)
    kept = page.locator(f"[data-inline={name}]").bounding_box()["height"]
    found = place(page, name)
    assert found.bounding_box()["height"] == kept
    slider = found.get_by_role("slider")
    for key in ("Home", "End"):
        slider.press(key)
        assert found.bounding_box()["height"] == kept, said(found)
    assert page.complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_a_sentence_with_the_same_lesson_stands_there(open_page, name):
    text = open_page(PAGES[name], scripts=False).locator(f"[data-inline={name}]").inner_text()
    assert len(re.findall(r"\d\.\d", text)) >= 1


def test_the_numbers_are_the_package_s(open_page):
    found = place(open_page("beyond/gradient-size/?gradient=v:-6.5"), "gradient")
    mse, bce = (abs(float(f(1.0, -6.5))) for f in (mseclf.mse_gradient_logit, mseclf.bce_gradient_logit))
    numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", said(found))]
    assert numbers == pytest.approx([-6.5, 0.0015, bce, mse, bce / mse], rel=5e-3)
    found = place(open_page("beyond/escape-time/?escape=v:10"), "escape")
    mse, bce = (float(f(10.0)) for f in (mseclf.mse_escape_time, mseclf.bce_escape_time))
    numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", said(found))]
    assert numbers == pytest.approx([-10, bce, mse, mse / bce, mse / bce / 4], rel=5e-3)
    found = place(open_page("beyond/curvature/?curvature=v:-2"), "curvature")
    assert f"({float(mseclf.mse_second_derivative_logit(1.0, -2.0)):.3g})" in said(found)
    assert "bends down" in said(found)


def test_a_format_goes_dead_where_the_page_says(open_page, served):
    """The proved limits are B log 2."""
    page = open_page("beyond/finite-precision/")

    def dead_at(logit):
        page.goto(f"{served}beyond/finite-precision/?precision=v:{logit}")
        return names(place(page, "precision"))

    for bits, dead in ((8, "bfloat16"), (11, "float16"), (24, "float32"), (53, "float64")):
        logit = round(bits * float(np.log(2)) + 0.3, 1)
        assert dead in dead_at(logit)
        assert dead not in dead_at(f"{logit - 0.8:.1f}")


def _by_key(page, slider):
    slider.press("ArrowRight")


def _by_finger(page, slider):
    box = slider.bounding_box()
    page.touchscreen.tap(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)


def _by_mouse(page, slider):
    box = slider.bounding_box()
    page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + box["height"] / 2)


@pytest.mark.parametrize("move", [_by_key, _by_finger, _by_mouse])
def test_it_moves_and_the_address_brings_it_back(open_page, move):
    page = open_page("beyond/gradient-size/", has_touch=True)
    found = place(page, "gradient")
    before = said(found)
    move(page, found.get_by_role("slider"))
    page.wait_for_url("**/?gradient=v:*")
    after = said(found)
    assert after != before
    expect(found.get_by_role("status")).to_have_text(found.locator(".inline-said").inner_text())
    page.reload()
    assert said(place(page, "gradient")) == after
    assert page.complaints == []


def test_garbage_in_the_address_changes_nothing(open_page):
    page = open_page("beyond/gradient-size/?gradient=v:x,__proto__:1")
    assert said(place(page, "gradient")).startswith("At -4 ")
