"""The API page names every public function once, where it is defined, and nothing else."""

import re
from importlib import import_module
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

import mseclf

ROOT = Path(__file__).resolve().parents[3]


def test_the_reference_page_is_the_public_interface() -> None:
    page = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
    named = re.findall(r"^::: (mseclf\.\w+)\.(\w+)$", page, re.MULTILINE)
    assert len(named) == page.count(":::")
    assert sorted(name for _, name in named) == sorted(mseclf.__all__)
    for module, name in named:
        assert getattr(import_module(module), name) is getattr(mseclf, name), f"{module}.{name}"
        assert getattr(getattr(mseclf, name), "__module__", module) == module, f"{name} is defined elsewhere"


def test_a_formula_stands_at_its_function_and_leads_to_its_proof(site) -> None:
    page = LexborHTMLParser((site / "reference/index.html").read_text(encoding="utf-8"))
    entry = page.css_first('[id="mseclf.losses.mse_gradient_logit"]').parent
    bound = next(node for node in entry.parent.css(".bound") if "mse-gradient-logit" in node.html)
    picture, link = bound.css_first("img"), bound.css_first("a")
    assert picture.attributes["alt"] == "∂L_MSE/∂z = (ŷ − y)ŷ(1 − ŷ)"
    assert (site / "reference" / picture.attributes["src"]).is_file()
    assert re.fullmatch(r"\(\d+\) in The corrected demonstration", link.text())
    address, _, anchor = link.attributes["href"].partition("#")
    assert f'id="{anchor}"' in (site / "reference" / address / "index.html").read_text(encoding="utf-8")


def test_what_is_private_is_not_listed(site) -> None:
    page = (site / "reference/index.html").read_text(encoding="utf-8")
    listed = re.findall(r'id="(mseclf\.[\w.]+)"', page)
    assert len(listed) >= len(mseclf.__all__)
    assert [name for name in listed if "._" in name] == []
