"""Both derivations in two columns: rows on a desk, one below the other on a phone; the factor kept, and struck out."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

BOXES = """(both) => [...both.children].map((child) => {
  const { x, y, width, height } = child.getBoundingClientRect();
  return [child.id || child.tagName, x, y + scrollY, width, height];
})"""
STEPS = 5


def _steps(open_page, width):
    """The boxes of each step: its words, squared error, cross-entropy."""
    boxes = open_page("demonstration/", width=width).locator(".both").evaluate(BOXES)
    assert len(boxes) == 3 * STEPS
    return [boxes[first : first + 3] for first in range(0, len(boxes), 3)]


def test_on_a_desk_both_cells_of_a_step_stand_beside_each_other_in_their_columns(open_page):
    for words, mse, bce in _steps(open_page, "desk"):
        assert (words[0], mse[0][:7], bce[0][:7]) == ("P", "eq-mse-", "eq-bce-")
        assert mse[2] == bce[2] > words[2]
        assert mse[4] == bce[4]
        assert mse[1] + mse[3] < bce[1]


def test_on_a_phone_a_step_is_read_downwards(open_page):
    for words, mse, bce in _steps(open_page, "phone"):
        assert words[2] < mse[2] < bce[2]
        assert mse[1] == bce[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_shared_factor_is_framed_on_the_left_and_struck_out_twice_on_the_right(open_page, scheme):
    page = open_page("demonstration/", scheme=scheme)
    cells = [page.locator(f"#eq-{name}") for name in ("mse-sigmoid-kept", "bce-sigmoid-cancelled")]
    # For the column there is one drawing, or several of which one is shown.
    kept, struck = (cell.locator("svg:visible").first.locator(".marked") for cell in cells)
    expect(kept.locator("> rect")).to_have_count(1)
    expect(struck.locator("> line")).to_have_count(2)
    colours = {one.evaluate("(one) => getComputedStyle(one).fill") for one in (*kept.all(), *struck.all())}
    text = page.locator(".both").evaluate("(both) => getComputedStyle(both).color")
    assert len(colours) == 1
    assert colours != {text}


def test_each_cell_is_an_equation_of_the_page_with_its_address_and_its_check(open_page):
    page = open_page("demonstration/#eq-bce-sigmoid-cancelled")
    cells = page.locator(".both > .equation")
    expect(cells).to_have_count(2 * STEPS)
    expect(page.locator(".both [data-status=proved]")).to_have_count(2 * STEPS - 2)
    expect(page.locator(".both [data-status=definition]")).to_have_count(2)
    target = page.locator("#eq-bce-sigmoid-cancelled")
    expect(target).to_be_in_viewport()
    target.locator("summary").click()
    expect(target.locator(".equation-facts")).to_be_visible()
    expect(target.locator(".equation-tex")).to_have_text(re.compile(r"\\cancel"))
    assert page.complaints == []


def test_a_screen_reader_and_the_plain_copy_lose_no_factor(site):
    page = (site / "demonstration" / "index.html").read_text(encoding="utf-8")
    assert page.count("menclose") >= 6, "opened and closed, three times"
    assert r"\cancel{\hat y" in (site / "demonstration" / "index.md").read_text(encoding="utf-8")
