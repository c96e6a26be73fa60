"""A check and a strict build refuse the same: every slip is fed to both, all of them in one repository."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mseclf.site.check import check
from mseclf.site.defect import Rule
from mseclf.site.publish.project import Project

SITE = Path(__file__).parents[3] / "mseclf" / "site"
# What is no matter of a page's meaning: `make site` asks the check first.
ONLY_CHECKED = {Rule.SPELLING, Rule.STYLE, Rule.LEDGER}
SLIPS = {
    "fence open": "```python\nx = 1",
    "fence in an item": "- ```math\n  z = z\n  ```",
    "display far in": "Words.\n\n    ```math\n    z = z\n    ```",
    "display in a quote": "> ```math\n> (y+z)^2 = y^2 + z^2\n> ```",
    "display in a callout": "> [!NOTE]\n> ```math\n> (y+z)^2 = y^2 + z^2\n> ```",
    "display in a list": "1. item\n\n   ```{math}\n   (y+z)^2 = y^2 + z^2\n   ```",
    "display in a fold": "<details>\n<summary>S</summary>\n\n```Math\n(y+z)^2 = y^2 + z^2\n```\n\n</details>",
    "display in a note": "A[^1].\n\n[^1]: Note.\n\n    ```math\n    (y+z)^2 = y^2 + z^2\n    ```",
    "doctest": "```pycon\n>>> 1 + 1\n3\n```",
    "doctest in a quote": "> ```pycon\n> >>> 1 + 1\n> 3\n> ```",
    "value in a heading": "## A `{gradient_size} peak`",
    "value in a quote": "> `{gradient_size} none`",
    "value in a table": "| a |\n|---|\n| `{gradient_size} none` |",
    "formula in a caption": '![A](../examples/gradient_size.py#gradient "At $z$")',
    "equation by number": "By $\\eqref{eq-x}$.",
    "note without text": "A[^2].",
    "note that nothing calls": "[^3]: Note.",
    "keys": "++nokey++",
    "emoji": ":nosuchthing:",
    "directive": "Words.\n\n:::",
    "admonition": "Words !!! note",
    "table": "| a | b |\n| 1 | 2 |",
    "box": "[ ] words",
    "strike": "~~ words",
    "image without words": '<img src="../assets/card.png">',
    "diagram": "```mermaid\ngraph\n```",
    "bold": "A **word",
    "row": "| a | b |\n|---|---|\n| 1 |",
    "link in two parts": "[a] (faq.md)",
    "no such page": "[a](none.md)",
    "no such anchor": "[a](faq.md#none)",
    "no such name": "[a][none]",
    "image in HTML": '<img src="none.png" alt="A">',
    "link in HTML": '<a href="none.md">a</a>',
    "video": '<video src="a.mp4"></video>',
    "fold": "<details>\n<summary>S</summary>\n\nWords.",
    "level": "#### Far below",
    "unknown work": "[@nobody2000]",
    "handler": "<p onclick='x()'>a</p>",
    "snippet": '--8<-- "x"',
    "dollars": "$$z$$",
    "dollar": "It costs $5 and more.",
    "marks of a heading": "##Heading",
    "capitals in a citation": "[@Nielsen2015]",
    "address twice": '<a id="one"></a>A.\n\n<a id="one"></a>B.',
    "closing": "\u202eWords.",
}


@pytest.fixture(scope="module")
def told(pristine, tmp_path_factory):
    """What a check and a strict build say of one repository with a page for each slip."""
    root = shutil.copytree(pristine, tmp_path_factory.mktemp("slips") / "repository")
    pages = {f"slip-{number}": f"# Slip {number}\n\n{text}\n" for number, text in enumerate(SLIPS.values())}
    for name, text in pages.items():
        (root / "docs" / f"{name}.md").write_text(text, encoding="utf-8")
    settings = root / "mkdocs.yml"
    menu = "".join(f"  - {name}.md\n" for name in pages)
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("nav:\n", f"nav:\n{menu}")
        + "theme: material\nhooks: [mseclf/site/publish/hooks.py]\n",
        encoding="utf-8",
    )
    shutil.copytree(SITE, root / "mseclf" / "site", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    checked = check(Project(root, "http://127.0.0.1:8000/")).defects
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    environment = {**os.environ, "PYTHONPATH": str(root), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 1, done.stderr
    return checked, done.stderr


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_refused_by_both_in_the_same_words(told, name):
    checked, built = told
    page = f"docs/slip-{list(SLIPS).index(name)}.md"
    of_check = [defect for defect in checked if defect.place.path == page and defect.rule not in ONLY_CHECKED]
    assert of_check, built
    assert all(defect.place.line >= 3 for defect in of_check)
    of_build = re.findall(rf"^{re.escape(page)}:.*", built, re.MULTILINE)
    assert sorted(str(defect).split("\n")[0] for defect in of_check) == sorted(of_build)
