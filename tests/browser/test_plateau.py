"""The plateau: a guess, a run on linear time, and the guess beside the proved factor; by mouse, finger and keys."""

import re

import pytest
from playwright.sync_api import expect

import mseclf

pytestmark = pytest.mark.browser

ARRIVED = "?plateau=first:bce,times:100,at:11"


@pytest.fixture
def plateau(open_page):
    """The experiment, once it lives; `options` are those of a visit."""

    def visit(address="", **options):
        page = open_page(f"beyond/escape-time/{address}", **options)
        live = page.locator("plateau-run")
        expect(live.locator("svg").first).to_be_visible()
        return page, live

    return visit


def _status(live):
    return live.locator(".plateau-said")


def _button(live, name):
    return live.get_by_role("button", name=name, exact=True)


def test_it_waits_for_a_guess_and_then_for_its_start(plateau):
    page, live = plateau()
    expect(_button(live, "Run")).to_have_attribute("aria-disabled", "true")
    _button(live, "Run").click(force=True)  # it can be focused and pressed, and says what is missing
    expect(_status(live)).to_have_text("Choose an answer to both questions, then run.")
    looks = "(button) => [getComputedStyle(button).color, getComputedStyle(button).backgroundColor]"
    ink, ground = _button(live, "Run").evaluate(looks)
    assert ink != ground  # under the mouse
    live.get_by_role("radio", name="cross-entropy").check()
    live.get_by_role("radio", name="100", exact=True).check()
    expect(_status(live)).to_have_text("Now run.")
    notes = live.locator(".xp-note")
    assert sorted(notes.all_text_contents()) == ["BCE −10", "MSE −10"], "nothing has moved, nothing is given away"
    expect(_button(live, "Skip the wait")).to_have_attribute("aria-disabled", "true")
    assert page.complaints == []


def test_cross_entropy_arrives_squared_error_still_crawls_and_the_guess_is_compared(plateau):
    page, live = plateau("?plateau=first:bce,times:100")
    _button(live, "Run").click()
    expect(_button(live, "Pause")).to_be_visible()
    expect(_status(live)).to_have_text(re.compile(r"arrived at 11\. Squared error has moved by 0\.000"), timeout=30_000)
    _button(live, "Skip the wait").click()
    ratio = mseclf.mse_escape_time(10.0) / mseclf.bce_escape_time(10.0)
    want = f"squared error needs {ratio:,.0f} times as long, {ratio / 4:,.0f} times at four times the rate. "
    expect(_status(live)).to_have_text(
        f"Proved below: {want}You guessed 100: {ratio / 100:.0f} times too few.", timeout=30_000
    )
    expect(live.get_by_text(f"MSE at {mseclf.mse_escape_time(10.0):,.0f}")).to_be_visible()
    expect(page).to_have_url(re.compile(r"plateau=first:bce,times:100,at:end$"))
    assert page.complaints == []


def test_the_wait_that_is_named_is_what_is_left_at_this_pace(plateau):
    _, live = plateau(ARRIVED)
    expect(_status(live)).to_have_text(re.compile(r"moved by 0\.0005; at this pace it needs another 2 hours\."))


@pytest.mark.parametrize(
    ("guess", "words"),
    [
        ("first:bce,times:10000", "You guessed 10,000: 5 times too many."),
        ("first:mse,times:10", "You guessed that it would be the first."),
        ("", "501 times at four times the rate."),
    ],
)
def test_an_address_shows_the_end_with_its_guess(plateau, guess, words):
    _, live = plateau(f"?plateau={guess},at:end")
    expect(_status(live)).to_have_text(re.compile(re.escape(words) + "$"))
    expect(_button(live, "Run again")).to_be_visible()


def test_by_keys_alone_and_with_less_motion_in_three_frames(plateau):
    page, live = plateau(reduced_motion="reduce")
    live.get_by_role("radio", name="squared error").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(_button(live, "Run")).to_be_focused()
    page.keyboard.press("Enter")
    expect(_status(live)).to_have_text(re.compile("Cross-entropy arrived at 11"))
    expect(_button(live, "Go on")).to_be_focused()
    page.keyboard.press("Enter")
    expect(_status(live)).to_have_text(re.compile("Proved below"))
    expect(live.get_by_role("status")).to_have_text(re.compile("Proved below"))


def test_a_finger_does_it_too(plateau):
    _, live = plateau(width="phone", has_touch=True, is_mobile=True, reduced_motion="reduce")
    live.get_by_role("radio", name="cross-entropy").tap()
    live.get_by_role("radio", name="1,000", exact=True).tap()
    _button(live, "Run").tap()
    _button(live, "Skip the wait").tap()
    expect(_status(live)).to_have_text(re.compile(r"You guessed 1,000: 2 times too few\.$"))


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_its_height_is_the_same_at_each_stage(plateau, width):
    heights = set()
    for state in ("", "?plateau=first:bce,times:100", ARRIVED, "?plateau=first:bce,times:10000,at:end"):
        heights.add(plateau(state, width=width)[1].bounding_box()["height"])
    assert len(heights) == 1


def test_reset_takes_all_back(plateau):
    page, live = plateau("?plateau=first:bce,times:100,at:end")
    _button(live, "Reset").click()
    expect(_status(live)).to_have_text("Choose an answer to both questions, then run.")
    expect(live.get_by_role("radio", checked=True)).to_have_count(0)
    expect(page).to_have_url(re.compile("escape-time/$"))


def test_on_paper_and_without_scripts_two_frames_stand_there(plateau, open_page):
    page, live = plateau()
    page.emulate_media(media="print")
    expect(live.locator("figure img")).to_be_visible()
    expect(_button(live, "Run")).to_be_hidden()
    still = open_page("beyond/escape-time/", scripts=False)
    expect(still.locator("#explorer-plateau figure img")).to_be_visible()


@pytest.mark.parametrize("state", ["at:1e999", "at:-5", "times:7,first:toString", "at:x"])
def test_garbage_in_the_address_shows_the_question(plateau, state):
    _, live = plateau(f"?plateau={state}")
    expect(_status(live)).to_have_text("Choose an answer to both questions, then run.")
