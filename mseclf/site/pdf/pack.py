"""The figure pack: every figure as SVG and PNG, on light and on dark ground, with its alternative text and the licence.

One zip for those who make slides. The same site gives the same bytes: entries are sorted and bear no time.
"""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Final

import typst

from mseclf.site.memory import Memory
from mseclf.site.page import ExampleImage, Page
from mseclf.site.pdf.build import in_the_dark, on_paper
from mseclf.site.pool import cores
from mseclf.site.publish.figure_html import choose_figure, figure_path
from mseclf.site.publish.site import PACK, Site
from mseclf.site.run import Figure
from mseclf.site.run.svg import THEME

PIXELS: Final = 1200
"""The width of a PNG."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first time that a zip knows
_PAPER: Final = THEME["#ffffff"][1:]


def figure_pack(site: Site) -> dict[str, bytes]:
    """The zip by its address from the site's root, from a site without defects."""
    memory = Memory(site.project.cache / "pack", version("typst"))
    alts = alternatives(site.pages, site)
    files = {"LICENSE.txt": (site.project.root / "LICENSE").read_bytes()}
    table = [("figure", "what it shows", "alternative text", "made by")]
    figures = [(run, figure) for run in site.runs.values() for figure in run.figures]
    with ThreadPoolExecutor(cores()) as pool:
        drawn = pool.map(lambda pair: dict(_drawn(pair[1], memory)), figures)
        for (run, figure), parts in zip(figures, drawn, strict=True):
            name = Path(figure_path(run, figure)).stem
            files |= {f"{name}{ending}": data for ending, data in parts.items()}
            script = f"{site.project.address}examples/{run.name}.py"
            table.append((name, run.claim, alts.get((run.name, figure.name), run.claim), script))
    memory.prune()
    files["figures.csv"] = _csv(table)
    files["README.txt"] = _about(site).encode()
    return {PACK: _zipped(files)}


def alternatives(pages: Mapping[str, Page], site: Site) -> dict[tuple[str, str], str]:
    """What the pages say of each figure to those who do not see it, by example and figure."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(pages):
        for image in pages[path].regions:
            if isinstance(image, ExampleImage) and image.name in site.runs:
                found.setdefault((image.name, choose_figure(image, site.runs[image.name]).name), image.alt)
    return found


def _drawn(figure: Figure, memory: Memory) -> Iterator[tuple[str, bytes]]:
    """The four files of a figure, by the end of their names."""
    for theme, svg, ground in (
        ("light", on_paper(figure.svg), _PAPER[0]),
        ("dark", in_the_dark(figure.svg), _PAPER[1]),
    ):
        yield f"-{theme}.svg", svg.encode()
        key = f"{PIXELS} {ground} {svg}"
        picture = memory.get(key)
        if picture is None:
            picture = _picture(svg, ground)
            memory.put(key, picture)
        yield f"-{theme}.png", picture


def _picture(svg: str, ground: str) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "figure.svg").write_text(svg, encoding="utf-8")
        page = f'#set page(width: 432pt, height: auto, margin: 8pt, fill: rgb("{ground}"))\n'
        (folder / "main.typ").write_text(f'{page}#image("figure.svg", width: 100%)', encoding="utf-8")
        made = typst.compile(
            folder / "main.typ", root=folder, format="png", ppi=PIXELS / 432 * 72, ignore_system_fonts=True
        )
    return bytes(made)


def _csv(rows: list[tuple[str, str, str, str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _about(site: Site) -> str:
    authors = ", ".join(author["name"] for author in site.project.citation["authors"])
    return (
        f"{site.project.citation['title']}\n{site.project.address}\n\n"
        "Each figure is here four times: NAME-light.svg, NAME-dark.svg, NAME-light.png, NAME-dark.png.\n"
        "figures.csv says what each one shows, with a text for those who do not see it, and which program made it.\n\n"
        f"Text and figures: CC BY 4.0, by {authors}. Name the source and link to it. Code: MIT. See LICENSE.txt.\n"
    )


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"mse-or-cross-entropy-figures/{name}", _EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()
