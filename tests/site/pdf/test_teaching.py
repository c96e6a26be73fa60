"""What teachers take with them: the sheet, the slides and the figure pack, as they are on the built site."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pypdf
import pytest
import yaml

from mseclf.site.page import DisplayEquation, DoctestBlock, Fold, read_page
from mseclf.site.pdf.build import in_the_dark, on_paper
from mseclf.site.publish.site import PACK, PDFS

ROOT = Path(__file__).parents[3]


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_sheet_is_one_page(site):
    assert len(pypdf.PdfReader(site / PDFS["docs/sheet.md"]).pages) == 1


def test_each_heading_is_one_slide_after_the_title(site):
    pages = pypdf.PdfReader(site / PDFS["docs/slides.md"]).pages
    headings = re.findall(r"^## (.+)$", text_of("docs/slides.md"), flags=re.MULTILINE)
    assert len(headings) > 10
    found = [page.extract_text().strip().splitlines()[0] for page in pages]
    assert found[1:] == headings


@pytest.mark.parametrize("path", ["docs/sheet.md", "docs/slides.md"])
def test_sheet_and_slides_are_no_chapters_of_the_booklet(site, path):
    booklet = pypdf.PdfReader(site / PDFS["docs/index.md"])
    title = re.search(r"^# (.+)$", text_of(path), flags=re.MULTILINE)[1]
    assert title not in [entry.title for entry in booklet.outline if not isinstance(entry, list)]


@pytest.fixture(scope="module")
def pack(site):
    with zipfile.ZipFile(site / PACK) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def test_the_pack_has_each_figure_of_the_site_four_times(pack, site):
    figures = {
        path.stem for path in (site / "assets" / "figures").glob("*.svg") if not path.stem.startswith("notebook")
    }
    endings = ("-light.svg", "-dark.svg", "-light.png", "-dark.png")
    assert len(figures) > 20
    assert {f"{name}{ending}" for name in figures for ending in endings} <= set(pack)
    assert {name for name in pack if not name.endswith(endings)} == {"LICENSE.txt", "README.txt", "figures.csv"}


def test_each_figure_of_the_pack_is_told_to_those_who_do_not_see_it(pack):
    rows = list(csv.DictReader(io.StringIO(pack["figures.csv"].decode())))
    assert {row["figure"] for row in rows} == {name.removesuffix("-light.svg") for name in pack if "-light.svg" in name}
    assert min(len(row["alternative text"]) for row in rows) > 40
    assert "CC BY 4.0" in pack["README.txt"].decode()


def test_the_pack_s_pictures_need_no_theme_and_differ_by_it(pack):
    for name in (name for name in pack if name.endswith("-light.svg")):
        other = name.replace("-light", "-dark")
        assert b"var(" not in pack[name] + pack[other]
        assert pack[name] != pack[other]
        assert pack[name.replace(".svg", ".png")] != pack[other.replace(".svg", ".png")]


def test_a_colour_is_the_one_of_its_ground():
    svg = "<style>svg{--fig-mse:#b34e00}</style><path style='fill:var(--fig-mse)'/>"
    assert "fill:#b34e00" in on_paper(svg)
    assert "fill:#f59a52" in in_the_dark(svg)


def solutions():
    """Of each exercise: its solution's displays by id, and its doctests."""
    page = read_page("docs/exercises.md", text_of("docs/exercises.md"))
    starts = [match.start() for match in re.finditer(r"<summary>Solution of \d+</summary>", page.text)]
    lines = [page.text.count("\n", 0, start) + 1 for start in starts]
    ends = [page.text.count("\n", 0, page.text.index("</details>", start)) + 1 for start in starts]
    regions = [region for region in page.regions if isinstance(region, DisplayEquation | DoctestBlock)]
    assert any(isinstance(region, Fold) for region in page.regions)
    return [
        [region for region in regions if first < region.place.line < last]
        for first, last in zip(lines, ends, strict=True)
    ]


def test_every_solution_has_a_display_that_is_proved():
    ledger = yaml.safe_load(text_of("docs/ledger.yml"))
    found = solutions()
    assert len(found) >= 25
    for parts in found:
        displays = [part.id for part in parts if isinstance(part, DisplayEquation)]
        assert displays
        assert {ledger[name] for name in displays} == {"proved"}
