"""The literature: what authors may write, what readers get, and how mistakes are named."""

import markdown
import pytest

from mseclf.site.defect import Defects
from mseclf.site.page import read_page
from mseclf.site.publish.literature import (
    cited,
    literature_markdown,
    read_literature,
)
from mseclf.site.publish.markup import with_slots
from mseclf.site.publish.work import Work

BIB = """
@article{auer1995,
  author = {Auer, Peter and Herbster, Mark and Warmuth, Manfred K.},
  title = {Exponentially many local minima for {S}ingle neurons},
  journal = {NIPS}, volume = {8}, number = {2}, pages = {316--322}, year = {1995},
  url = {https://example.org/a},
}
@article{sima2002, author = {Šíma, Jiří}, title = {Hard?}, journal = {Neural Computation}, year = 2002,
  doi = {10.1/a_b<c>}}
@misc{hui2021, author = {Hui, Like and Belkin, Mikhail}, title = {Square}, year = {2021}, eprint = {2006.07322}}
@book{vaart1998, author = {van der Vaart, A. W.}, title = {Asymptotic}, publisher = {CUP}, year = 1998, doi = {10.2/x}}
"""
ENTRIES = read_literature("docs/literature.bib", BIB)


def cite(text: str, path: str = "docs/beyond/curvature.md") -> str:
    page = read_page(path, text)
    return with_slots(page, cited(page, ENTRIES))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[@sima2002]", "([Šíma 2002](../literature.md#sima2002))"),
        ("[@hui2021]", "([Hui & Belkin 2021](../literature.md#hui2021))"),
        ("[@auer1995]", "([Auer et al. 1995](../literature.md#auer1995))"),
        ("[@vaart1998, Theorem 5.21]", "([van der Vaart 1998](../literature.md#vaart1998), Theorem 5.21)"),
        (
            "[@sima2002; @hui2021, page 3]",
            "([Šíma 2002](../literature.md#sima2002); [Hui & Belkin 2021](../literature.md#hui2021), page 3)",
        ),
        (
            "[@sima2002;\n@hui2021]",
            "([Šíma 2002](../literature.md#sima2002); [Hui & Belkin 2021](../literature.md#hui2021))",
        ),
    ],
)
def test_a_citation_becomes_author_and_year(written: str, read: str) -> None:
    assert cite(f"Hard {written}.") == f"Hard {read}."


def test_links_are_relative_to_the_page() -> None:
    assert cite("[@sima2002]", "docs/index.md") == "([Šíma 2002](literature.md#sima2002))"
    assert cite("[@sima2002]", "docs/a/b/c.md") == "([Šíma 2002](../../literature.md#sima2002))"


@pytest.mark.parametrize(
    "text",
    [
        "`[@nobody]`",
        "``a ` [@nobody]``",
        "```python\n[@nobody]\n```\n",
        "~~~\n[@nobody]\n~~~\n",
        "<!-- [@nobody] -->",
        "<!--\n[@nobody]\n-->",
        r"\[@nobody]",
        "![of [@nobody]](../../examples/a.py)",
        "$[@nobody]``a$",
        "an address a@b.org, a footnote [^1], a [link](x.md), [ @ ]",
        "---\ntitle: [@nobody]\n---\n",
    ],
)
def test_what_is_not_running_text_is_left_alone(text: str) -> None:
    assert read_page("docs/beyond/curvature.md", text).citations == ()


def test_a_citation_after_code_in_the_same_paragraph_is_found() -> None:
    assert "#sima2002" in cite("`[@nobody]` and [@sima2002]")
    assert "#sima2002" in cite("```\n[@nobody]\n```\n\n[@sima2002]")


def test_an_unknown_key_names_its_place_and_the_nearest_key() -> None:
    with pytest.raises(Defects) as caught:
        cite("# Title\n\nSee [@hui2021] and [@simaa2002].\n")
    assert str(caught.value) == (
        "docs/beyond/curvature.md:3:20: no work has the key 'simaa2002' in the literature; "
        "the nearest key is 'sima2002'"
    )


def test_an_unknown_key_in_an_empty_literature_has_no_nearest_key() -> None:
    with pytest.raises(Defects, match=r"^docs/x\.md:1:1: no work has the key 'a1' in the literature$"):
        cited(read_page("docs/x.md", "[@a1]"), {})


@pytest.mark.parametrize("written", ["[@]", "[@sima2002; hui2021]", "[@sima2002;]", "[@sima2002 page 3]"])
def test_a_malformed_citation_is_refused_with_its_place(written: str) -> None:
    with pytest.raises(Defects) as caught:
        cite(f"Line\n\n- see {written}")
    assert str(caught.value).startswith(f"docs/beyond/curvature.md:3:7: {written!r} is not a citation; write [@key]")


def test_a_key_with_capitals_is_told_its_small_letters() -> None:
    with pytest.raises(Defects) as caught:
        cite("[@Sima2002, page 3]")
    message = "'[@Sima2002, page 3]' is not a citation; a key has small letters: write [@sima2002, page 3]"
    assert str(caught.value) == f"docs/beyond/curvature.md:1:1: {message}"


def test_citations_give_spans_that_cut_the_text_exactly() -> None:
    text = "a [@sima2002] b\n[@hui2021, p. 2; @auer1995] c"
    found = read_page("docs/x.md", text).citations
    assert [text[c.start : c.end] for c in found] == ["[@sima2002]", "[@hui2021, p. 2; @auer1995]"]
    assert found[1].items == (("hui2021", "p. 2"), ("auer1995", ""))


def test_entries_carry_what_the_file_says() -> None:
    auer = ENTRIES["auer1995"]
    assert auer.authors == (("Peter", "Auer"), ("Mark", "Herbster"), ("Manfred K.", "Warmuth"))
    assert auer.title == "Exponentially many local minima for Single neurons"
    assert auer.within == "NIPS 8(2), 316–322"
    assert ENTRIES["vaart1998"].authors == (("A. W.", "van der Vaart"),)
    assert ENTRIES["vaart1998"].within == "CUP"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("@misc{x1, title = {T}, year = {2000}, url = {u}}", "x1 has no author"),
        ("@misc{x1, author = {A, B}, url = {u}}", "x1 has no title, no year"),
        ("@misc{x1, author = {A, B}, title = {T}, year = {2000}}", "x1 has no doi, eprint or url"),
        (
            "@misc{x1, author = {A, B}, title = {T}, year = {2000}, doi = {https://doi.org/10.1000/a}}",
            "the doi 'https://doi.org/10.1000/a' of x1 is none; it begins with 10., without https://doi.org/",
        ),
    ],
)
def test_an_entry_that_cannot_be_found_again_is_refused(entry: str, message: str) -> None:
    with pytest.raises(Defects) as caught:
        read_literature("docs/l.bib", f"% comment\n\n{entry}\n")
    assert str(caught.value) == f"docs/l.bib:3:1: {message}"


def test_a_repeated_key_is_refused() -> None:
    entry = "@misc{x1, author = {A, B}, title = {T}, year = {2000}, url = {https://u.example}}\n"
    with pytest.raises(Defects, match=r"docs/l\.bib:2:1: .*x1"):
        read_literature("docs/l.bib", entry + entry)


def test_broken_bibtex_is_refused_with_its_line() -> None:
    with pytest.raises(Defects, match=r"^docs/l\.bib:3:1: this is not BibTeX: "):
        read_literature("docs/l.bib", "% fine\n\n@misc{x1, author = = }\n")


def test_the_list_is_sorted_and_linked_both_ways() -> None:
    text = literature_markdown(ENTRIES, {"hui2021": {"docs/beyond/softmax.md": "Softmax"}})
    positions = [text.index(f'id="{key}"') for key in ("auer1995", "hui2021", "sima2002", "vaart1998")]
    assert positions == sorted(positions)
    assert "Cited in [Softmax](beyond/softmax.md)." in text
    assert text.count("Cited in") == 1
    assert "[arXiv:2006.07322](https://arxiv.org/abs/2006.07322)" in text
    assert "[example.org](https://example.org/a)" in text


def test_the_list_as_html_has_anchors_and_safe_links() -> None:
    html = markdown.markdown(literature_markdown(ENTRIES, {}))
    assert html.count("<li>") == len(ENTRIES)
    assert '<a id="sima2002"></a>' in html
    assert 'href="https://doi.org/10.1/a_b%3Cc%3E"' in html
    assert "<c>" not in html
    assert "<strong>Hard?</strong> <em>Neural Computation</em>, 2002." in html


def test_an_organisation_may_be_an_author() -> None:
    entries = read_literature(
        "l.bib", "@misc{x1, author = {{PyTorch developers}}, title = {T}, year = {2024}, url = {https://u.example/}}"
    )
    assert entries["x1"].label == "PyTorch developers 2024"


def test_a_label_with_one_two_and_three_authors() -> None:
    def label(*families: str) -> str:
        return Work("k", tuple(("F.", family) for family in families), "T", "", "1999").label

    assert [label("A"), label("A", "B"), label("A", "B", "C")] == ["A 1999", "A & B 1999", "A et al. 1999"]
