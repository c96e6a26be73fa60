"""What GitHub or Material understand and this site does not is refused at its line, and nothing else is."""

import pytest

from mseclf.site.check.layout import layout
from mseclf.site.check.markup import markup
from mseclf.site.page import read_page

REFUSED = {
    "diagram": ("```mermaid\ngraph\n```\n", "1:1: diagrams are not drawn here; draw it with a script"),
    "attributes": ("![A](../examples/a.py){ width=300 }\n", "1:23: a figure takes no attributes"),
    "link in two parts": ("See [a] (page.md).\n", "1:7: this link is in two parts; take the blank before ( away"),
    "address in two parts": ("See [a] (https://a.org).\n", "1:7: this link is in two parts"),
    "cell too many": ("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n", "3:1: this row has 3 cells, and the table 2 columns"),
    "cell too few": ("| a | b |\n|---|---|\n| 1 |\n", "3:1: this row has 1 cells, and the table 2 columns"),
    "heading of a table": ("| a |\n|---|---|\n| 1 | 2 |\n", "1:1: this row has 1 cells"),
    "bold": ("Words.\n\nA **word and\nanother.\n", "3:3: these ** have no others"),
    "bold in an item": ("- **a\n\nThe **b**.\n", "1:3: these ** have no others"),
    "fold": ("<details>\n<summary>S</summary>\n\nWords.\n", "1:1: this <details> is never closed; add </details>"),
    "end of a fold": ("Words.\n\n</details>\n", "3:1: this </details> closes nothing"),
    "level": ("# A\n\n## B\n\n#### C\n", "5:1: this heading leaves out a level"),
    "level below HTML": ("<h2>B</h2>\n\n#### C\n", "3:1: this heading leaves out a level"),
    "note without its text": ("Words[^1].\n", "1:6: there is no note '1'; add a line [^1]: ... for it"),
    "note that nothing calls": ("Words.\n\n[^a]: Note.\n", "3:1: nothing calls the note 'a'"),
    "note twice": ("Words[^1].\n\n[^1]: Note.\n\n[^1]: Again.\n", "5:1: the note '1' stands twice"),
    "front matter": ("---\ntitle: a: b\n---\n\n# A\n", "2:1: the front matter is not YAML: mapping values"),
    "front matter of words": ("---\nwords\n---\n\n# A\n", "1:1: the front matter has no keys"),
    "dollar": ("It costs $5 and more.\n", "1:10: a dollar without its other"),
}


@pytest.mark.parametrize(("text", "says"), REFUSED.values(), ids=REFUSED)
def test_refused(text, says):
    page = read_page("docs/a.md", text)
    (defect,) = [*layout(page), *markup(page)]
    assert str(defect).startswith(f"docs/a.md:{says}")


@pytest.mark.parametrize(
    "text",
    [
        "```text\n!!! note\n=== \"a\"\n:smile:\n| a\n|---|---|\n- a\n  - b\n**\n```\n",
        "`**` and `++a++` and `[^1]` and `:smile:` and $a | b$\n",
        "Words.\n\n- a\n- b\n    - c\n\n    More.\n\n1. d\n\nWords.\n",
        "Words - and\n-words.\n",
        "In the year\n1995. Then.\n",
        "- a\n  goes on.\n- b\n",
        "| a | b |\n|:--|--:|\n| `x|y` | $|z|$ |\n| a \\| b | c |\n\nWords | here.\n",
        "a | b\n--|--\n1 | 2\n",
        "> | a | b |\n> |---|---|\n> | 1 | 2 |\n",
        "<div markdown=\"1\">\n| a |\n|---|\n| 1 |\n</div>\n",
        "**a** and *b* and ***c*** and \\*\\*\n\n***\n",
        "# A\n\n## B\n\n### C\n\n## D\n",
        "A[^1] and B[^1].\n\n[^1]: Note.\n",
        "<details>\n<summary>S</summary>\n\n<details><summary>T</summary>\n\n</details>\n\n</details>\n",
        "At 10:30:15, C++ and a::b, 1:2:3.\n",
        "---\ntitle: A\nsearch: {exclude: true}\n---\n\n# A\n",
        "- [x] done\n- [ ] open\n\n~~x~~ H~2~O x^2^ ==mark==\n",
        "> Words:\n>\n> - a\n>     - b\n",
        "[b](<my page.md>)\n",
        r"It costs \$5." + "\n",
    ],
)  # fmt: skip
def test_passes(text):
    page = read_page("docs/a.md", text)
    assert [str(defect) for defect in (*layout(page), *markup(page))] == []
