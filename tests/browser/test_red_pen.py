"""The review: the original, its correction beside it, the reasons in the margin, the counterexamples drawn."""

import pytest

pytestmark = pytest.mark.browser

_OPEN = "all => all.filter(one => one.open).length"


def errors(page):
    return page.locator(".red-pen")


def parts(page, number):
    error = errors(page).nth(number)
    return [error.locator(f"> {part}").bounding_box() for part in (".original", ".reveal", ".correction")]


def test_the_correction_stands_beside_the_original_and_the_note_in_the_margin(open_page):
    page = open_page("review/")
    assert errors(page).count() == 12
    for number in range(12):
        original, note, correction = parts(page, number)
        assert original["x"] + original["width"] <= correction["x"]
        assert correction["x"] + correction["width"] <= note["x"]
        assert max(abs(part["y"] - original["y"]) for part in (note, correction)) < 2


def test_on_a_phone_they_follow_each_other(open_page):
    page = open_page("review/", width="phone")
    for number in range(12):
        original, note, correction = parts(page, number)
        assert original["y"] + original["height"] <= note["y"]
        assert note["y"] + note["height"] <= correction["y"]


def _by_key(page, button):
    button.focus()
    page.keyboard.press("Enter")


def _by_finger(page, button):
    button.tap()


def _by_mouse(page, button):
    button.click()


@pytest.mark.parametrize("press", [_by_key, _by_finger, _by_mouse])
def test_all_notes_open_together_and_close_together(open_page, press):
    page = open_page("review/", has_touch=True)
    notes = page.locator(".red-pen > .reveal")
    press(page, page.get_by_role("button", name="Open all notes"))
    page.get_by_role("button", name="Close all notes").wait_for()
    assert notes.evaluate_all(_OPEN) == 12
    page.wait_for_url("**/review/?open=1.2.3.4.5.6.7.8.9.10.11.12")
    notes.nth(4).locator("summary").first.click()
    press(page, page.get_by_role("button", name="Open all notes"))
    page.get_by_role("button", name="Close all notes").wait_for()
    press(page, page.get_by_role("button", name="Close all notes"))
    page.wait_for_url("**/review/")
    assert notes.evaluate_all(_OPEN) == 0
    assert page.complaints == []


@pytest.mark.parametrize("media", ["screen", "print"])
def test_what_is_wrong_is_underlined_by_the_pen(open_page, media):
    page = open_page("review/")
    page.emulate_media(media=media)
    stroke = """all => all.map(one => getComputedStyle(one, "::after"))
      .map(style => [parseFloat(style.width), parseFloat(style.height), style.maskImage !== "none"])"""
    for width, height, wavy in page.locator(".equation-false .tex-display").evaluate_all(stroke):
        assert width > 100
        assert height > 3
        assert wavy


def test_without_scripts_each_note_opens_by_itself_and_no_button_is_missing(open_page):
    page = open_page("review/", scripts=False)
    note = page.locator(".red-pen > .reveal").first
    note.locator("summary").click()
    assert note.locator("p").first.is_visible()
    assert not page.locator(".open-all").is_visible()


def test_each_claim_that_is_refuted_has_its_counterexample_drawn(open_page):
    page = open_page("review/", scripts=False)
    wrong = page.locator(".equation-false")
    assert wrong.count() == page.locator('.equation-more[data-status="refuted"]').count() > 8
    for number in range(wrong.count()):
        drawing = wrong.nth(number).locator(".counterexample svg")
        assert drawing.is_visible()
        assert drawing.get_attribute("aria-label")
        assert "Counterexample: at" in wrong.nth(number).locator("figcaption").inner_text()


def test_a_display_says_through_which_definitions_it_was_proved_and_where_it_was_attacked(open_page):
    page = open_page("demonstration/")
    page.locator("#eq-mse-gradient summary").click()
    panel = page.locator("#eq-mse-gradient .equation-facts")
    assert "Attacked first at" in panel.inner_text()
    panel.locator("p", has_text="By the definition").get_by_role("link").click()
    page.wait_for_url("**/demonstration/#eq-mse")
