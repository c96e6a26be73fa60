"""How to mend what the build refuses: it says what is wrong, and an author's next question is what to do."""

import re
from typing import Final

_HINTS: Final = (
    (r"is false: ", "mend the formula; if the page shows it to be wrong, put `false` into the comment above"),
    (r" disagrees with the formula ", "mend the formula, or the function and its arguments after `code:`"),
    (r"has no public function ", "docs/reference.md names them all"),
    (r"^eq-\S+, undeclared symbol ", "write a symbol of docs/notation.yml, or declare this one there"),
    (r"is used by no claim$", "take the `given:` away, or put it above the claim that needs it"),
    (r"^a heading cannot hold a formula", "say it in words"),
    (r"no page embeds this example$", "show it on a page, as ![what it shows](../examples/NAME.py)"),
    (r"^MathJax cannot typeset", "count the braces and the spelling of the commands"),
    (r"no ```math block follows directly$", "put the comment on the line above its ```math"),
    (r"^unknown field 'eqn?s?\w*'", "write <!-- eq: name -->"),
    (r"the format '[^']*[ \n].*' does not fit", "is its closing backtick missing?"),
    (r"undeclared symbol [^\x00-\x7f]", "type it as TeX: - for a minus, \\theta for a Greek letter"),
    (r"does not fit \w+ = ", "write a format such as .3f or ,.0f"),
)


def with_hint(message: str) -> str:
    """A message of the build with what to do about it, where the message itself does not say so."""
    for pattern, hint in _HINTS:
        if re.search(pattern, message):
            return f"{message}; {hint}"
    return message
