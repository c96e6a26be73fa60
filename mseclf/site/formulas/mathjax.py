"""MathJax 3 inside QuickJS, in this process: no Node, no network, about a tenth of a second to load."""

import json
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path

import quickjs

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
_RENDER = """
(function (tex, display) {
  try {
    var options = {display: display};
    var container = MathJax.tex2svg(tex, options);
    return JSON.stringify({
      svg: MathJax.startup.adaptor.innerHTML(container),
      mathml: MathJax.tex2mml(tex, options),
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
        self._context = quickjs.Context()
        settings = {"packages": json.dumps(_PACKAGES), "macros": json.dumps(dict(macros))}
        self._context.eval(_PRELUDE % settings)
        folder = Path(str(distribution(CARRIER).locate_file(f"{CARRIER}/static/mathjax")))
        for part in _PARTS:
            self._context.eval((folder / f"{part}.js").read_text(encoding="utf-8"))
        self._settle()

    def _settle(self) -> None:
        """Run what MathJax put off until later: promises, then timers, until none are left."""
        while True:
            while self._context.execute_pending_job():
                pass
            if not self._context.eval("var now = waiting; waiting = []; now.forEach(job => job()); now.length"):
                return

    def convert(self, tex: str, display: bool) -> dict[str, str]:
        """Return the keys ``svg`` and ``mathml``, or ``error`` with MathJax's own words."""
        # JSON, because this binding fails on strings that QuickJS holds as ropes.
        answer = self._context.eval(_RENDER % (json.dumps(tex), json.dumps(display)))
        return dict(json.loads(answer))

    def width(self, tex: str) -> float:
        """How wide a display is, in em of its letters; not a number where MathJax refuses it."""
        return float(str(self._context.eval(_WIDTH % json.dumps(tex)))) / 1000
