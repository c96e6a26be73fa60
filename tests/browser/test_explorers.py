"""The explorers in a real browser, under a strict content security policy: hands, keyboard, address, both themes."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

import mseclf
from tests.browser.conftest import STILL

EXPLORERS = Path(__file__).parents[2] / "docs" / "assets" / "explorers"
NAMES = {
    "loss": "loss-explorer",
    "race": "loss-race",
    "landscape": "loss-landscape",
    "trap": "separable-trap",
    "weights": "two-weights",
}
ORIGIN = "http://explorers.test"

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)  # of a machine that has much else to do; nothing is held to a time here


def stylesheet(kind: str) -> str:
    folder = files("material") / "templates" / "assets" / "stylesheets"
    return next(f.read_text() for f in folder.iterdir() if re.fullmatch(rf"{kind}\.\w+\.min\.css", f.name))


def html(scheme: str) -> str:
    places = "".join(
        f'<h2 id="about-{name}">{name}</h2><p><a href="?{name}=">start</a></p>'
        f'<div class="explorer" id="explorer-{name}" data-explorer="{name}"><p>a figure of {name}</p></div>'
        for name in NAMES
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Explore</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<link rel="stylesheet" href="/main.css"><link rel="stylesheet" href="/palette.css">'
        '<link rel="stylesheet" href="/explorers.css"></head>'
        f'<body data-md-color-scheme="{scheme}"><main class="md-main"><div class="md-main__inner md-grid">'
        f'<div class="md-content"><article class="md-content__inner md-typeset"><h1>Explore</h1>{places}'
        "</article></div></div></main>"
        '<script type="module" src="/index.js"></script></body></html>'
    )


def serve(route: Route) -> None:
    address = urlsplit(route.request.url)
    name = address.path.lstrip("/")
    if name in ("main.css", "palette.css"):
        route.fulfill(body=stylesheet(name.removesuffix(".css")), content_type="text/css")
    elif name == "favicon.ico":
        route.fulfill(status=204)
    elif "." in name:
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        route.fulfill(body=(EXPLORERS / name).read_text(encoding="utf-8"), content_type=kind)
    else:
        policy = {"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:"}
        route.fulfill(body=html(name or "default"), content_type="text/html", headers=policy)


class Visit:
    """A page with all five explorers; what the console says is kept."""

    def __init__(self, page: Page, path: str) -> None:
        self.page = page
        page.route("**/*", serve)
        page.goto(path)

    def open(self, *names: str) -> "Visit":
        """Go to some explorers, or to all, and wait until each lives."""
        for name in names or NAMES:
            self.page.locator(f"#explorer-{name}").scroll_into_view_if_needed()
            expect(self.page.locator(f"{NAMES[name]} svg").first).to_be_visible()
        return self

    def address(self, pattern: str) -> None:
        expect(self.page).to_have_url(re.compile(pattern))


@pytest.fixture
def visit(tabs) -> Iterator:
    opened: list[Visit] = []

    def go(path: str = "/default", *, width: int = 1280, **context: object) -> Visit:
        opened.append(Visit(tabs.take(width, 900, base_url=ORIGIN, **context), path))
        return opened[-1]

    yield go
    for one in opened:
        assert one.page.complaints == [], "nothing may reach the console"


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_nothing_overflows_and_a_finger_hits_what_it_wants(visit, width):
    page = visit(width=width).open().page
    for scheme in ("default", "slate"):
        page.evaluate("(scheme) => { document.body.dataset.mdColorScheme = scheme; }", scheme)
        page.evaluate(STILL)
        result = Axe().run(page, context=".explorer")
        assert result.violations_count == 0, result.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") == width
    targets = page.locator(".explorer :is(button, input[type=number], input[type=range], .xp-choice label, .xp-hit)")
    boxes = [box for box in (one.bounding_box() for one in targets.all() if one.is_visible()) if box]
    assert len(boxes) > 40
    assert min(min(box["width"], box["height"]) for box in boxes) >= 24


def test_the_numbers_on_the_page_are_the_packages(visit):
    page = visit("/default?loss=z:-3.7,y:0.25").open("loss").page
    cells = page.locator("loss-explorer tbody b").all_inner_texts()
    want = {
        0: mseclf.mse_loss(0.25, -3.7),
        1: mseclf.bce_loss(0.25, -3.7),
        8: mseclf.mse_gradient_logit(0.25, -3.7),
        9: mseclf.bce_gradient_logit(0.25, -3.7),
    }
    for at, value in want.items():
        assert float(cells[at].replace("−", "-")) == pytest.approx(float(value), rel=5e-4)


def test_keyboard_moves_the_logit_and_the_address_brings_it_back(visit):
    one = visit("/default?other=1#about-loss").open("loss")
    page = one.page
    slider = page.get_by_role("slider", name="Logit z, slider")
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    one.address(r"\?other=1&loss=z:-11\.99#about-loss$")
    page.reload()
    expect(slider).to_have_value("-11.99")
    page.locator("loss-explorer .xp-advanced > summary").press("Enter")
    page.get_by_role("radio", name="float16", exact=True).focus()
    page.keyboard.press("ArrowRight")
    one.address(r"loss=z:-11\.99,f:float32#")


def test_every_control_is_in_the_tab_order(visit):
    page = visit().open().page
    page.evaluate("document.activeElement.blur()")
    seen = set()
    for _ in range(150):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "document.activeElement.closest('.explorer')?.id + ' ' + document.activeElement.getAttribute('role')"
            )
        )
    assert {f"explorer-{name} None" for name in NAMES} | {"explorer-landscape slider"} <= {
        s.replace("null", "None") for s in seen
    }


def test_dragging_in_the_chart_sets_the_logit(visit):
    one = visit().open("loss")
    chart = one.page.locator("loss-explorer .xp-chart > svg").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    one.page.mouse.move(box["x"] + 200, box["y"] + 80)
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + box["width"] - 12, box["y"] + 90)
    one.page.mouse.up()
    one.address("loss=z:12$")


def test_garbage_in_the_address_changes_nothing(visit):
    page = visit("/default?loss=z:x,f:float8,__proto__:1&race=w:&landscape=p:1x9&trap=n:1e99,at:-5").open().page
    expect(page.get_by_role("slider", name="Logit z, slider")).to_have_value("-4")
    expect(page.get_by_role("slider", name="Point 1")).to_have_attribute("aria-valuetext", "x = 1, 3 of 4 labels are 1")
    expect(page.locator("separable-trap caption")).to_have_text("After 0 of 10,000 steps, copies: 60")


def test_a_link_on_the_page_sets_the_state_in_place(visit):
    one = visit("/default?loss=z:3").open("loss")
    one.page.evaluate("window.stayed = true")
    one.page.locator('a[href="?loss="]').click()
    one.address("/default$")
    expect(one.page.get_by_role("slider", name="Logit z, slider")).to_have_value("-4")
    assert one.page.evaluate("window.stayed") is True


def test_the_race_runs_pauses_and_rewinds(visit, request):
    page = visit().open("race").page
    request.addfinalizer(page.context.close)  # no clock is put back
    page.clock.install()  # and time stands still, but for what is said below
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    race = page.locator("loss-race")
    caption = race.locator("caption")
    expect(caption).to_have_text("After 0 of 300 steps, y = 0")
    expect(race.get_by_role("status")).to_contain_text("Press Run")
    assert race.locator(".xp-line.xp-mse:not(.xp-thin)").evaluate_all(
        "all => all.every(one => one.getTotalLength() < 1)"
    )
    race.get_by_role("button", name="Step").click()
    expect(caption).to_have_text("After 1 of 300 steps, y = 0")
    race.get_by_role("button", name="Run").click()
    page.clock.run_for(1000)
    expect(caption).to_have_text(re.compile(r"After 4\d of 300 steps"))  # as the frames fall
    race.get_by_role("button", name="Pause").click()
    stopped = caption.inner_text()
    page.clock.run_for(1000)
    assert caption.inner_text() == stopped


def test_reduced_motion_goes_to_the_end_at_once(visit):
    page = visit("/default?race=at:0", reduced_motion="reduce").open("race").page
    race = page.locator("loss-race")
    at_once = "race => { race.querySelector('.xp-main').click(); return race.querySelector('caption').innerText; }"
    assert race.evaluate(at_once).replace("\N{NO-BREAK SPACE}", " ") == "After 300 of 300 steps, y = 0"
    expect(race.get_by_role("button", name="Run")).to_be_visible()


def test_the_race_ends_where_nielsens_does(visit):
    page = visit("/default?race=w:0.6,b:0.9,at:300").open("race").page
    expect(page.locator("loss-race tbody tr", has_text="Prediction")).to_contain_text("0.09396")
    expect(page.locator("loss-race").get_by_role("status")).to_contain_text("MSE at step 36, BCE at step 8")


def test_an_explorer_that_is_taken_away_is_silent_and_one_put_back_lives(visit):
    one = visit("/default?race=at:0").open("race")
    page = one.page
    page.locator("loss-race").get_by_role("button", name="Run").click()
    page.evaluate("window.taken = document.querySelector('loss-race'); taken.parentNode.removeChild(taken)")
    before = page.url
    page.wait_for_timeout(600)
    assert page.url == before, "a page that has been left must not write to the address of the next"
    page.evaluate("document.querySelector('#explorer-race').append(taken)")
    page.locator("loss-race").get_by_role("button", name="Rewind").click()
    expect(page.locator("loss-race caption")).to_have_text("After 0 of 300 steps, y = 0")


def test_points_move_by_keyboard_and_a_minimum_vanishes(visit):
    one = visit().open("landscape")
    page = one.page
    status = page.locator("loss-landscape").get_by_role("status")
    expect(status).to_contain_text("MSE has 2 minima")
    point = page.get_by_role("slider", name="Point 2")
    point.focus()
    for _ in range(10):
        page.keyboard.press("Shift+ArrowLeft")
    expect(point).to_have_attribute("aria-valuetext", re.compile(r"^x = 0\.\d+, 1 of 4"))
    expect(status).to_contain_text("MSE has 1 minimum")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Point 2", "the focus stays"
    one.address("landscape=p:1x3;0\\.")


def test_points_move_by_finger(visit):
    one = visit(width=360, has_touch=True).open("landscape")
    point = one.page.get_by_role("slider", name="Point 1")
    point.evaluate("(point) => point.scrollIntoView({ block: 'center' })")
    box = point.locator(".xp-hit").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = one.page.context.new_cdp_session(one.page)
    for kind, dy in (("touchStart", 0), ("touchMove", 30), ("touchMove", 200), ("touchEnd", None)):
        points = [] if dy is None else [{"x": x, "y": y + dy}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(point).to_have_attribute("aria-valuetext", "x = 1, 0 of 4 labels are 1")


@pytest.mark.parametrize(
    ("n", "says"),
    [(20, "MSE leaves the lone point at −23.7, falling"), (10, "MSE separates all points from step 928;")],
)
def test_the_trap_says_how_it_ends(visit, n, says):
    page = visit(f"/default?trap=n:{n}").open("trap").page
    expect(page.locator("separable-trap").get_by_role("status")).to_contain_text(says)


def test_without_scripts_the_figures_show(visit):
    page = visit(java_script_enabled=False).page
    for name in NAMES:
        expect(page.get_by_text(f"a figure of {name}")).to_be_visible()


def test_a_module_that_does_not_arrive_leaves_the_figure(tabs):
    page = tabs.take(1280, 900, base_url=ORIGIN)
    page.route("**/*", serve)
    page.route("**/loss.js", lambda route: route.abort())
    page.goto("/default")
    expect(page.get_by_text("a figure of loss")).to_be_visible()
    expect(page.locator("#explorer-loss")).to_have_attribute("data-state", "failed")


def test_a_longer_run_shows_its_end_where_the_end_was_shown(visit):
    race = visit("/default?race=at:300").open("race").page.locator("loss-race")
    race.locator(".xp-advanced > summary").click()
    race.get_by_role("radio", name="1,000").check(force=True)
    expect(race.locator("caption")).to_have_text("After 1,000 of 1,000 steps, y = 0")
    race.get_by_role("button", name="Rewind").click()
    race.get_by_role("radio", name="100", exact=True).check(force=True)
    expect(race.locator("caption")).to_have_text("After 0 of 100 steps, y = 0")


# What has moved so far and moves soon, with what it was.
SHIFTS = """() => new Promise((done) => {
  const shifts = [];
  const seen = ({ value, sources }) => [value,
    ...sources.map((s) => [s.node?.textContent.slice(0, 80), s.previousRect.toJSON(), s.currentRect.toJSON()])];
  new PerformanceObserver((list) => shifts.push(...list.getEntries().map(seen)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(shifts), 700);
})"""


@pytest.mark.parametrize("width", [360, 740, 1280])
def test_nothing_jumps_while_the_explorers_arrive(visit, width):
    page = visit(width=width).page
    expect(page.locator("loss-explorer caption")).to_contain_text("z = −4")
    assert page.evaluate(SHIFTS) == []


def test_the_test_above_can_fail(visit):
    page = visit().page
    page.evaluate("document.querySelector('h1').style.marginTop = '50px'")
    assert page.evaluate(SHIFTS) != []


def test_the_range_of_logits_follows_the_logit_and_the_other_way_round(visit):
    one = visit("/default?loss=z:200").open("loss")
    slider = one.page.get_by_role("slider", name="Logit z, slider")
    expect(one.page.get_by_role("radio", name="±800")).to_be_checked()
    expect(slider).to_have_value("200")
    one.page.get_by_role("radio", name="±50", exact=True).check(force=True)
    expect(slider).to_have_value("50")
    one.address("loss=z:50,w:50$")


# What lies under a text: [text, the other text or the class of the curve].
HIDDEN = """(root) => [...root.querySelectorAll(".xp-chart > svg")].flatMap((chart) => {
  const inside = (x, y, box) => x > box.left && x < box.right && y > box.top && y < box.bottom;
  const notes = [...chart.querySelectorAll(".xp-note")].map((note) => [note, note.getBoundingClientRect()]);
  const hidden = [];
  for (const [note, box] of notes) {
    for (const [other, its] of notes)
      if (other !== note && its.left < box.right && its.right > box.left
          && its.top < box.bottom - 3 && its.bottom > box.top + 3)
        hidden.push([note.textContent, other.textContent]);
    for (const curve of chart.querySelectorAll(".xp-line:is(.xp-mse, .xp-bce)")) {
      const toPage = curve.getScreenCTM();
      for (let at = 0; at < curve.getTotalLength(); at += 2) {
        const { x, y } = curve.getPointAtLength(at).matrixTransform(toPage);
        const core = { left: box.left + 2, right: box.right - 2, top: box.top + 4, bottom: box.bottom - 4 };
        if (inside(x, y, core)) { hidden.push([note.textContent, curve.getAttribute("class")]); break; }
      }
    }
  }
  return hidden;
})"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("z", [-10, -4, -0.7, 0, 3, 11])
def test_no_value_hides_a_curve_or_another_value(visit, z, width):
    page = visit(f"/default?loss=z:{z}", width=width).open("loss").page
    assert page.locator("loss-explorer").evaluate(HIDDEN) == []


def test_the_values_of_the_first_state_are_in_the_chart(visit):
    """BCE is 4.02 there: the axis goes far enough."""
    notes = visit().open("loss").page.locator("loss-explorer .xp-note").all_text_contents()
    assert sorted(notes) == ["BCE 0.982", "BCE 4.02", "MSE 0.0173", "MSE 0.482"]


def test_the_start_on_the_map_moves_by_keys_by_a_click_and_by_the_address(visit):
    one = visit().open("weights")
    page = one.page
    maps = page.locator("two-weights")
    says = maps.get_by_role("status")
    expect(says).to_have_text(
        "After step 1,000 MSE stands at (−10, −0.08), 5 of 7 wrong; BCE at its lowest point, 2 of 7 wrong."
    )
    start = maps.get_by_role("slider", name="Start of both descents")
    start.focus()
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "ArrowRight", "ArrowUp", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    expect(start).to_have_attribute("aria-valuetext", "w = −6, b = 0")
    one.address("weights=w:-6$")
    page.keyboard.press("Shift+ArrowRight")
    expect(says).to_contain_text("MSE stands at its lowest point")
    right = maps.locator(".xp-map").nth(1)
    right.scroll_into_view_if_needed()
    box = right.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + 2)
    one.address("weights=w:12,b:12$")
    page.reload()
    expect(start).to_have_attribute("aria-valuetext", "w = 12, b = 12")


def test_the_start_on_the_map_moves_by_finger(visit):
    one = visit(width=360, has_touch=True).open("weights")
    start = one.page.get_by_role("slider", name="Start of both descents")
    start.evaluate("(start) => start.scrollIntoView({ block: 'center' })")
    box = start.locator(".xp-hit").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = one.page.context.new_cdp_session(one.page)
    for kind, by in (("touchStart", 0), ("touchMove", 30), ("touchMove", 200), ("touchEnd", None)):
        points = [] if by is None else [{"x": x + by, "y": y + by}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(start).to_have_attribute("aria-valuetext", re.compile("w = [1-9].*, b = −12$"))


def test_the_ways_over_the_map_are_walked_step_by_step(visit):
    """What is walked on from where it was ends where it would have ended at once."""
    maps = visit("/default?weights=w:-4,b:3,at:40").open("weights").page.locator("two-weights")
    maps.get_by_role("button", name="Step").click()
    expect(maps.locator("caption")).to_have_text("After step 41 of rate 0.5")
    walked = maps.locator("tbody").inner_text()
    at_once = visit("/default?weights=w:-4,b:3,at:41").open("weights").page
    assert at_once.locator("two-weights tbody").inner_text() == walked


def test_points_can_be_added_and_taken_away_without_losing_the_focus(visit):
    page = visit().open("landscape").page
    landscape = page.locator("loss-landscape")
    points = landscape.get_by_role("slider", name=re.compile("^Point"))
    for name, count in (("Add a point", 6), ("Take the last away", 1)):
        button = landscape.get_by_role("button", name=name)
        button.focus()
        for _ in range(7):
            page.keyboard.press("Enter")
        expect(points).to_have_count(count)
        places = [point.get_attribute("transform") for point in points.all()]
        assert len(set(places)) == count, "no point lies on another"
        expect(button).to_be_focused()
        expect(button).to_have_attribute("aria-disabled", "true")


def test_the_sentence_belongs_to_the_picture_and_is_spoken_when_the_hand_rests(visit):
    page = visit().open("loss").page
    loss = page.locator("loss-explorer")
    seen, heard = loss.evaluate(
        """(loss) => {
          const slider = loss.querySelector("input[type=range]");
          slider.value = 2;
          slider.dispatchEvent(new Event("input"));
          return [".xp-status", "[role=status]"].map((one) => loss.querySelector(one).textContent);
        }"""
    )
    assert seen.startswith("Gradient: MSE −0.0125")
    assert heard.startswith("Gradient: MSE −0.0173")
    expect(loss.get_by_role("status")).to_have_text(seen)


CONTRAST = """(box) => {
  const part = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = (colour) => {
    const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map(part);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const paper = box.closest("[role=group]");
  const pair = [getComputedStyle(box).borderTopColor, getComputedStyle(paper).backgroundColor].map(light);
  return Math.max(...pair) / Math.min(...pair);
}"""


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_the_border_of_a_number_is_seen(visit, scheme):
    """WCAG 1.4.11 asks for 3:1."""
    box = visit(f"/{scheme}").open("loss").page.get_by_role("spinbutton", name="Logit z")
    assert box.evaluate(CONTRAST) >= 3


def test_a_focused_point_has_one_mark(visit):
    page = visit().open("landscape").page
    page.get_by_role("button", name="Two minima").focus()
    page.keyboard.press("Shift+Tab")
    point = page.get_by_role("slider", name="Point 2")
    expect(point).to_be_focused()
    assert point.evaluate("(point) => getComputedStyle(point).outlineStyle") == "none"
    assert point.locator(".xp-grip").evaluate("(grip) => getComputedStyle(grip).strokeWidth") == "4px"


def test_on_paper_figures_stand_for_what_was_not_reached_and_all_is_light(visit):
    page = visit("/slate").page
    expect(page.locator("loss-explorer svg").first).to_be_visible()
    page.route("**/trap.js", lambda _: None)  # not reached: its module is asked for and does not come
    page.emulate_media(media="print")
    expect(page.get_by_text("a figure of trap")).to_be_visible()
    assert page.locator("#explorer-trap").bounding_box()["height"] < 100
    colours = "(one) => ['--fig-paper', '--fig-ink'].map((name) => getComputedStyle(one).getPropertyValue(name))"
    assert page.locator("#explorer-loss").evaluate(colours) == ["#ffffff", "#1f2933"]


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_the_first_screen_of_explore_holds_a_chart(open_page, width):
    page = open_page("explore/", width=width)
    chart = page.locator("loss-explorer .xp-chart").first
    expect(chart.locator("svg").first).to_be_visible()
    box = chart.bounding_box()
    assert box["y"] + box["height"] <= page.viewport_size["height"]
