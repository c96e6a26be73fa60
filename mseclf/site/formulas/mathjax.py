"""MathJax 3 inside V8, in this process: no Node, no network, about a tenth of a second to load."""

import json
import weakref
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path

from py_mini_racer import MiniRacer

CARRIER = "sphinx-mathjax-offline"  # the wheel whose data files hold MathJax; it is never imported
_PARTS = ("startup", "core", "adaptors/liteDOM", "input/tex-full", "output/svg", "output/svg/fonts/tex")
# 'noundefined' would print an unknown macro in red: without it an unknown macro is an error. 'require', 'autoload'
# and 'html' would let a formula load code or write markup.
_PACKAGES = ("base", "ams", "newcommand", "configmacros", "boldsymbol", "cancel", "color")
_PRELUDE = """
var console = {log() {}, warn() {}, error() {}, info() {}};
var waiting = [];
function setTimeout(job) { waiting.push(job); return 0; }
function clearTimeout() {}
var MathJax = {
  loader: {load: []},
  startup: {typeset: false},
  tex: {packages: %(packages)s, macros: %(macros)s, formatError: function (_, error) { throw error; }},
  svg: {fontCache: 'local'},
  options: {enableMenu: false},
};
"""
_WIDTH = """
(function (tex) {
  try {
    var svg = MathJax.startup.adaptor.innerHTML(MathJax.tex2svg(tex, {display: true}));
    return svg.match(/viewBox="\\S+ \\S+ (\\S+) /)[1] + "";
  } catch (error) {
    return "NaN";
  }
})(%s)
"""
# Parsed once; MathJax.tex2svg and MathJax.tex2mml would each parse it.
_RENDER = """
(function (tex, display) {
  try {
    var page = MathJax.startup.document;
    var formula = new page.options.MathItem(tex, page.inputJax[0], display);
    formula.start.node = page.adaptor.body(page.document);
    formula.setMetrics(16, 8, 80 * 16, 100000, 1);
    formula.convert(page);
    return JSON.stringify({
      svg: page.adaptor.innerHTML(formula.typesetRoot),
      mathml: MathJax.startup.toMML(formula.root),
    });
  } catch (error) {
    return JSON.stringify({error: String(error && error.message || error)});
  }
})(%s, %s)
"""


def version() -> str:
    """The carrier and its version, for cache keys."""
    return f"{CARRIER} {distribution(CARRIER).version}"


class MathJax:
    """One engine with its macros. `macros` maps a name without backslash to TeX without arguments."""

    def __init__(self, macros: Mapping[str, str]) -> None:
        self._engine = MiniRacer()
        weakref.finalize(self, self._engine.close)  # V8 hangs, should it be closed when Python has ended its threads
        settings = {"packages": json.dumps(_PACKAGES), "macros": json.dumps(dict(macros))}
        folder = Path(str(distribution(CARRIER).locate_file(f"{CARRIER}/static/mathjax")))
        # In one piece: what a part promises is done at the end of it, and is about all of them.
        parts = [(folder / f"{part}.js").read_text(encoding="utf-8") for part in _PARTS]
        self._engine.eval(";".join([_PRELUDE % settings, *parts]))
        while self._engine.eval("var now = waiting; waiting = []; now.forEach(job => job()); now.length"):
            pass

    def convert(self, tex: str, display: bool) -> dict[str, str]:
        """Return the keys ``svg`` and ``mathml``, or ``error`` with MathJax's own words."""
        answer = self._engine.eval(_RENDER % (json.dumps(tex), json.dumps(display)))
        return dict(json.loads(str(answer)))

    def width(self, tex: str) -> float:
        """How wide a display is, in em of its letters; not a number where MathJax refuses it."""
        return float(str(self._engine.eval(_WIDTH % json.dumps(tex)))) / 1000
