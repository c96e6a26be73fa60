"""Files of the site that are made from results, and what goes from files and pages before readers get them."""

import re
from collections.abc import Iterable
from pathlib import Path

import rcssmin
import rjsmin

from mseclf.site.formulas import Formula
from mseclf.site.publish import wall
from mseclf.site.publish.downloads import notebook_download, script_download
from mseclf.site.publish.figure_html import figure_path
from mseclf.site.publish.site import Site
from mseclf.site.publish.symbols import symbols_json
from mseclf.site.publish.tables import tables
from mseclf.site.run import notebook


def generate(site: Site, theme: Path) -> dict[str, str]:
    """Return the text of each made file by its address: figures, scripts, notebooks, the dark scheme without script."""
    docs = site.project.root / "docs"
    sheets = [*sorted(theme.glob("assets/stylesheets/*.css")), *sorted(docs.glob("assets/**/*.css"))]
    made: dict[str, str] = {"assets/dark.css": dark_without_script(sheet.read_text("utf-8") for sheet in sheets)}
    made["assets/symbols.json"] = symbols_json(site.notation, lambda tex: site.formulas.get((tex, False)))
    made |= site.notebook.figures
    made["examples/notebook.ipynb"] = notebook_download(site.project, site.notebook.ipynb)
    made |= {
        wall.drawing_path(verdict.equation): wall.drawing(formula)
        for verdict in site.verdicts.values()
        if isinstance(formula := site.formula(verdict.equation), Formula)
    }
    for run in site.runs.values():
        made |= {figure_path(run, figure): figure.svg for figure in run.figures}
        made[f"examples/{run.name}.py"] = script_download(site.project, run.script)
        made[f"examples/{run.name}.ipynb"] = notebook_download(site.project, notebook(run.script))
    return made


def minified(uri: str, text: str) -> str:
    """A script or a sheet of ours without comments and indentation: readers run it and do not read it."""
    return str(rjsmin.jsmin(text) if uri.endswith(".js") else rcssmin.cssmin(text))


def dark_without_script(sheets: Iterable[str]) -> str:
    """The theme's dark scheme for readers without JavaScript, who cannot be given it by the palette's script.

    Every rule that asks for the scheme "slate" is repeated for the page as it is delivered.
    """
    rules: list[str] = []
    for css in sheets:
        found = re.findall(r"[^{}@]+\{[^{}]*\}", _COMMENT.sub("", css))
        rules += [rule for rule in found if "=slate]" in rule.split("{")[0]]
    return "\n".join(rules).replace("[data-md-color-scheme=slate]", "[data-md-color-scheme]")


def finished(output: str) -> str:
    """A page of the theme as a reader gets it: tables that can be scanned, no empty headers, nothing unused."""
    return painted_early(lighter(tables(re.sub(r"<th( [^>]*)?>\s*</th>", "<td></td>", output))))


def painted_early(output: str) -> str:
    """The page, painted when more than a screen of it is there: what comes after that moves nothing that is seen."""
    start = max(output.find("<article"), 0)
    for place in _PLACE.finditer(output, start):
        seen = output[start : place.start()]
        if len(_UNSEEN.sub("", seen)) + _DISPLAY * seen.count('<section class="equation"') > _SCREEN:
            return output.replace('<link rel="expect" href="#__config"', f'<link rel="expect" href="#{place["id"]}"', 1)
    return output


def lighter(output: str) -> str:
    """Drop what a page carries and does not use: the templates' indentation, sheets for what stands elsewhere."""
    for mark, sheet in _SHEETS.items():
        if mark not in output:
            output = re.sub(rf'<link rel="stylesheet" href="[^"]*{re.escape(sheet)}">', "", output)
    return "".join(
        part if part.startswith(_KEPT) else re.sub(r"\s*\n\s*", "\n", part) for part in _VERBATIM_PARTS.split(output)
    )


_PLACE = re.compile(r'<(?:h[2-4]|section class="equation") id="(?P<id>[^"]+)">')
_UNSEEN = re.compile(r"<svg\b.*?</svg>|<details\b.*?</details>|<[^>]*>|\s+", re.DOTALL)
_SCREEN = 2500  # letters: more than the largest usual screen shows
_DISPLAY = 90  # letters: a display is as high as a line of text and its margins
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_KEPT = ("<pre", "<script", "<textarea")
_VERBATIM_PARTS = re.compile(rf"((?:{'|'.join(_KEPT)})\b.*?</(?:pre|script|textarea)>)", re.DOTALL)
# What a page must hold to need a sheet: the API reference, a claim that is wrong, the ledger, the explorers, those of
# them that stand in an argument.
_SHEETS = {
    'class="doc ': "assets/_mkdocstrings.css",
    "equation-false": "assets/red-pen.css",
    'class="wall"': "assets/wall.css",
    "data-explorer=": "assets/explorers/explorers.css",
    'class="explorer experiment"': "assets/explorers/experiments.css",
    "data-inline=": "assets/explorers/inline.css",
}
