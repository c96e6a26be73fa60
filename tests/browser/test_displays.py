"""Displays are set for their column: none is broken that fits, none overflows, one setting is seen."""

from collections import Counter

import pytest

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 768, 1280, 1920)
SMALLEST = 0.9  # of a display that is still a little too wide
_MEASURE = """async (wide) => {
  while (innerWidth !== wide) await new Promise(requestAnimationFrame);
  for (const fold of document.querySelectorAll("details:not(.equation-more)")) fold.open = true;
  return [...document.querySelectorAll(".tex-display")].map((display) => {
    const style = getComputedStyle(display);
    const room = display.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const drawings = [...display.querySelectorAll(":scope > svg")];
    const wanted = drawings.map((drawing) => parseFloat(drawing.getAttribute("width")) * parseFloat(style.fontSize));
    const seen = drawings.map((drawing) => drawing.getBoundingClientRect().width);
    const place = seen.findIndex((width) => width > 0);
    return { id: display.closest(".equation").id, seen: seen.filter((width) => width > 0).length, place,
      scale: seen[place] / wanted[place], brokenThoughItFits: wanted.slice(0, place).some((width) => width <= room),
      overflows: display.scrollWidth > display.clientWidth };
  });
}"""


def test_each_display_is_set_for_its_column(chromium, served, site, addresses):
    """A page is opened once, and its window made wider."""
    page = chromium.new_page()
    wrong, narrow = {}, Counter()
    for address in addresses:
        if "tex-display" not in (site / address / "index.html").read_text("utf-8"):
            continue
        page.goto(f"{served}{address}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 860})
            for display in page.evaluate(_MEASURE, width):
                narrow[width] += display["place"] > 0
                right = display["seen"] == 1 and not display["brokenThoughItFits"] and not display["overflows"]
                if not right or display["scale"] < SMALLEST:
                    wrong[display["id"], width] = display
    page.close()
    assert wrong == {}
    assert {width for width in WIDTHS if narrow[width] > 20} == {320, 360}
