"""The notebook's page does not depend on how fast the kernel spoke."""

import itertools

from nbformat import NotebookNode

from mseclf.site.page import read_markdown
from mseclf.site.publish.notebook_page import _page, cells, notebook_page

SOURCE = "# %%\nfor i in range(3):\n    print(i)\n"


def outputs(text, cuts):
    ends = [0, *cuts, len(text)]
    return [
        NotebookNode(output_type="stream", name="stdout", text=text[start:end])
        for start, end in itertools.pairwise(ends)
    ]


def test_a_stream_that_comes_in_pieces_is_one_block():
    text = "0\n1\n2\n"
    pages = {_page(cells(SOURCE), [outputs(text, cuts)], "").markdown for cuts in ([], [2], [1, 3], [2, 4])}
    assert len(pages) == 1
    assert pages.pop().endswith("```text\n0\n1\n2\n```\n\n")


def test_streams_of_two_kinds_stay_apart_and_in_order():
    out, err = outputs("a\n", [])[0], NotebookNode(output_type="stream", name="stderr", text="b\n")
    page = _page(cells(SOURCE), [[out, err, out]], "").markdown
    assert page.count("```text") == 3
    assert page.index("a\n") < page.index("b\n")


def test_what_is_printed_cannot_leave_its_block():
    """A line of backticks or a tag in the output stays text."""
    printed = "```\n<script>alert(1)</script>\n````\n"
    page = _page(cells(SOURCE), [outputs(printed, [])], "").markdown
    assert page.endswith(f"`````text\n{printed}`````\n\n")
    fences = read_markdown("docs/notebook.md", page).fences
    assert [fence.body for fence in fences][1:] == [printed]


def test_a_figure_that_is_no_drawing_is_told_with_its_cell():
    svg = '<svg width="1pt" height="1pt" viewBox="0 0 1 1"><script>alert(1)</script></svg>'
    drawn = NotebookNode(output_type="display_data", data=NotebookNode({"image/svg+xml": svg}))
    page = _page(cells(SOURCE), [[drawn]], "")
    assert str(page.defect) == "docs/notebook.py:2:1: a figure is a drawing: '<script' has no place in it"
    assert page.figures == {}


def test_the_notebook_uses_the_repository_s_own_package(tmp_path):
    """Not the installed one, from which the cache's key is not made."""
    root = tmp_path / "it's a copy"
    (root / "docs").mkdir(parents=True)
    (root / "mseclf" / "site" / "run").mkdir(parents=True)
    (root / "mseclf" / "__init__.py").write_text("WHERE = 'own'\n")
    for name in ("requirements.lock", "mseclf/site/run/svg.py"):
        (root / name).touch()
    (root / "docs" / "notebook.py").write_text("# %%\nimport mseclf\nprint(mseclf.WHERE)\n")
    page = notebook_page(root, tmp_path / "cache")
    assert page.defect is None
    assert "```text\nown\n```" in page.markdown
