"""The repository passes its own check: every page, example, link, word and number, and the committed ledger."""

from pathlib import Path

import pytest

from mseclf.site.check import check
from mseclf.site.check.report import summary
from mseclf.site.publish.project import Project

ROOT = Path(__file__).parents[1]


@pytest.mark.usefixtures("site")  # by then its results are in the cache
def test_nothing_is_wrong():
    checked = check(Project(ROOT, "http://127.0.0.1:8000/"))
    assert [str(defect) for defect in checked.defects] == []
    assert summary(checked).startswith("no errors; checked everything: ")


def test_the_site_shows_the_whole_guide(site):
    """docs/contributing.md holds a marker; what GitHub looks for stands in its place."""
    guide = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    page = (site / "contributing" / "index.html").read_text(encoding="utf-8")
    headings = [line.removeprefix("## ") for line in guide.splitlines() if line.startswith("## ")]
    assert len(headings) > 4
    assert [heading for heading in headings if heading not in page] == []
    assert "&lt;!-- eq: mse-gradient-logit" in page
    assert "{gradient_size} peak_z:.4f" in page
