"""What scripts print and say, without what is no text: a terminal's commands, control and direction characters.

HTML and PDF have no place for them, and a direction override would turn round the words of the page that follow it.
"""

import re
from dataclasses import fields, replace
from typing import Any, Final, TypeVar

from mseclf.site.run.outcome import ExampleFailure, ExampleRun

_LINE_END: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# ECMA-48: control sequences, operating system commands, and two-byte escapes.
_TERMINAL: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_NO_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
Shown = TypeVar("Shown", ExampleRun, ExampleFailure)


def printable(text: str) -> str:
    r"""Return the characters of a text that can be shown; each of Unicode's line ends is a line end.

    >>> printable("\x1b[31mred\x1b[0m\x00,\u202e left\r\n")
    'red, left\n'
    """
    return _NO_TEXT.sub("", _TERMINAL.sub("", _LINE_END.sub("\n", text)))


def printable_outcome(outcome: Shown) -> Shown:
    """An outcome, every text in it printable; a script is shown as it is."""
    texts: dict[str, Any] = {
        f.name: printable(text) for f in fields(outcome) if isinstance(text := getattr(outcome, f.name), str)
    }
    if isinstance(outcome, ExampleRun):
        values = {key: printable(v) if isinstance(v, str) else v for key, v in outcome.values.items()}
        texts |= {"script": outcome.script, "topics": tuple(map(printable, outcome.topics)), "values": values}
    return replace(outcome, **texts)
