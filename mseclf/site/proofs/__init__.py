"""Every displayed equation is read strictly, attacked with numbers, proved by algebra and compared with the code.

    pages --> jobs (plain text: a display, the definitions and hypotheses in force) --> judge (in worker processes):
    tokens --> tree --> values --> each step attacked, then proved --> verdict

SymPy is loaded only when something has to be decided. docs/checker.md lists every rule, what it needs and why it is
sound, and shows how a symbol, a function and a new kind of formula are added.
"""

from mseclf.site.latex.notation import Notation, Symbol, load_notation
from mseclf.site.proofs.check import check_pages
from mseclf.site.proofs.verdict import Binding, Means, Method, Report, Sentence, Status, Verdict

__all__ = [
    "Binding",
    "Means",
    "Method",
    "Notation",
    "Report",
    "Sentence",
    "Status",
    "Symbol",
    "Verdict",
    "check_pages",
    "load_notation",
]
