"""The site on paper: the demonstration alone, and all pages as one booklet, made by pandoc and Typst while building.

Pages (Markdown) -> `chapters` (pandoc's tree, links and slots resolved) -> Typst source -> `document` (PDF, cached).
"""

from mseclf.publish.pdf.build import Document, document, documents, kept

__all__ = ["Document", "document", "documents", "kept"]
