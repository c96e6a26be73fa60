"""The site on paper: all pages as one booklet, some alone, and the figures in a pack; made by pandoc and Typst.

Pages (Markdown) -> `chapters` (pandoc's tree, links and slots resolved) -> Typst source -> `document` (PDF, cached).
"""

from mseclf.site.pdf.build import document, documents, kept, unset
from mseclf.site.pdf.pack import figure_pack

__all__ = ["document", "documents", "figure_pack", "kept", "unset"]
