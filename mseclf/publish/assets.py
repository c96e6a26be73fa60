"""Files of the site that are made from results, and mends of the theme's HTML."""

import re
from collections.abc import Iterator
from pathlib import Path

import rjsmin

from mseclf.publish.figure_html import figure_path
from mseclf.publish.site import Site
from mseclf.publish.stylesheets import dark_without_script
from mseclf.publish.symbols import symbols_json
from mseclf.running import notebook


def generate(site: Site, theme: Path) -> dict[str, str]:
    """Return the text of each made file by its address: figures, scripts, notebooks, the dark scheme without script."""
    docs = site.project.root / "docs"
    sheets = [*sorted(theme.glob("assets/stylesheets/*.css")), *sorted(docs.glob("assets/**/*.css"))]
    made: dict[str, str] = {"assets/dark.css": dark_without_script(sheet.read_text("utf-8") for sheet in sheets)}
    made["assets/symbols.json"] = symbols_json(site.notation, lambda tex: site.formulas.get((tex, False)))
    made |= site.notebook.figures
    made["examples/notebook.ipynb"] = site.notebook.ipynb
    for run in site.runs.values():
        made |= {figure_path(run, figure): figure.svg for figure in run.figures}
        made[f"examples/{run.name}.py"] = run.script
        made[f"examples/{run.name}.ipynb"] = notebook(run.script)
    return made


def smaller(script: str) -> str:
    """The script without its comments and its indentation, for readers who run it and do not read it.

    To rjsmin a template literal ends at the first backtick inside it: what comes after it would lose its spaces. So
    these literals stand aside meanwhile.
    """
    kept: list[str] = []
    rest, at = "", 0
    for begin, end in _templates(script):
        rest += f"{script[at:begin]}`\0{len(kept)}`"
        kept.append(script[begin:end])
        at = end
    return re.sub(r"`\0(\d+)`", lambda place: kept[int(place[1])], str(rjsmin.jsmin(rest + script[at:])))


def _templates(script: str) -> Iterator[tuple[int, int]]:
    """Where each template literal that is in no other begins and ends."""
    inside: list[str] = []  # of "`", a literal's text, or of "{", code between braces
    begin = at = 0
    while token := (_TEXT if inside[-1:] == ["`"] else _CODE).search(script, at):
        at = token.end()
        if token[0].endswith("{"):
            inside.append("{")
        elif token[0] == "}" or (token[0] == "`" and inside[-1:] == ["`"]):
            if inside.pop() == "`" and "`" not in inside:
                yield begin, at
        elif token[0] == "`":
            begin = begin if "`" in inside else token.start()
            inside.append("`")


def mend(output: str) -> str:
    """Mend the theme's HTML: names for landmarks, no empty table headers, no request elsewhere, no script address."""
    # With this mark the theme's script asks api.github.com for the number of stars.
    output = output.replace(' data-md-component="source"', "")
    # The share button's address until there is something to share; the policy refuses script addresses.
    output = output.replace('href="javascript:void(0)"', 'href="#"')
    output = output.replace(
        'data-md-component="search" role="dialog">', 'data-md-component="search" role="dialog" aria-label="Search">'
    )
    # The menu of narrow screens: a button where there are scripts, beside the label that no key reaches. The title of a
    # level leads back to the level above.
    output = _DRAWER.sub(
        r"\g<0><button type='button' class='\1 drawer-button' aria-label='Menu'>\2</button>", output, 1
    )
    output = output.replace(
        '<label class="md-nav__title" for="__nav', '<label class="md-nav__title" tabindex="0" for="__nav'
    )
    output = re.sub(r"<th( [^>]*)?>\s*</th>", "<td></td>", output)
    # The theme's script puts each table into a box. Without one of our own around both, that changes the whole article,
    # and the browser styles all of it again.
    output = re.sub(r"<table>.*?</table>", r'<div class="table">\g<0></div>', output, flags=re.DOTALL)
    for name, title in _SECTION.findall(output):
        label = re.compile(rf'(<label[^>]* id="{name}_label"[^>]*>)(\s*<span class="md-nav__icon)')
        output = label.sub(rf'\1<span class="unseen">Pages of {title.strip()}</span>\2', output, count=1)
    return lighter(output)


def lighter(output: str) -> str:
    """Drop what a page carries and does not use: the templates' indentation, sheets for what stands elsewhere."""
    for mark, sheet in _SHEETS.items():
        if mark not in output:
            output = re.sub(rf'<link rel="stylesheet" href="[^"]*{re.escape(sheet)}">', "", output)
    return "".join(
        part if part.startswith(_VERBATIM) else re.sub(r"\s*\n\s*", "\n", part) for part in _PARTS.split(output)
    )


# What may hold a backtick or a brace that is none: comments, strings, regular expressions; then backticks and braces.
_CODE = re.compile(
    r"""//.*|/\*[\s\S]*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<=[(,=:+!&|?{};[])\s*/(?:\\.|\[[^\]]*\]|[^/\n])+/|[`{}]"""
)
_TEXT = re.compile(r"\\.|\$\{|`", re.DOTALL)

_VERBATIM = ("<pre", "<script", "<textarea")
_PARTS = re.compile(rf"((?:{'|'.join(_VERBATIM)})\b.*?</(?:pre|script|textarea)>)", re.DOTALL)
# What a page must hold to need a sheet: the API reference, the explorers.
_SHEETS = {'class="doc ': "assets/_mkdocstrings.css", "data-explorer=": "assets/explorers/explorers.css"}

_DRAWER = re.compile(r'<label class="(md-header__button md-icon)" for="__drawer">(.*?)</label>', re.DOTALL)
_SECTION = re.compile(
    r'<label class="md-nav__title" tabindex="0" for="(__nav_[\d_]+)">\s*<span[^>]*></span>([^<]*)</label>'
)
