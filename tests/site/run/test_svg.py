"""One SVG for both themes: legible, small, and the same bytes each time."""

import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from mseclf import plots
from mseclf.site.run import run_examples
from mseclf.site.run.svg import THEME, stylesheet, themed

ROOT = Path(__file__).parents[3]

BODY = """import numpy as np
from mseclf import plots

z = np.linspace(-5, 5, 50)
figure, (left, right) = plots.subplots(1, 2)
left.plot(z, z**2, **plots.MSE_LINE)
plots.label(left, 0, 0.5, "MSE", plots.MSE)
left.set(title="Title", xlabel="$z$", ylabel="loss")
right.semilogy(z, np.exp(z), **plots.BCE_LINE)
right.scatter(z, np.exp(z), c=plots.GREEN, marker="s")
right.fill_between(z, 1, 2, color=plots.PURPLE, alpha=0.3)
plots.plain_numbers(right.yaxis)
right.text(-4, 20, "black", color="black")
left.imshow(np.eye(3), extent=(-1, 1, -1, 1), aspect="auto")
"""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn():
    """matplotlib's own file, and ours."""
    namespace = {}
    exec(BODY, namespace)
    buffer = io.StringIO()
    import matplotlib.pyplot as plt

    with plt.rc_context({"svg.hashsalt": "x", "svg.fonttype": "path"}):
        namespace["figure"].savefig(buffer, format="svg", metadata={"Date": None})
    plt.close("all")
    return buffer.getvalue(), themed(buffer.getvalue())[0]


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, two):
    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_formula_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


# Backgrounds of Material for MkDocs: white, and slate.
@pytest.mark.parametrize(("theme", "background"), [(1, "#ffffff"), (2, "#14181d")])
def test_words_and_lines_stand_out_on_both_themes(theme, background):
    for name, *tones in (entry for entry in THEME.values()):
        tone = tones[theme - 1]
        if name in ("--fig-grid", "--fig-paper"):
            continue  # decoration, and the page itself
        assert contrast(tone, background) >= (3 if name == "--fig-axis" else 4.5), (name, tone)


@pytest.mark.parametrize("sheet", ["site.css", "explorers/explorers.css"])
def test_the_rim_around_words_has_the_colour_of_the_dark_page(sheet):
    css = (ROOT / "docs" / "assets" / sheet).read_text(encoding="utf-8")
    paper = re.findall(r"--(?:md-default-bg-color|fig-paper): (#\w{6});", css)
    assert THEME["#ffffff"][2] == paper[-1]


def test_mse_and_bce_differ_in_style_not_only_in_colour():
    assert plots.MSE_LINE["linestyle"] != plots.BCE_LINE["linestyle"]


def test_every_colour_of_plots_has_a_variable():
    colours = {
        value.lower() for value in vars(plots).values() if isinstance(value, str) and re.fullmatch("#.{6}", value)
    }
    assert colours == set(THEME)


def test_every_colour_of_the_style_has_a_variable():
    style = plots.STYLE.read_text()
    colours = set(re.findall(r"\b[0-9A-F]{6}\b", style))
    assert {f"#{colour.lower()}" for colour in colours} <= set(THEME)
    assert colours


def test_no_colour_is_left_that_is_not_the_theme_s(drawn):
    _, ours = drawn
    assert "@media" not in ours  # WebKit does not ask the page
    ET.fromstring(ours)
    without_style = ours.replace(stylesheet(), "")
    assert re.findall(r"#[0-9a-f]{6}\b", without_style) == []
    for name, _, _ in THEME.values():
        assert f"var({name})" in without_style


def test_a_foreign_colour_stays_as_it_is():
    svg = '<svg width="72pt" height="36pt" viewBox="0 0 72 36"><g style="fill: #123456; stroke: #D55E00"/></svg>'
    text, width, height = themed(svg)
    assert 'style="fill:#123456;stroke:var(--fig-mse)"' in text
    assert (width, height) == (96, 48)


def test_nothing_but_the_colours_changes_in_the_drawing(drawn):
    theirs, ours = (ET.fromstring(text) for text in drawn)
    kinds = ("path", "use", "image", "clipPath", "rect")
    for kind in kinds:
        assert len(list(ours.iter(SVG + kind))) == len(list(theirs.iter(SVG + kind))), kind
    for one, other in zip(ours.iter(SVG + "path"), theirs.iter(SVG + "path"), strict=True):
        numbers = [
            [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", path.get("d"))] for path in (one, other)
        ]
        assert numbers[0] == pytest.approx(numbers[1], abs=0.0051)


def test_every_reference_has_its_target(drawn):
    _, ours = drawn
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', ours))
    given = re.findall(r' id="([^"]+)"', ours)
    assert used == set(given)
    assert len(given) == len(set(given))


def test_it_is_smaller_and_says_nothing_of_its_making(drawn):
    theirs, ours = drawn
    assert len(ours) < 0.85 * len(theirs)
    for word in ("<!--", "metadata", "DOCTYPE", "Matplotlib", "<?xml", "dc:date"):
        assert word not in ours


@pytest.mark.parametrize("text", ["", "<svg/>", '<svg width="10px" height="10px" viewBox="0 0 1 1"></svg>'])
def test_another_svg_is_refused(text):
    with pytest.raises(ValueError, match="not an SVG written by matplotlib"):
        themed(text)


def test_two_cold_builds_in_two_folders_give_the_same_bytes(tmp_path, monkeypatch):
    # Folder, process, time, locale and the order of the examples differ.
    head = '"""T.\n\nClaim: c.\n"""\n'
    results = []
    for folder, environment in (
        ("here", {}),
        ("over there/deep", {"LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"}),
    ):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        root = tmp_path / folder
        (root / "examples").mkdir(parents=True)
        for name in ("one", "two"):
            (root / "examples" / f"{name}.py").write_text(head + BODY + "plots.subplots(num='second')\n")
        results.append(run_examples(["one", "two"][:: -1 if environment else 1], root=root, jobs=1 + len(environment)))
    for name in ("one", "two"):
        assert results[0][name].figures == results[1][name].figures
        assert len(results[0][name].figures) == 2
    # The salt is the figure's own, so that two figures on one page do not share an id by accident.
    clips = [set(re.findall(r'id="(p[0-9a-f]+)"', run.figures[0].svg)) for run in results[0].values()]
    assert clips[0]
    assert not clips[0] & clips[1]


def _wrapped(inside):
    return f'<svg width="504pt" height="230pt" viewBox="0 0 504 230">{inside}</svg>'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<svg:script>alert(1)</svg:script>",
        '<g onload="alert(1)"/>',
        "<g\nONCLICK = 'alert(1)'/>",
        '<a xlink:href="javascript:alert(1)"><path d="M0 0"/></a>',
        "<a href=' javascript:alert(1)'/>",
        '<image href="https://example.org/x.png"/>',
        '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
        "<foreignObject><iframe/></foreignObject>",
        '<set attributeName="href" to="javascript:alert(1)"/>',
        "<style>@import 'https://example.org/x.css'</style>",
        '<rect fill="url(https://example.org/x.svg#a)"/>',
    ],
)
def test_a_figure_with_something_active_in_it_is_refused(inside):
    """The site shows figures as images, where scripts are dead; but a figure's file can be opened by itself."""
    with pytest.raises(ValueError, match=r"^a figure is a drawing: .* has no place in it$"):
        themed(_wrapped(inside))


@pytest.mark.parametrize(
    "inside",
    ['<use href="#a"/>', '<image href="data:image/png;base64,AAAA"/>', '<g clip-path="url(#p)"/>', "<!-- one = 1 -->"],
)
def test_what_matplotlib_writes_is_a_drawing(inside):
    assert themed(_wrapped(inside))
