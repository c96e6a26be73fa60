"""The ledger: a wall of equations that is whole without scripts, and filtered with them."""

import pytest

from tests.browser.conftest import until

pytestmark = pytest.mark.browser

_SHOWN = "cards => cards.filter(card => card.checkVisibility()).length"


def shown(page):
    return page.locator(".wall > li").evaluate_all(_SHOWN)


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", ["phone", "desk"])
def test_every_equation_is_on_the_wall_and_readable(open_page, width, scripts):
    page = open_page("ledger/", width=width, scripts=scripts)
    assert shown(page) > 150
    assert page.locator(".wall-filters label:visible").count() == (3 if scripts else 1)
    sizes = page.locator(".wall img").evaluate_all(
        "all => all.map(image => image.getBoundingClientRect().width / image.getAttribute('width'))"
    )
    assert min(sizes) > 0.75, "a drawing is shrunk until nobody can read it"


def test_without_scripts_the_wall_is_filtered_by_status(open_page):
    page = open_page("ledger/", scripts=False)
    whole = shown(page)
    for status in page.locator("[data-filter=status] option").evaluate_all("all => all.map(one => one.value)")[1:]:
        page.get_by_label("Status").select_option(status)
        assert 0 < shown(page) == page.locator(f".wall > [data-status={status}]").count() < whole
        pages = page.locator(".wall-page:visible")
        assert pages.count() == pages.filter(has=page.locator(f".wall > [data-status={status}]")).count()
    page.get_by_label("Status").select_option("")
    assert shown(page) == whole


def test_a_drawing_that_comes_near_is_fetched_and_no_other(open_page):
    page = open_page("ledger/")
    fetched = "all => all.filter(image => image.complete && image.naturalWidth > 0).length"
    images = page.locator(".wall img")
    assert images.evaluate_all(fetched) < images.count() / 2
    images.last.scroll_into_view_if_needed()
    until(page, "[...document.querySelectorAll('.wall img')].at(-1).naturalWidth > 0")


def test_the_wall_is_filtered_by_keyboard_and_the_address_says_how(open_page):
    page = open_page("ledger/")
    whole = shown(page)
    page.get_by_label("Status").focus()
    page.keyboard.type("Refuted")
    page.wait_for_url("**/ledger/?status=refuted")
    few = shown(page)
    assert 8 < few < whole
    assert page.locator(".wall-count").inner_text() == f"{few} of {whole} displays"
    assert page.locator(".wall-page:not([hidden]) h3").all_inner_texts() == ["The review#"]
    page.reload()
    assert shown(page) == few
    page.get_by_label("Status").select_option("")
    page.wait_for_url("**/ledger/")
    assert shown(page) == whole
    assert page.complaints == []


def test_the_function_leads_to_its_line(open_page):
    page = open_page("ledger/?function=mse_gradient_logit")
    assert 1 <= shown(page) < 20  # of about two hundred
    page.locator(".wall > li:not([hidden])").first.get_by_role("link", name="mse_gradient_logit").click()
    page.wait_for_url("**/source/losses/#line-*")


def test_an_address_that_makes_no_sense_filters_nothing(open_page):
    page = open_page("ledger/?status=x&page=<b>&function=")
    assert shown(page) > 150
    assert page.complaints == []
