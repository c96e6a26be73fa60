"""The gallery and the examples' own pages."""

import re
from pathlib import Path

import pytest

from mseclf.pages import read_page
from mseclf.publish.gallery import ExamplePages, gallery, values_table
from mseclf.running import ExampleRun, Figure, example_names
from mseclf.running.example import read_example

ROOT = Path(__file__).parents[2]
TITLES = {"docs/beyond/any-network.md": "Any *network*", "docs/index.md": "Home"}


def run(name, *figures, **changes):
    drawn = tuple(Figure(figure, "<svg/>", 70.0, 30.0) for figure in figures)
    made = ExampleRun(name, f"Title {name}", "A claim.", "", ("a",), "", drawn, "", "", {}, "new", 0.1, 1)
    return ExampleRun(**{**{field: getattr(made, field) for field in made.__dataclass_fields__}, **changes})


def pages(*runs):
    return ExamplePages({one.name: one for one in runs}, TITLES)


def text_of(name, *runs):
    return pages(*runs).texts()[f"docs/gallery/{name}.md"]


@pytest.mark.parametrize("figures", [("1",), ("left", "right")])
def test_a_claim_is_said_once(figures):
    page = read_page("docs/gallery/one.md", text_of("one", run("one", *figures)))
    assert page.text.count("A claim.") == 1
    captions = [image.caption for image in page.images]
    assert len(set(captions)) == len(figures)
    assert all(captions)


def test_a_page_leads_to_the_gallery_and_to_its_neighbours():
    first, middle, last = (text_of(name, run("a"), run("b"), run("c")) for name in "abc")
    assert all("[All examples](../gallery.md)" in text for text in (first, middle, last))
    assert "Previous: [Title a](a.md)" in middle
    assert "Next: [Title c](c.md)" in middle
    assert "Previous:" not in first
    assert "Next:" not in last


def test_the_source_is_linked_where_it_is_a_page_of_the_site():
    linked = pages().linked
    assert linked("docs/beyond/any-network.md (experiment E9)") == (
        "[Any &#42;network&#42;](../beyond/any-network.md) (experiment E9)"
    )
    assert linked("docs/index.md and docs/beyond/any-network.md") == (
        "[Home](../index.md) and [Any &#42;network&#42;](../beyond/any-network.md)"
    )
    assert linked("docs/none.md; tests/a.py") == "docs/none.md; tests/a.py"
    assert linked("docs/index.md<b>") == "[Home](../index.md)&#60;b&#62;"


def test_numbers_stand_by_their_last_digits_and_words_do_not():
    assert values_table({"a_b": 4.2032855521087996e-16, "c": 1234}).splitlines()[1:] == [
        "|---|---:|",
        '| `a_b` | <span class="value">4.20329 × 10⁻¹⁶</span> |',
        '| `c` | <span class="value">1,234</span> |',
    ]
    assert values_table({"a": "x | <b>"}).splitlines()[1:] == ["|---|---|", "| `a` | x &#124; &#60;b&#62; |"]


def test_a_card_shows_the_signs_that_a_docstring_writes_out():
    assert "<p>at −a it is σ′(z)</p>" in gallery({"a": run("a", claim="at -a it is sigma'(z)")})


def test_a_topic_gathers_and_there_are_few():
    topics = [topic for name in example_names(ROOT) for topic in read_example(name, ROOT).topics]
    assert len(set(topics)) <= 9
    alone = {topic for topic in topics if topics.count(topic) == 1}
    assert alone <= {"build time"}  # the one example that is not about the losses


def test_links_of_the_gallery_are_escaped():
    made = gallery({"a": run("a", title='"><b>', topics=('"><i>',))})
    assert not re.search(r"<[bi]>", made)
