"""What the search index holds, and the script that finds formulas in it."""

import json
import re
from pathlib import Path

import pytest

from mseclf.site.page import read_page
from mseclf.site.publish.markup import fill, searchable, with_slots
from tests.explorers.conftest import caller, load

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def entries(site):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    return {entry["location"]: entry for entry in index["docs"]}


@pytest.fixture(scope="module")
def search_js():
    return caller(load("../search-words", "../search-formulas"))


def asked(search_js, docs, query):
    """What the theme's page gets for a query when its worker, which gets words only, answers that it found nothing."""
    answer = (
        "(docs, query) => { const { ask, hear } = lib.between();"
        " const known = ask({ type: 0, data: { docs } }).data.docs.map((doc) => doc.location);"
        " const words = ask({ type: 2, data: query }).data;"
        " return [known, words, hear({ type: 3, data: { items: [] } }).data.items]; }"
    )
    return search_js(answer, docs, query)


def test_each_display_has_an_entry_with_its_number_its_name_and_its_tex(entries):
    path = ROOT / "docs" / "beyond" / "gradient-size.md"
    page = read_page("docs/beyond/gradient-size.md", path.read_text(encoding="utf-8"))
    assert len(page.equations) > 5
    for equation in page.equations:
        number = page.numbers[equation.id]
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


def test_a_formula_in_a_sentence_has_its_plain_text_beside_its_tex(entries):
    assert r"\(\hat y(1-\hat y)\=ŷ(1 − ŷ)\)" in entries["glossary/#sigmoid"]["text"]


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
    given = searchable(content, page, lambda image: "", lambda formula: "")
    assert '<h6 data-entry id="eq-h4x">Equation (1): eq-h4x</h6>' in given
    assert "a &lt;/div&gt;&lt;h6 id=x&gt; &lt; b &amp; c" in given
    assert '<h6 data-entry id="w">A &lt;b&gt;</h6><a id="w">' in given
    assert fill(given, lambda number: "!") == fill(content, lambda number: "!")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\frac{1}{2}", r"\dfrac 1 2"),
        (r"\frac{1}{2}", r"$\frac12$"),
        (r"\hat y (1 - \hat y)", r"\hat{y}\,\left(1-\hat{y}\right)"),
        (r"\hat y(1-\hat y)", "\\[\n  \\hat y\\bigl(1−\\hat y\\bigr)\n\\]"),
        (r"L_{\mathrm{MSE}}", r"L_{\text{MSE}}"),
        (r"\begin{aligned} a &= b \\ &\quad + c \end{aligned}", "a = b + c"),
        (r"a \le b", r"a\leq{}b"),
    ],
)
def test_one_formula_in_two_writings_is_one_row_of_signs(search_js, one, other):
    assert search_js("lib.signs", one) == search_js("lib.signs", other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("a - b", "a + b"), (r"\hat y", "hat y"), ("12", "1 3"), (r"\lefteqn", r"\left eqn"), ("a", "A")]
)
def test_two_formulas_are_two_rows(search_js, one, other):
    assert search_js("lib.signs", one) != search_js("lib.signs", other)


def test_a_formula_that_is_held_comes_before_one_that_is_like_it(search_js):
    def score(one, other):
        return search_js("(one, other) => lib.likeness(lib.signs(one), lib.signs(other))", one, other)

    whole = r"\hat y (1 - \hat y)"
    assert score(whole, whole) == 2
    assert 1 < score(whole, rf"4 x {whole} + 7") < score(whole, f"x {whole}") < 2
    assert 0.7 < score(f"{whole} + x", f"{whole} - x") < 1
    assert score(whole, r"\frac{a}{b}") == 0
    assert score(r"\fra", r"\frac{1}{2}") > 1, "while it is typed"


@pytest.mark.parametrize(
    ("query", "searched"),
    [
        ("vanishing sigmoid", "vanish*^4 sigmoid*^4"),
        ("mse_gradient_logit", "mse_gradient_logit*^4"),
        ('"a b"',) * 2,
        ("", ""),
        ("4/27", "27*^4"),
    ],
)
def test_words_go_to_the_theme(search_js, query, searched):
    assert asked(search_js, [{"location": "a/", "title": "A", "text": "x"}], query)[1:] == [searched, []]


DOCS = [
    {"location": "a/", "title": "A", "text": r"<p>before \(x^2 &lt; 1\) after</p> <p>more</p>"},
    {"location": "a/#eq-one", "title": "Equation (1): eq-one", "text": r"\[x^2 &lt; &amp;lt;b&amp;gt;\]"},
    {"location": "a/#eq-one-more", "title": "Equation (2): eq-one-more", "text": r"\[\frac{x^2}{y} = \hat z\]"},
    {"location": "b/", "title": "B", "text": ""},
    {
        "location": "b/#s",
        "title": "S",
        "text": r"<ul> <li>words \(\hat z\=ẑ\), \(a &lt; b\=a&lt;b\)</li> </ul>",
    },
]


def test_displays_are_found_by_the_script_and_the_rest_by_the_theme(search_js):
    assert asked(search_js, DOCS, "x")[0] == ["a/", "b/", "b/#s"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (r"\hat{z}", [["a/#eq-one-more", "a/"], ["b/#s", "b/"]]),
        ("x^{2}<", [["a/#eq-one", "a/"]]),
        (" eq-one ", [["a/#eq-one", "a/#eq-one-more", "a/"]]),
        ("EQ-one-m", [["a/#eq-one-more", "a/"]]),
        ("https://example.org/a/#eq-one-more", [["a/#eq-one-more", "a/"]]),
    ],
)
def test_what_is_found_comes_page_by_page_with_the_page_last(search_js, query, found):
    _, words, items = asked(search_js, DOCS, query)
    assert [[item["location"] for item in page] for page in items] == found
    assert words == ""
    assert all(item["terms"] == {} for page in items for item in page)


def test_what_is_shown_stays_escaped(search_js):
    """The theme writes titles and texts as HTML."""
    (((one, *_),)) = asked(search_js, DOCS, "x^2<")[2]
    assert one["text"] == "<code>x^2 &lt; &amp;lt;b&amp;gt;</code>"
    (_, (section, _)) = asked(search_js, DOCS, r"\hat z")[2]
    assert section["text"] == "words <mark>ẑ</mark>, a&lt;b"


def test_the_theme_gets_formulas_in_plain_text(search_js):
    docs = search_js("(docs) => lib.between().ask({ type: 0, data: { docs } }).data.docs", DOCS)
    assert [doc["text"] for doc in docs] == [
        "<p>before x^2 &lt; 1 after</p> <p>more</p>",
        "",
        "<ul> <li>words ẑ, a&lt;b</li> </ul>",
    ]


def test_a_greek_letter_s_name_finds_its_formulas(search_js):
    docs = [{"location": "a/", "title": "A", "text": r"\(\sigma(z)\=σ(z)\)"}]
    ((found,),) = asked(search_js, docs, " Sigma")[2]
    assert found["text"] == "<mark>σ(z)</mark>"


@pytest.mark.parametrize(
    "query", ["\\", "{}", "$$", "^", "\\<img onerror=h4x()>", "eq-", "eq-(", "\\begin{", "\\\\" * 9]
)
def test_odd_queries_are_harmless(search_js, query):
    assert "h4x" not in json.dumps(asked(search_js, DOCS, query)[2])


def test_a_formula_of_no_page_is_looked_for_by_its_words(search_js):
    assert asked(search_js, DOCS, r"\operatorname{arg} \max_{k}")[1:] == ["operatornam*^4 arg^4 max^4 k^4", []]


def test_answers_keep_their_turn(search_js):
    """A worker that is slow answers a query about words after a formula was asked for."""
    script = (
        "(docs) => { const { ask, hear } = lib.between(); ask({ type: 0, data: { docs } });"
        r" ask({ type: 2, data: 'words' }); ask({ type: 2, data: '\\hat z' }); ask({ type: 2, data: 'more' });"
        " const answer = (items) => hear({ type: 3, data: { items } }).data.items;"
        " const found = (location) => [[{ location, score: 1, terms: { w: true } }]];"
        " const ends = (items) => items.map((docs) => docs[0].location);"
        " return [hear({ type: 1 }), ends(answer(found('w'))), answer([]).length, ends(answer(found('x')))]; }"
    )
    assert search_js(script, DOCS) == [{"type": 1}, ["w"], 2, ["x"]]


@pytest.mark.parametrize(
    ("query", "searched"),
    [
        ("why not MSE for logistic regression?", [["mse"], ["logistic"], ["regression"]]),
        ("labels -1 and 1 tanh", [["label"], ["tanh"]]),
        ("+sigmoid -twice", [["sigmoid"], ["twic"]]),
        ("reg:squarederror", [["reg"], ["squarederror"]]),
        ("loss stuck at 0.693", [["stuck"], ["loss"], ["0.693"]]),
        ("penalized misclassifications", [["penal"], ["misclassific"]]),
        ("why not", [["why"], ["not"]]),
    ],
)
def test_a_question_is_searched_by_the_words_that_tell_something(search_js, query, searched):
    """Signs that the theme's search obeys go, "not" finds no prefix, and one form of a word finds the others."""
    assert [part["typed"] for part in search_js("lib.parts", query)] == searched


def test_a_thing_of_several_names_is_found_by_each_and_best_by_the_one_that_was_typed(search_js):
    names = {name: search_js("lib.parts", name)[0]["like"] for name in ("squared error", "MSE loss", "quadratic cost")}
    assert len(set(map(str, names.values()))) == 1
    searched = search_js("lib.words", "quadratic cost is not convex").split()
    assert searched[:3] == ["quadratic*^4", "cost*^4", "convex*^4"]
    assert "mse^2" in searched, "a short word is a whole one, and counts half if it was not typed"
    assert search_js("lib.words", '"escape time"') == '"escape time"'


def test_a_word_that_is_everywhere_tells_less_than_a_rare_one(search_js):
    """Two results with one of two words each: the rare word decides, though the other has the better score."""
    often = [[{"location": f"p{i}/", "score": 1, "terms": {"loss": True, "focal": False}}] for i in range(9)]
    best = [{"location": "often/", "score": 12, "terms": {"loss": True, "focal": False}}]
    rare = [{"location": "rare/", "score": 10, "terms": {"loss": False, "focal": True}}]
    found = search_js("(items) => lib.ranked(items, 'focal loss')", [*often, best, rare])
    assert found[0][0]["location"] == "rare/"


def test_a_section_with_all_the_words_comes_before_a_page_with_one_of_them_often(search_js):
    items = [
        [{"location": "notation/", "score": 90, "terms": {"a": True, "b": False}}],
        [
            {"location": "faq/", "score": 40, "terms": {"a": True, "b": True}},
            {"location": "faq/#x", "score": 30, "terms": {"a": True, "b": True}},
            {"location": "faq/#y", "score": 1, "terms": {"a": True, "b": False}},
        ],
    ]
    answer = (
        "(items) => { const { ask, hear } = lib.between(); ask({ type: 2, data: 'a b' });"
        " return hear({ type: 3, data: { items } }).data.items; }"
    )
    pages = search_js(answer, items)
    assert [docs[0]["location"].split("#")[0] for docs in pages] == ["faq/", "notation/"]
    assert {doc["location"] for doc in pages[0] if doc["score"] == pages[0][0]["score"]} >= {"faq/#x", "faq/#y"}
