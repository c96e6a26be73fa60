"""Tables in the finished page: their rows have addresses, the losses their marks, and names break where they may."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mseclf.site.publish.assets import finished
from mseclf.site.publish.tables import LONG, breakable, cell_words, loss, tables


def table(head, *rows):
    def row(tag, cells):
        return f"<tr>\n{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}\n</tr>"

    body = "".join(row("td", cells) for cells in rows)
    return f"<table>\n<thead>\n{row('th', head)}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("squared error (MSE)", "of-mse"),
        ("Squared error pushes with", "of-mse"),
        ("test accuracy, MSE", "of-mse"),
        ("cross-entropy (BCE)", "of-bce"),
        ("steps of descent, cross-entropy", "of-bce"),
        ("BCE", "of-bce"),
        ("MSE − BCE", ""),
        ("ratio", ""),
        ("mseclf", ""),
        ("mse", ""),
        ("", ""),
    ],
)
def test_a_header_that_names_one_loss_has_its_mark(said, name):
    assert loss(said, whole=False) == name
    marked = tables(table([f"<abbr title='x'>{said}</abbr>", "other"], ["1", "2"]))
    assert re.findall(r'<th class="([\w-]+)">', marked) == ([name] if name else [])


def test_a_cell_has_it_only_when_it_is_the_name():
    said = [
        "squared error",
        "half squared error",
        "cross-entropy (BCE)",
        "MSE",
        "MSE is convex.",
        "never squared error",
    ]
    marked = tables(table(["loss"], *([cell] for cell in said)))
    assert re.findall(r'<td(?: class="([\w-]+)")?>', marked) == ["of-mse", "of-mse", "of-bce", "of-mse", "", ""]
    drawn = '<span class="tex"><svg></svg><span><math><mi>MSE</mi></math></span></span>'
    assert "of-mse" not in tables(table(["Symbol"], [drawn]))


def test_the_alignment_of_a_column_stays():
    marked = tables('<table><thead><tr><th style="text-align: right;">MSE</th></tr></thead></table>')
    assert '<th style="text-align: right;" class="of-mse">MSE</th>' in marked


def test_a_table_is_in_a_box_that_keys_reach_and_the_theme_leaves_it_alone():
    made = finished(f"<p>a</p>{table(['a'], ['b'])}")
    assert made.startswith('<p>a</p><div class="table"><table class="rows">')
    assert made.endswith("</table></div>")
    other = '<table class="highlighttable"><tr><td><code>a_b</code></td></tr></table>'
    assert tables(other) == other


def test_what_has_words_in_its_cells_becomes_cards_with_their_columns_names():
    made = tables(table(["claim", "verdict &amp; <em>why</em>"], ["a", "b" * LONG], ["c", "d " * LONG]))
    assert '<div class="table as-cards"' in made
    assert re.findall(r'data-label="([^"]*)"', made) == ["claim", "verdict &amp; why"] * 2
    assert "data-label" not in tables(table(["claim", "why"], ["a", "b" * LONG]))


def test_an_address_in_the_first_cell_becomes_the_row_s():
    made = tables(table(["a"], ['<a id="sym-z"></a>z'], ["y"]))
    assert '<tr id="sym-z">\n<td>z</td>' in made
    assert "<a" not in made


def test_names_break_after_their_marks_and_numbers_do_not():
    assert breakable("mseclf.losses.mse_gradient") == "mseclf.<wbr>losses.<wbr>mse_<wbr>gradient"
    assert breakable("eq-bce-negative-1") == "eq-<wbr>bce-<wbr>negative-1"
    assert [breakable(same) for same in ("1e-8", "-a", "0.25", "_x", "x_", "a.b-"[-2:], "&lt;a&gt;")] == [
        "1e-8", "-a", "0.25", "_x", "x_", "b-", "&lt;a&gt;"
    ]  # fmt: skip
    assert "<code>a_<wbr>b</code>" in tables(table(["a"], ["<code>a_b</code>"]))


@given(st.text(max_size=30))
def test_a_break_changes_no_letter(text):
    escaped = html.escape(text)
    assert breakable(escaped).replace("<wbr>", "") == escaped


HOSTILE = [
    '"><img src=x onerror=alert(1)>',
    "<script>alert(1)</script> MSE",
    "' onclick='x",
    "&quot;&#34; squared error",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_others_stay_words(text):
    cell = html.escape(text)
    made = tables(table([cell, cell], [cell, "x" * (LONG + 1)]))
    labels = re.findall(r'data-label="([^"]*)"', made)
    assert [html.unescape(label) for label in labels] == [" ".join(text.split())] * 2
    assert "<script" not in made
    assert "<img" not in made
    assert set(re.findall(r"<\w+ ([\w-]+)=", made)) <= {"class", "data-label"}
    assert cell_words(cell) == " ".join(text.split())
