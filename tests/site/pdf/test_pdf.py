"""The PDF: read back as a reader, a machine and a screen reader would, from a small site with one of everything."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from mseclf.site.defect import Defects
from mseclf.site.formulas import Renderer
from mseclf.site.page import read_page
from mseclf.site.pdf import document, documents, kept
from mseclf.site.pdf.build import on_paper
from mseclf.site.publish import generated
from mseclf.site.publish.literature import read_literature
from mseclf.site.publish.notebook_page import NotebookPage
from mseclf.site.publish.project import Project
from mseclf.site.publish.site import PDFS, Site
from mseclf.site.run import ExampleRun, Figure

ROOT = Path(__file__).resolve().parents[3]
ADDRESS = "https://example.org/mse/"
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="70" height="30" viewBox="0 0 70 30">'
    '<style>svg{--fig-mse:#b34e00}</style><path d="M0 0L70 30" style="stroke:var(--fig-mse)"/></svg>'
)
HOME = """---
hide: [toc]
---
# Is it "so"?

<div class="hero" markdown="1">
<div class="answer" markdown="1">

**Yes**, `{gradient_size} most:.1f` times, says [@maison2022]. Half is $\\frac{1}{2}$, and $e^{-|z|}$ is small.

</div>
</div>

See [the loss](demonstration.md#eq-loss), [its part](demonstration.md#a-part-with-code), [the page](demonstration.md),
[a gallery](gallery.md#top), [a script](../examples/gradient_size.py) and [elsewhere](https://example.com/).
"""
DEMONSTRATION = """# The demonstration

![A line that falls](../examples/gradient_size.py#gradient "It falls.")

## A part with `code`

<!-- eq: loss | def -->
```math
L_{\\mathrm{MSE}} = \\frac{1}{2}\\left(y-\\hat y\\right)^{2}
```

<details class="proof" markdown="1"><summary>Proof of it</summary>

It is folded on the site: $\\hat{\\mathbf{y}} \\odot \\mathbf{1}$. Its trace is $\\mathrm{diag}(x)$.

<!-- eq: wrong | false -->
```math
1 = 2
```

</details>

> [!WARNING]
> Mind the $1$.

| a | $b$ |
|---|---|
| `x_y` | $\\lVert x \\rVert$ |

<div class="explorer" id="explorer-loss" data-explorer="loss" markdown="1">

![A line that falls](../examples/gradient_size.py#gradient "Static.")

</div>

[Set it](?loss=z:1), or go [home](index.md#is-it-so), to [the mark](#mark). <a id="mark"></a>Marked.

```pycon
>>> "\\\\frac"
```
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    figure = Figure("gradient", DRAWING, 70, 30)
    run = ExampleRun("gradient_size", "Size", "It falls", "", (), "", (figure,), "", "", {"most": 2.5}, "", 0.0, 0)
    literature = (ROOT / "docs/literature.bib").read_text(encoding="utf-8")
    site = Site(
        Project(ROOT, ADDRESS, folder),
        None,
        read_literature("docs/literature.bib", literature),
        NotebookPage("", (), {}, ""),
        pages={},
        broken_pages={},
        runs={run.name: run},
        failures={},
        verdicts={},
        formulas={},
        values={},
    )
    return filled(site, folder, {"docs/index.md": HOME, "docs/demonstration.md": DEMONSTRATION})


def filled(site, folder, texts):
    """The site with these pages, read and typeset as a build does."""
    renderer = Renderer({}, folder / "formulas")
    pages = {path: read_page(path, text) for path, text in texts.items()}
    formulas = {
        (region.tex, display): renderer.render(region.tex, display)
        for page in pages.values()
        for display, regions in ((True, page.equations), (False, page.formulas))
        for region in regions
    }
    values = {slot: "2.5" for page in pages.values() for slot in page.values}
    return replace(site, pages=pages, formulas=formulas, values=values)


@pytest.fixture(scope="module")
def made(site):
    return documents(site, ["docs/index.md", "docs/demonstration.md"])


@pytest.fixture(scope="module")
def files(made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pdf")
    for address, content in made.items():
        (folder / Path(address).name).write_bytes(content)
    return {path.name: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def booklet(files):
    return pypdf.PdfReader(files["mse-or-cross-entropy.pdf"])


@pytest.fixture(scope="module")
def alone(files):
    return pypdf.PdfReader(files["demonstration.pdf"])


def text_of(reader: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def links_of(reader: pypdf.PdfReader) -> list[str]:
    """The address of each link out, and ``@page`` for each link inside."""
    found = []
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            action = link.get("/A", {})
            place = link.get("/Dest", action.get("/D"))
            found.append(str(action.get("/URI", f"@{place}")))
    return found


def test_the_documents_have_the_addresses_that_pages_link_to(made):
    assert set(made) == {PDFS["docs/index.md"], PDFS["docs/demonstration.md"]}


def test_numbers_are_the_site_s_and_in_the_booklet_those_of_the_chapter(booklet, alone):
    """A display in a fold has the number before it and a letter."""
    assert re.findall(r"\(\d+[a-z]?\)", text_of(alone)) == ["(2022)", "(2022)", "(1)", "(1a)"]
    assert {"(2.1)", "(2.1a)"} <= set(re.findall(r"\(\d\.\d[a-z]?\)", text_of(booklet)))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed: pypdf alone reads the text")
def test_another_reader_finds_no_tex_either(files):
    for path in files.values():
        text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
        assert no_tex(text)
        assert "folded on the site" in text


def no_tex(text: str) -> bool:
    """Nothing of TeX but what a code block quotes."""
    return re.findall(r"\\[a-zA-Z]+|[$^]\{|\$[^$\n]+\$", text.replace('"\\\\frac"', "")) == []


def test_formulas_are_text_and_not_tex(booklet, alone):
    for reader in (booklet, alone):
        text = text_of(reader)
        assert no_tex(text)
        assert "𝐿MSE" in text.replace(" ", "").replace("\n", "")
        assert "̂" in text or "ŷ" in text or "\u0302" in text or "𝑦̂" in text


def test_folded_proofs_explorers_callouts_tables_and_values_are_all_there(booklet):
    text = " ".join(text_of(booklet).replace("\u200b", "").split())  # a name in code may break after its marks
    for part in ("Proof of it. It is folded", "Warning Mind the", "x_y", "2.5 times", "Static.", "Maison 2022"):
        assert part in text, part
    assert "trace is diag(" in text
    assert f"Move it yourself: {ADDRESS}demonstration/#explorer-loss" in text


def test_links_lead_inside_where_the_page_is_and_to_the_site_where_it_is_not(booklet, alone):
    outside = {link for link in links_of(booklet) if not link.startswith("@")}
    site = {link.removeprefix(ADDRESS) for link in outside if link.startswith(ADDRESS)}
    assert {"gallery/#top", "examples/gradient_size.py", "demonstration/?loss=z:1", "literature/#maison2022"} <= site
    assert "https://example.com/" in outside
    inside = [link for link in links_of(booklet) if link.startswith("@")]
    assert len(inside) >= 5 + 3  # the text's five, and the contents
    assert {f"{ADDRESS}#is-it-so"} <= set(links_of(alone)), "the demonstration alone has no home page"


def test_contents_and_bookmarks(booklet):
    titles = [item.title for item in booklet.outline if not isinstance(item, list)]
    assert titles == ['1 Is it "so"?', "2 The demonstration"]
    assert "Is it “so”?" in text_of(booklet)
    assert "A part with code" in text_of(booklet).replace("\n", " ")


def test_it_is_tagged_and_says_who_what_and_in_which_language(booklet, alone):
    citation = Project(ROOT).citation
    for reader in (booklet, alone):
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en-GB"
        assert reader.metadata.author == citation["authors"][0]["name"]
        assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()
    assert booklet.metadata.title == citation["title"]
    assert alone.metadata.title == "The demonstration"


def alternatives(node) -> list[str]:
    """The alternative texts of a tag tree, in order."""
    node = node.get_object()
    if not isinstance(node, pypdf.generic.DictionaryObject):
        return []
    kids = node.get("/K", [])
    below = kids if isinstance(kids, list) else [kids]
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + [text for kid in below if hasattr(kid, "get_object") for text in alternatives(kid)]


def test_figures_and_formulas_have_alternative_texts(alone):
    spoken = alternatives(alone.trailer["/Root"]["/StructTreeRoot"])
    assert "A line that falls" in spoken
    assert "L_MSE = 1/2 (y − ŷ)²" in spoken
    assert "ŷ ⊙ 1" in spoken


def test_figures_stay_vectors(alone, booklet):
    for reader in (alone, booklet):
        assert not any(page.images for page in reader.pages)


def test_fonts_are_the_ones_that_typst_carries(booklet):
    fonts = set()
    for page in booklet.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            fonts.add(font.get_object()["/BaseFont"].split("+")[1].split("-")[0])
    assert fonts <= {"LibertinusSerif", "NewCMMath", "DejaVuSansMono"}


def test_the_same_site_gives_the_same_bytes_in_any_folder(site, made, tmp_path):
    again = replace(site, project=replace(site.project, memory=tmp_path))
    assert documents(again, ["docs/index.md", "docs/demonstration.md"]) == made


def test_what_is_up_to_date_is_not_made_again_and_what_changed_is(site, made, tmp_path, monkeypatch):
    assert kept(site.project) == made
    monkeypatch.setattr("mseclf.site.pdf.build.document", None)  # calling it would fail
    assert documents(site, ["docs/index.md", "docs/demonstration.md"]) == made
    run = site.runs["gradient_size"]
    path = "docs/demonstration.md"
    changes = [
        replace(site, pages={**site.pages, path: read_page(path, DEMONSTRATION + "\nMore.\n")}),
        replace(site, values=dict.fromkeys(site.values, "3.5")),
        replace(site, runs={run.name: replace(run, figures=(Figure("gradient", DRAWING + " ", 70, 30),))}),
    ]
    for changed in changes:
        with pytest.raises(TypeError):
            documents(changed, ["docs/index.md", "docs/demonstration.md"])


def test_half_a_document_is_made_again(site, made):
    for entry in (site.project.cache / "pdf").iterdir():
        entry.write_bytes(entry.read_bytes()[:5000])
    assert kept(site.project) == {}
    assert documents(site, ["docs/index.md", "docs/demonstration.md"]) == made


def test_a_formula_that_cannot_be_converted_names_its_line(site, tmp_path):
    text = "# Broken\n\nFine: $x$.\n\nNot: $\\mathchoice{a}{b}{c}{d}$.\n"
    broken = filled(site, tmp_path, {"docs/index.md": text})
    with pytest.raises(Defects, match=r"^docs/index\.md:5:6: pandoc cannot turn this formula into Typst"):
        document(broken, ("docs/index.md",), whole=False)


def test_html_whose_text_would_be_lost_is_refused(site, tmp_path):
    page = "# Lost\n\n<script>\nlet words = 1\n</script>\n"
    with pytest.raises(ValueError, match=r"docs/index\.md:4:1: this HTML would be lost in the PDF: let words"):
        document(filled(site, tmp_path, {"docs/index.md": page}), ("docs/index.md",), whole=False)


def test_a_figure_on_paper_is_light_and_has_no_variables():
    paper = on_paper(DRAWING)
    assert "stroke:#b34e00" in paper
    assert "var(" not in paper
    with pytest.raises(KeyError, match="--fig-other"):
        on_paper('<svg style="fill:var(--fig-other)"/>')


def test_page_title_is_what_the_document_is_called(site):
    assert generated.page_title(site.pages["docs/demonstration.md"]) == "The demonstration"


EVERYTHING = """# Everything

Words:
- a
  - b
1) one

   more
2) two

- [x] done
- [ ] open

~~struck~~ ==marked== H~2~O x^2^ ++ctrl+c++ :smile: \U0001f991 \u2705 it's "so", --so

!!! warning "Mind"
    A $z$.

??? note "Folded"
    Inside.

=== "First"

    One.

=== "Second"

    Two.

A note[^1], again[^1].

[^1]: Said *once*.

Word
:   Meaning.

## \u039c\u03ad\u03b8\u03bf\u03b4\u03bf\u03c2

<figure>
<img src="assets/card.png" alt="A card.">
<figcaption>A card of ours, CC BY 4.0.</figcaption>
</figure>

<video src="../assets/card.mp4" controls></video> [here](#\u03bc\u03ad\u03b8\u03bf\u03b4\u03bf\u03c2)
"""


@pytest.fixture(scope="module")
def everything(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("everything")
    other = "# Other\n\nIts own note[^1].\n\n[^1]: Said elsewhere.\n"
    whole = filled(site, folder, {"docs/index.md": EVERYTHING, "docs/demonstration.md": other})
    (folder / "all.pdf").write_bytes(document(whole, ("docs/index.md", "docs/demonstration.md"), whole=True))
    return pypdf.PdfReader(folder / "all.pdf")


def test_what_works_on_the_site_works_on_paper(everything):
    text = " ".join(text_of(everything).split())
    for part in (
        "\u2612 done",
        "\u2610 open",
        "struck",
        "marked",
        "Ctrl+C",
        "\U0001f604",
        "squid",
        "\u2714",
        "it\u2019s \u201cso\u201d, --so",
        "Mind A",
        "Folded. Inside.",
        "First. One.",
        "Second. Two.",
        "Meaning.",
        "\u039c\u03ad\u03b8\u03bf\u03b4\u03bf\u03c2",
        "A film",
        "A card of ours, CC BY 4.0.",
    ):
        assert part.replace("\U0001f604", "(grinning face with smiling eyes)") in text, part
    assert len([image for page in everything.pages for image in page.images]) == 1
    assert not re.search(r"!!!|\?\?\?|===|~~|==|\+\+|\[\^|:smile:|\[x\]", text)


def test_a_note_used_twice_is_printed_once_and_two_pages_may_use_one_key(everything):
    text = " ".join(text_of(everything).split())
    assert text.count("Said once.") == 1
    assert text.count("Said elsewhere.") == 1
    assert "\u21a9" not in text


def test_a_page_can_stay_off_paper(site, tmp_path):
    texts = {
        "docs/index.md": HOME,
        "docs/demonstration.md": DEMONSTRATION,
        "docs/a.md": "---\npdf: false\n---\n# \u6982\u8981\n",
    }
    made = documents(filled(site, tmp_path, texts), list(texts))
    assert len(made) == 2
