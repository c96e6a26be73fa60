"""The one file that knows MkDocs: which of its events and names it uses."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HOOKS = ROOT / "mseclf" / "site" / "publish" / "hooks.py"
EVENTS = {
    "on_startup", "on_config", "on_files", "on_page_markdown", "on_page_content", "on_env", "on_page_context",
    "on_post_page", "on_post_template", "on_post_build",
}  # fmt: skip
# What a move to another generator would have to replace.
NAMES = {
    "mkdocs.config.defaults.MkDocsConfig", "mkdocs.exceptions.PluginError", "mkdocs.plugins.get_plugin_logger",
    "mkdocs.structure.files.File", "mkdocs.structure.files.Files", "mkdocs.structure.nav.Navigation",
    "mkdocs.structure.pages.Page", "mkdocs.utils.get_relative_url", "mkdocs.utils.meta",
    "mkdocs.utils.templates.TemplateContext",
}  # fmt: skip


def imported(source, package):
    """Every name that a source imports from a package, in whatever way and wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            found |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    return {name for name in found if name.split(".")[0] == package}


def events(source):
    return {
        node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name[:3] == "on_"
    }


def test_these_events_of_mkdocs_are_used_and_no_others():
    source = HOOKS.read_text(encoding="utf-8")
    assert events(source) == EVENTS
    assert all(event in ast.get_docstring(ast.parse(source)) for event in EVENTS), "the docstring lists them"


def test_these_names_of_mkdocs_are_used_and_no_others():
    assert imported(HOOKS.read_text(encoding="utf-8"), "mkdocs") == NAMES


@pytest.mark.parametrize("package", ["mkdocs", "properdocs", "material"])
def test_no_other_file_knows_the_generator(package):
    sources = [path for path in (ROOT / "mseclf").rglob("*.py") if path != HOOKS]
    assert len(sources) > 50
    assert {path.name for path in sources if imported(path.read_text(encoding="utf-8"), package)} == set()


@pytest.mark.parametrize(
    "line", ["import mkdocs", "def f():\n    from mkdocs.utils import meta", "importlib.import_module('mkdocs.utils')"]
)
def test_an_import_would_be_noticed(line):
    assert imported(line, "mkdocs")
    assert not imported(line.replace("mkdocs", "mkdocs_jupyter"), "mkdocs")
