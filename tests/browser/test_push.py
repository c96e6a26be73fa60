"""The experiment on the home page: one logit by mouse, finger and keys; what it says is what the package computes."""

import re

import pytest
from playwright.sync_api import expect

import mseclf

pytestmark = pytest.mark.browser

SHAFTS = """(push) => Object.fromEntries([...push.querySelectorAll(".push-head")].map((head) =>
  [head.classList.contains("xp-mse") ? "mse" : "bce", head.getBBox().x + head.getBBox().width]))"""
BALL = "(push) => push.querySelector('.push-ball').cx.baseVal.value"


@pytest.fixture
def push(open_page):
    """The experiment, once it lives; `options` are those of a visit."""

    def visit(address="", **options):
        page = open_page(address, **options)
        live = page.locator("push-experiment")
        expect(live.locator("svg")).to_be_visible()
        return page, live

    return visit


def _lengths(live):
    """How long each loss's arrow is, in pixels, from the ball's edge; an arrow that died is not there."""
    ball = live.evaluate(BALL) + 6.5
    return {name: tip - ball for name, tip in live.evaluate(SHAFTS).items()}


def _drag(page, live, z):
    """With the mouse, from where the ball is to a logit."""
    box = live.locator("svg").bounding_box()
    page.mouse.move(box["x"] + live.evaluate(BALL), box["y"] + 70)
    page.mouse.down()
    page.mouse.move(box["x"] + 14 + (z + 20) / 28 * (box["width"] - 28), box["y"] + 90, steps=4)
    page.mouse.up()


def test_one_drag_and_the_arrow_of_squared_error_is_gone(push):
    page, live = push()
    before = _lengths(live)
    _drag(page, live, -10)
    expect(live.get_by_role("slider")).to_have_value("-10")
    after = _lengths(live)
    assert after["bce"] > before["bce"] > 5 * before["mse"] > 20
    assert "mse" not in after
    expect(live.locator(".push-verdict")).to_have_text(
        re.compile(
            r"in 1\u00a0second, squared error needs 33\u00a0minutes\.2,005 times as long at the same rate, 501 times"
        )
    )
    expect(page).to_have_url(re.compile(r"\?push=z:-10$"))
    page.keyboard.press("ArrowRight")  # the keys go on where the mouse left
    expect(live.get_by_role("slider")).to_have_value("-9.75")
    assert page.complaints == []


@pytest.mark.parametrize("z", [-4, -0.5, 0.75])
def test_the_arrows_are_as_long_as_the_packages_gradients(push, z):
    _, live = push(f"?push=z:{z}")
    lengths = _lengths(live)
    want = mseclf.mse_gradient_logit(1.0, z) / mseclf.bce_gradient_logit(1.0, z)
    assert lengths["mse"] / lengths["bce"] == pytest.approx(float(want), abs=0.002)


def test_keys_move_the_logit_to_both_ends_and_a_screen_reader_hears_what_is_seen(push):
    page, live = push()
    slider = live.get_by_role("slider", name="Logit z of an example with label 1")
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "−20, probability 2.1×10⁻⁹")
    expect(live.get_by_role("status")).to_have_text(re.compile("1\u00a0second, squared error needs 267\u00a0days"))
    page.keyboard.press("End")
    expect(live.get_by_role("status")).to_have_text(re.compile("Right already"))
    assert set(_lengths(live)) <= {"bce"}, "sure and right: nothing is left to push"


def test_a_finger_drags_the_logit_and_the_page_stays_where_it_is(push):
    page, live = push(width="phone", has_touch=True, is_mobile=True)
    box = live.locator("svg").bounding_box()
    session = page.context.new_cdp_session(page)
    begin, end = box["x"] + live.evaluate(BALL), box["x"] + 14
    for kind, x in (("touchStart", begin), *(("touchMove", begin + (end - begin) * part / 8) for part in range(1, 9))):
        points = [{"x": x, "y": box["y"] + 80}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(live.get_by_role("slider")).to_have_value("-20")
    assert page.evaluate("scrollY") == 0


def test_on_a_phone_it_comes_before_the_prose_and_is_seen_without_scrolling(push):
    page, live = push(width="phone")
    box = live.bounding_box()
    assert box["y"] + box["height"] <= 740
    assert box["y"] + box["height"] <= page.locator(".answer").bounding_box()["y"]


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_it_never_changes_its_height(push, width):
    _, live = push(width=width)
    heights = live.evaluate("""(push) => {
      const slider = push.querySelector("input");
      return [...Array(113)].map((_, i) => {
        slider.value = i / 4 - 20;
        slider.dispatchEvent(new Event("input"));
        return push.getBoundingClientRect().height;
      });
    }""")
    assert len(set(heights)) == 1


def test_without_scripts_and_before_them_the_figure_stands_there(open_page):
    page = open_page("", scripts=False)
    expect(page.locator("#explorer-push figure img")).to_be_visible()


def test_on_paper_nothing_is_left_that_asks_to_be_dragged(push):
    page, live = push("?push=z:-12")
    page.emulate_media(media="print")
    expect(live.locator(".push-verdict")).to_be_visible()
    expect(live.get_by_role("slider")).to_be_hidden()
    expect(live.get_by_text("Drag")).to_be_hidden()


def test_who_wants_less_motion_gets_none(push):
    running = "(push) => push.getAnimations({ subtree: true }).length"
    assert push(reduced_motion="reduce")[1].evaluate(running) == 0
    assert push()[1].evaluate(running) == 1, "rings say where to touch it: else the line above shows nothing"


def test_garbage_in_the_address_changes_nothing(push):
    _, live = push("?push=z:abc,__proto__:1")
    expect(live.get_by_role("slider")).to_have_value("-2")
