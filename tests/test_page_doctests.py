"""The ``>>>`` blocks of the pages: a build runs all that it finds, so here it is asked that it finds them."""

from pathlib import Path

from mseclf.site.page import read_page

ROOT = Path(__file__).parents[1]


def test_every_prompt_stands_in_a_block_that_is_run():
    texts = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md")}
    prompted = {path: read_page(path, text) for path, text in texts.items() if ">>> " in text}
    assert {path for path, page in prompted.items() if not page.doctests} == set()
