"""What the search index holds."""

import json
import re
from pathlib import Path

import pytest

from mseclf.pages import read_page
from mseclf.publish.markup import fill, searchable, with_slots

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def entries(site):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    return {entry["location"]: entry for entry in index["docs"]}


def test_each_display_has_an_entry_with_its_number_its_name_and_its_tex(entries):
    path = ROOT / "docs" / "beyond" / "gradient-size.md"
    page = read_page("docs/beyond/gradient-size.md", path.read_text(encoding="utf-8"))
    assert len(page.equations) > 5
    for number, equation in enumerate(page.equations, 1):
        entry = entries[f"beyond/gradient-size/#{equation.id}"]
        assert entry["title"] == f"Equation ({number}): {equation.id}"
        tex = " ".join(equation.tex.split())
        escaped = tex.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert " ".join(entry["text"].split()) == rf"\[{escaped}\]"


def test_what_follows_a_display_belongs_to_the_section_around_it(entries):
    text = entries["beyond/escape-time/#the-two-times"]["text"]
    assert "take the times" in text
    assert "The logit climbs at the speed" in text
    assert r"\[" not in text


def test_each_word_of_the_glossary_has_an_entry(entries):
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = re.findall(r'^- <a id="([^"]+)"', text, re.MULTILINE)
    assert len(words) > 30
    assert [word for word in words if f"glossary/#{word}" not in entries] == []
    assert entries["glossary/#link"]["title"] == "Link and inverse link"


def test_programs_and_the_ledger_s_table_are_not_in_the_index(entries):
    assert not [location for location in entries if location.startswith("source/")]
    assert "def mse_loss" not in json.dumps(entries)
    assert "eq-mse-gradient" not in entries["ledger/#every-equation"]["text"]


def test_no_page_shows_what_is_for_the_index_alone(site):
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "data-entry" not in text, path
        assert 'data-search-exclude="' not in text, path


def test_entries_are_escaped_and_leave_nothing_on_the_page():
    text = "# T\n\n<!-- eq: h4x -->\n```math\na </div><h6 id=x> < b & c\n```\n"
    page = read_page("docs/x.md", text)
    content = with_slots(page, {}).replace("# T", "<h1>T</h1>")
    content += '<li><a id="w"></a><strong>A <em>&lt;b&gt;</em></strong>: c</li>'
    given = searchable(content, page, lambda image: "")
    assert '<h6 data-entry id="eq-h4x">Equation (1): eq-h4x</h6>' in given
    assert "a &lt;/div&gt;&lt;h6 id=x&gt; &lt; b &amp; c" in given
    assert '<h6 data-entry id="w">A &lt;b&gt;</h6><a id="w">' in given
    assert fill(given, lambda number: "!") == fill(content, lambda number: "!")
