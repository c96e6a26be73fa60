"""The gallery and the examples' own pages."""

import re
from pathlib import Path

import pytest

from mseclf.site.page import read_page
from mseclf.site.publish.gallery import FEW, ExamplePages, folded_values, gallery, values_table
from mseclf.site.publish.uses import Uses
from mseclf.site.run import ExampleRun, Figure, example_names

ROOT = Path(__file__).parents[3]
TITLES = {"docs/beyond/any-network.md": "Any *network*", "docs/index.md": "Home"}


SHOWN = {
    "docs/beyond/any-network.md": read_page(
        "docs/beyond/any-network.md", '# A\n\n![A hill | and "more".](../../examples/one.py#left "What is *seen*.")\n'
    ),
    "docs/index.md": read_page("docs/index.md", "# Home\n\nIt is `{one} value:.1f`.\n"),
    "docs/reference.md": read_page(
        "docs/reference.md",
        "# API\n\n::: mseclf.losses.mse_loss\n\n::: mseclf.losses.MSE\n\n::: mseclf.links.sigmoid\n",
    ),
}
SCRIPT = "import mseclf\nfrom mseclf.losses import mse_loss\nfrom mseclf import plots\nmseclf.MSE.loss(1, 2)\n"


def run(name, *figures, **changes):
    drawn = tuple(Figure(figure, "<svg/>", 70.0, 30.0) for figure in figures)
    made = ExampleRun(name, f"Title {name}", "A claim.", "", ("a",), "", drawn, "", "", {}, "new", 0.1, 1)
    return ExampleRun(**{**{field: getattr(made, field) for field in made.__dataclass_fields__}, **changes})


def pages(*runs):
    return ExamplePages({one.name: one for one in runs}, TITLES, Uses({one.name: one.script for one in runs}, SHOWN))


def text_of(name, *runs):
    return pages(*runs).texts()[f"docs/gallery/{name}.md"]


@pytest.mark.parametrize("figures", [("1",), ("left", "right")])
def test_a_claim_is_said_once_and_a_figure_has_the_words_of_the_page_that_shows_it(figures):
    page = read_page("docs/gallery/one.md", text_of("one", run("one", *figures)))
    assert page.text.count("A claim.") == 1
    words = [(image.alt, image.caption) for image in page.images]
    seen = ('A hill | and "more".', "What is *seen*.")
    other = ("Title one: right", "Drawn by the script below.")
    assert words == ([seen, other] if "left" in figures else [("Title one", "Drawn by the script below.")])


def test_a_page_says_where_it_is_used_and_what_it_uses():
    text = text_of("one", run("one", "left", script=SCRIPT))
    assert "- [Any &#42;network&#42;](../beyond/any-network.md)\n" in text
    assert "- [Home](../index.md), which takes numbers from it" in text
    assert (
        "It uses [`mse_loss`](../reference.md#mseclf.losses.mse_loss), [`MSE`](../reference.md#mseclf.losses.MSE)."
        in text
    )


def test_each_function_leads_to_the_examples_that_use_it():
    uses = Uses({"one": SCRIPT, "two": "from mseclf import mse_loss"}, SHOWN)
    text = uses.with_examples(
        SHOWN["docs/reference.md"].text, {"one": "The first", "two": "The second"}, {"mse_loss": "L"}
    )
    entry = text.partition("::: mseclf.losses.mse_loss\n")[2].partition(":::")[0]
    assert entry.startswith('\nL\n\n<details class="used"'), "its formula comes first"
    assert "Used in 2 examples" in entry
    assert "- [The first](gallery/one.md)\n- [The second](gallery/two.md)\n" in entry
    assert text.endswith("::: mseclf.links.sigmoid\n"), "nothing is said of what nobody uses"


def test_every_example_uses_the_package_by_names_that_the_reference_has():
    page = read_page("docs/reference.md", (ROOT / "docs/reference.md").read_text(encoding="utf-8"))
    scripts = {name: (ROOT / "examples" / f"{name}.py").read_text(encoding="utf-8") for name in example_names(ROOT)}
    uses = Uses(scripts, {"docs/reference.md": page})
    assert sum(bool(uses.functions_of(name)) for name in scripts) > 15
    assert {"sigmoid", "mse_gradient_logit"} <= uses.examples.keys()


def test_many_values_are_folded_and_few_are_not():
    few, many = ({f"mse_{n}": n for n in range(count)} for count in (FEW, FEW + 1))
    assert folded_values(few) == values_table(few)
    assert f"<summary>All {FEW + 1} values</summary>" in folded_values(many)
    assert values_table(many) in folded_values(many)


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
        "|---|---|---:|",
        '| a b | `a_b` | <span class="value">4.20329 × 10⁻¹⁶</span> |',
        '| c | `c` | <span class="value">1,234</span> |',
    ]
    assert values_table({"a": "x | <b>"}).splitlines()[1:] == ["|---|---|---|", "| a | `a` | x &#124; &#60;b&#62; |"]


def test_links_of_the_gallery_are_escaped():
    made = gallery({"a": run("a", title='"><b>', topics=('"><i>',))})
    assert not re.search(r"<[bi]>", made)
