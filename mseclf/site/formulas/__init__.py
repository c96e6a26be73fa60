"""TeX to SVG with assistive MathML, by MathJax while the site is built: nothing is left for the browser to do."""

from mseclf.site.formulas.formula import Formula, glyph_sheet
from mseclf.site.formulas.renderer import Renderer, TexError

__all__ = ["Formula", "Renderer", "TexError", "glyph_sheet"]
