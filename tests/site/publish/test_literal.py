"""Hostile text through the real functions and the site's own Markdown: it is shown, and never becomes markup."""

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mseclf.site.defect import Defects
from mseclf.site.page import ValueSlot, read_page
from mseclf.site.page.place import Place
from mseclf.site.publish import generated
from mseclf.site.publish.figure_html import failure_html, figure_html, output_html
from mseclf.site.publish.gallery import ExamplePages, gallery
from mseclf.site.publish.literal import literal
from mseclf.site.publish.literature import cite, literature_markdown, read_literature
from mseclf.site.publish.uses import Uses
from mseclf.site.publish.values import format_value
from mseclf.site.run import ExampleFailure, ExampleRun, Figure

ROOT = Path(__file__).parents[3]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "[click](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "a | b | c",
    "`{escape_time} ratio`",
    "$x$ and ```math",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "]( onload=alert(1) )[",
    "<!-- gallery -->",
    "[@auer1995]",
    "*emphasis* __strong__ {: onclick=alert(1) }",
    '![a](b.py "c") \\',
    "-->\n<svg onload=alert(1)>",
    "# heading\n\n- list\n\n1. one",
    "\x02wzxhzdk:0\x03 \x00",
    "--8<-- '../CITATION.cff'",
]
KEPT = {
    "p",
    "h1",
    "h2",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "code",
    "span",
    "ul",
    "li",
    "a",
    "em",
    "strong",
}


EXTENSIONS = ["abbr", "attr_list", "def_list", "footnotes", "md_in_html", "tables"]


class Tags(HTMLParser):
    """Every tag with its attributes, and the text between them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.attributes = [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def shown(text):
    """The page's HTML as the site's Markdown makes it."""
    return markdown.markdown(
        text,
        extensions=[*EXTENSIONS, "pymdownx.superfences", "pymdownx.quotes", "pymdownx.highlight"],
    )


def plain(text):
    return " ".join(re.sub(r"[\x00-\x08\x0e-\x1f\x7f]", "", text).split())


def run(text, **changes):
    fields = {
        "name": "hostile", "title": text, "claim": text, "source": text, "topics": (text,), "script": text,
        "figures": (Figure("1", "<svg/>", 700.0, 300.0),), "stdout": text, "stderr": text, "values": {"key": text},
        "reason": text, "seconds": 1.0, "peak_bytes": 1,
    }  # fmt: skip
    return ExampleRun(**{**fields, **changes})


def assert_harmless(output, text, allowed=KEPT):
    page = Tags(output)
    assert set(page.tags) <= allowed
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert not [
        value
        for name, value in page.attributes
        if name in ("href", "src") and re.match(r"\s*(javascript|data):", value or "")
    ]
    assert plain(text) in " ".join(page.text.split())


@pytest.mark.parametrize("template", ["{}", "# {}", "words {} words", "- {}", '<span class="value">{}</span> words'])
@pytest.mark.parametrize("text", HOSTILE)
def test_the_sites_markdown_shows_it_as_it_is(text, template):
    assert_harmless(shown(template.format(literal(text))), text)


@given(st.text(st.sampled_from("ab1 .-+*_`~#>|[](){}<>!$&;:\"'\\=^@\n\t"), min_size=1, max_size=40).filter(str.strip))
def test_any_text_is_shown_as_it_is_and_comes_back(text):
    assert html.unescape(literal(text)) == plain(text)
    assert_harmless(shown(f"words {literal(text)} words"), text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_is_shown_as_it_is(text):
    slot = ValueSlot(0, 1, Place("docs/a.md", 1), "hostile", "key", "")
    output = shown(
        f'| a | b |\n|---|---|\n| <span class="value">{format_value(slot, {"hostile": run(text).values})}</span> | c |'
    )
    assert_harmless(output, text)
    assert output.count("<td>") == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_an_examples_own_page_reads_and_shows_its_title_and_claim(text):
    runs = {name: run(text, name=name) for name in ("before", "hostile", "after")}
    titles = {"docs/a.md": text}
    written = ExamplePages(
        {**runs, "hostile": run(text, source=f"docs/a.md {text}")}, titles, Uses(dict.fromkeys(runs, ""), {})
    ).texts()
    page = read_page("docs/gallery/hostile.md", written["docs/gallery/hostile.md"])
    assert generated.page_title(page) == plain(text)
    assert [image.alt for image in page.images] == [plain(text)]
    assert len(page.headings) == 2
    assert not page.values
    assert not page.equations
    assert not page.formulas
    front = "---\nsearch: {boost: 0.5}\n---\n"
    assert page.text.startswith(front)
    words = page.text[len(front) : page.images[0].start] + page.text[page.images[0].end :]
    assert_harmless(shown(words), text, KEPT | {"nav"})
    figure = figure_html(page.images[0], run(text), "../../", first=True, below="script")
    allowed = KEPT | {"figure", "figcaption", "img", "details", "summary", "pre", "samp"}
    assert_harmless(figure, text, allowed)
    assert dict(Tags(figure).attributes)["alt"] == plain(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_output_cards_and_failures_are_text(text):
    assert_harmless(output_html(run(text)), text.replace("\x00", ""), {"pre", "samp"})
    one_line = run(text, title=plain(text), claim=plain(text))
    assert_harmless(shown(gallery({"hostile": one_line})), text, KEPT | {"button", "img"})
    failure = ExampleFailure(name="hostile", line=3, message=text, traceback=text, stdout=text, stderr=text)
    assert_harmless(failure_html(failure), text, {"div", "p", "strong", "pre"})


BIB = """@article{{key2000,
  author = {{{text}, A.}}, title = {{{text}}}, journal = {{{text}}}, year = {{2000}}, doi = {{10.1/{doi}}},
}}"""


@pytest.mark.parametrize("text", [text for text in HOSTILE if not set(text) & set('{}"\\\x00\x02@#`,\n')])
def test_a_bibliography_is_shown_as_it_is(text):
    entries = read_literature("docs/literature.bib", BIB.format(text=text, doi=text.replace(" ", "")))
    assert_harmless(shown(literature_markdown(entries, {})), text)
    (citation,) = read_page("docs/a.md", "Words [@key2000].").citations
    assert_harmless(shown(f"Words {cite('docs/a.md', citation, entries)}."), text.split(",")[0])


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x.example", "https://", "file:///etc/passwd"]
)
def test_an_address_in_the_bibliography_is_of_the_web(url):
    with pytest.raises(Defects, match=r"^docs/literature.bib:1:1: the url .* of k is no address of the web$"):
        read_literature("docs/literature.bib", f"@misc{{k, author={{A}}, title={{T}}, year={{2000}}, url={{{url}}}}}")


@pytest.mark.parametrize("key", ['k"onload=x', "K1", "k<b>", "1k"])
def test_a_key_of_the_bibliography_is_a_word(key):
    with pytest.raises(Defects, match=r"key"):
        read_literature("docs/literature.bib", f"@misc{{{key}, author={{A}}, title={{T}}, year={{2000}}, doi={{1}}}}")


@pytest.mark.parametrize(
    "spec", ["999999999d", "0100d", ".100f", "\u0661\u0661\u0661d", "{x}", "{0.__class__}", "!r", "s}"]
)
def test_a_format_cannot_ask_for_memory_or_code(spec):
    slot = ValueSlot(0, 1, Place("docs/a.md", 1), "hostile", "key", spec)
    with pytest.raises(ValueError, match=r"^the format .* (is too wide; widths|does not fit key = 3: )"):
        format_value(slot, {"hostile": {"key": 3}})


@given(st.text(max_size=12), st.one_of(st.integers(), st.floats(), st.booleans(), st.text(max_size=20)))
def test_any_format_gives_short_text_or_is_refused(spec, value):
    slot = ValueSlot(0, 1, Place("docs/a.md", 1), "hostile", "key", spec)
    try:
        text = format_value(slot, {"hostile": {"key": value}})
    except ValueError:
        return
    assert len(html.unescape(text)) < 500
    assert not Tags(text).tags


@pytest.mark.parametrize("text", ["a | b", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "`code`"])
def test_a_meaning_in_the_symbol_table_is_one_cell(text):
    from mseclf.site.latex.notation import notation_from

    table = notation_from({"symbols": [{"tex": "q", "kind": "scalar", "meaning": text, "python": "q"}]})
    output = shown(generated.notation(table).replace("$q$", "q"))
    assert output.count("<td>") == 4
    assert_harmless(output, text)
