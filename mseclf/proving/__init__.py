"""Every displayed equation is read strictly, attacked with numbers, proved by algebra and compared with the code.

    pages --> jobs (plain text: a display, the definitions and hypotheses in force) --> judge (in worker processes):
    tokens --> tree --> values --> each step attacked, then proved --> verdict

SymPy is loaded only when something has to be decided.
"""

from mseclf.proving.check import check_pages
from mseclf.proving.errors import UNBALANCED
from mseclf.proving.ledger import compare_ledger, read_ledger, write_ledger
from mseclf.proving.notation import Notation, NotationError, Symbol, load_notation
from mseclf.proving.verdict import Binding, Report, Status, Verdict

__all__ = [
    "UNBALANCED",
    "Binding",
    "Notation",
    "NotationError",
    "Report",
    "Status",
    "Symbol",
    "Verdict",
    "check_pages",
    "compare_ledger",
    "load_notation",
    "read_ledger",
    "write_ledger",
]
