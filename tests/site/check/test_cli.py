"""The command: what was edited, JSON, the ledger, exit codes."""

import json
import subprocess
from importlib.metadata import version

import pytest

from mseclf.__main__ import main
from mseclf.site.check.edited import NoCheckoutError, edited_files

PAGE = "docs/beyond/gradient-size.md"


def _git(root, *arguments):
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def checkout(repository):
    (repository / ".gitignore").write_text(".cache/\n__pycache__/\n", encoding="utf-8")
    _git(repository, "init", "-q", "-b", "main")
    _git(repository, "add", ".")
    _git(repository, "commit", "-q", "-m", "All")
    return repository


def _edit(root, path, old, new):
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_edited_files_are_those_that_git_calls_changed_new_or_deleted(checkout):
    assert edited_files(checkout) == frozenset()
    _edit(checkout, PAGE, "The middle is fine", "The middle is good")
    (checkout / "docs/new page.md").write_text("# New\n", encoding="utf-8")
    (checkout / "docs/faq.md").unlink()
    _edit(checkout, "docs/practice.md", "Use", "Mostly use")
    _git(checkout, "add", "docs/practice.md")
    assert edited_files(checkout) == {PAGE, "docs/new page.md", "docs/faq.md", "docs/practice.md"}


def test_edited_with_nothing_edited_checks_everything(checkout, capsys):
    assert main(["check", "--edited", "--root", str(checkout)]) == 0
    printed = capsys.readouterr()
    assert "checked everything" in printed.out
    assert "nothing differs from the last commit" in printed.err


def test_edited_looks_closely_at_what_was_edited_only(checkout, capsys):
    _edit(checkout, "docs/faq.md", "Questions people ask", "Questions that people ask")
    assert main(["check", "--edited", "--root", str(checkout)]) == 0
    assert "checked what was edited: 0 displays, 0 examples" in capsys.readouterr().out


def test_an_edited_example_brings_its_pages(checkout, capsys):
    _edit(checkout, "examples/gradient_size.py", '"peak": peak', '"top": peak')
    assert main(["check", "--edited", "--root", str(checkout)]) == 1
    assert "examples/gradient_size.py has no value 'peak'; did you mean 'peak_z'?" in capsys.readouterr().out


def test_edited_outside_git(repository, capsys):
    with pytest.raises(NoCheckoutError):
        edited_files(repository)
    assert main(["check", "--edited", "--root", str(repository)]) == 0
    said = capsys.readouterr()
    assert "git does not say what was edited: it is not installed, or this is no checkout: checking" in said.err
    assert "checked everything" in said.out


def test_a_ledger_with_marks_of_a_merge(repository, capsys):
    ledger = repository / "docs/ledger.yml"
    whole = ledger.read_text(encoding="utf-8")
    whole += "old/: faq/\n"
    ledger.write_text(f"<<<<<<< ours\n{whole}=======\n{whole}>>>>>>> theirs\n", encoding="utf-8")
    assert main(["check", "--root", str(repository)]) == 1
    assert "or run `make ledger` where a merge left marks" in capsys.readouterr().out
    assert main(["check", "--root", str(repository), "--update-ledger"]) == 0
    written = ledger.read_text(encoding="utf-8")
    assert sorted(written.splitlines()) == sorted(whole.splitlines())
    ledger.write_text(f"{written}- no\n", encoding="utf-8")
    assert main(["check", "--root", str(repository), "--update-ledger"]) == 1
    assert ledger.read_text(encoding="utf-8") == f"{written}- no\n", "where pages went is written nowhere else"


def test_outside_a_checkout(tmp_path, capsys):
    assert main(["check", "--root", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err == f"{tmp_path} has no mkdocs.yml: go to a clone of the repository, or name one with --root\n"
    assert said.out == ""


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["--version"])
    assert capsys.readouterr().out == f"mseclf {version('mseclf')}\n"


def test_files_that_do_not_exist_or_are_elsewhere(repository, tmp_path, capsys):
    for wrong in (repository / "docs/none.md", tmp_path / "other.md"):
        assert main(["check", "--root", str(repository), str(wrong)]) == 1
        assert f"{wrong}: there is no such file in {repository}" in capsys.readouterr().err


def test_json_holds_findings_and_verdicts(repository, capsys):
    _edit(repository, PAGE, "The middle is fine", "The midle is fine")
    assert main(["check", "--root", str(repository), "--json", str(repository / PAGE)]) == 1
    told = json.loads(capsys.readouterr().out)
    (defect,) = told["defects"]
    assert (defect["path"], defect["line"], defect["column"], defect["rule"]) == (PAGE, 113, 9, "spelling")
    assert told["errors"][0].startswith(f"{PAGE}:113:9: 'midle'")
    assert told["counts"] == {"proved": len(told["equations"])}
    assert {"id", "page", "line", "status", "method", "binding"} <= told["equations"][0].keys()


def test_the_ledger_is_brought_up_to_date(repository, capsys):
    ledger = repository / "docs/ledger.yml"
    before = ledger.read_text(encoding="utf-8")
    _edit(repository, PAGE, "eq: size-gap ", "eq: size-distance ")
    assert main(["check", "--root", str(repository), "--update-ledger"]) == 0
    after = ledger.read_text(encoding="utf-8")
    assert after == before.replace("eq-size-distance", "").replace("eq-size-gap: proved\n", "").replace(
        "eq-size-dies-logit: proved\n", "eq-size-dies-logit: proved\neq-size-distance: proved\n"
    )
    capsys.readouterr()
    assert main(["check", "--root", str(repository)]) == 0


def test_a_false_claim_does_not_enter_the_ledger(repository, capsys):
    _edit(repository, PAGE, r"\left(\frac{4}{3}-p\right)", r"\left(\frac{5}{3}-p\right)")
    assert main(["check", "--root", str(repository), "--update-ledger"]) == 1
    assert "false" not in (repository / "docs/ledger.yml").read_text(encoding="utf-8")


def test_without_a_cache_nothing_is_remembered(repository, capsys):
    stamp = {path: path.stat().st_mtime_ns for path in (repository / ".cache").rglob("*") if path.is_file()}
    assert main(["check", "--root", str(repository), "--no-cache", str(repository / "docs/faq.md")]) == 0
    assert {path: path.stat().st_mtime_ns for path in (repository / ".cache").rglob("*") if path.is_file()} == stamp
