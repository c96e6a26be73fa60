"""The FAQ as data: what search engines are told is what the page says."""

import json
import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from mseclf.site.publish.questions import question_tag, questions

FAQ = (Path(__file__).parents[3] / "docs" / "faq.md").read_text(encoding="utf-8")


def data_of(tree):
    found = [json.loads(script.text()) for script in tree.css('script[type="application/ld+json"]')]
    return [data for data in found if data["@type"] == "FAQPage"]


@pytest.fixture(scope="module")
def faq(site):
    (data,) = data_of(LexborHTMLParser((site / "faq" / "index.html").read_text(encoding="utf-8")))
    return data


def test_every_question_of_the_page_has_its_answer(faq):
    headings = [title.replace("`", "") for title in re.findall(r"^## (.+)$", FAQ, flags=re.MULTILINE)]
    assert len(headings) > 50
    assert [entry["name"] for entry in faq["mainEntity"]] == headings
    for entry in faq["mainEntity"]:
        assert (entry["@type"], entry["acceptedAnswer"]["@type"]) == ("Question", "Answer")
        assert len(entry["acceptedAnswer"]["text"].split()) > 8, entry


def test_an_answer_has_no_tex_and_no_slot(faq):
    text = " ".join(entry["acceptedAnswer"]["text"] for entry in faq["mainEntity"])
    assert re.findall(r"\\[a-zA-Z(\[]+|\$|\{\w+\}|\]\(", text) == []
    assert "ŷ(1 − ŷ)" in text


def test_no_other_page_says_that_it_is_one(site):
    for address in ("", "interview", "symptoms"):
        assert data_of(LexborHTMLParser((site / address / "index.html").read_text(encoding="utf-8"))) == []


def test_what_stands_before_the_first_question_answers_none_and_a_display_is_no_sentence():
    content = (
        '<h1>T</h1><p>Before.</p><h2 id="a">A <em>b</em>?<a class="headerlink" href="#a">#</a></h2>'
        r"<p>One <span>\(x^2\=x²\)</span>.</p><div><h6>Equation (1): eq-x</h6>\[x = 1\]</div><ul><li>Two</li></ul>"
    )
    assert questions(content) == [("A b?", "One x². Two")]


def test_the_tag_cannot_be_ended_by_its_words():
    tag = question_tag("<h2>Q?</h2><p>&lt;/script&gt;&lt;b&gt;</p>")
    assert tag.count("<") == 2
    (data,) = data_of(LexborHTMLParser(tag))
    assert data["mainEntity"][0]["acceptedAnswer"]["text"] == "</script><b>"
