"""Tables on a phone: what decides is in view, and what has words stands as cards."""

import pytest

from tests.browser.conftest import until

pytestmark = pytest.mark.browser

# Pixels by which each table is wider than its box.
_SCROLLED = "boxes => boxes.map(box => box.scrollWidth - box.clientWidth)"


@pytest.mark.parametrize(
    "address",
    ["", "demonstration/", "practice/", "beyond/statistics/", "beyond/when-mse-is-fine/", "notation/"],
)
def test_no_column_is_out_of_view(open_page, address):
    tables = open_page(address, width="phone").locator(".table")
    assert tables.count() > 0
    assert max(tables.evaluate_all(_SCROLLED)) <= 0


def test_a_symbol_s_address_leads_to_its_meaning(open_page):
    page = open_page("notation/#sym-hat-y", width="phone")
    until(page, "scrollY > 0")
    row = page.locator("#sym-hat-y")
    assert "the probability of class 1" in row.inner_text()
    meaning = row.locator("td").nth(1).bounding_box()
    assert 0 <= meaning["x"] < meaning["x"] + meaning["width"] <= 360
    assert 0 <= meaning["y"] < 740
    assert row.bounding_box()["height"] < 120
    assert page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_losses_have_their_colours_and_their_lines(open_page, scheme):
    page = open_page("", scheme=scheme)
    look = (
        """(cell) => [getComputedStyle(cell).color, getComputedStyle(cell, "::before").backgroundImage.split("(")[0]]"""
    )
    (mse, dashed), (bce, solid) = (page.locator(f"th.{name}").first.evaluate(look) for name in ("of-mse", "of-bce"))
    assert mse != bce
    assert (dashed, solid) == ("repeating-linear-gradient", "linear-gradient")
    ink = page.locator(".rows td").first.evaluate("cell => getComputedStyle(cell).color")
    assert ink not in {mse, bce}
