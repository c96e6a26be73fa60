"""The workflows: least permissions, pinned actions, no secret within reach of a fork, commands that exist here."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yml"))}
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
# The only writing that any job may do: hand the built site to GitHub Pages.
WRITES = {("publish.yml", "deploy", "pages"), ("publish.yml", "deploy", "id-token")}


def faults(name, text):
    """What is wrong with a workflow, by rule."""
    data = yaml.safe_load(text)
    triggers = data.get(True, data.get("on", {}))  # YAML 1.1 reads `on` as true
    found = set()
    if data.get("permissions") != {"contents": "read"}:
        found.add("the workflow's own permissions are not `contents: read`")
    if "pull_request_target" in triggers or "workflow_run" in triggers:
        found.add("a trigger that gives forks the repository's rights")
    if "secrets" in text:
        found.add("a secret")
    for line in text.splitlines():
        used = line.partition("uses:")[2].strip()
        if used and not PINNED.fullmatch(used) and not used.startswith("./"):
            found.add("an action that is not pinned by commit with its version behind it")
    for job_name, job in data["jobs"].items():
        found |= _faults_of_job(name, job_name, job)
    return found


def _faults_of_job(name, job_name, job):
    found = set()
    if "uses" in job:  # another workflow of this repository, with its own time limits
        return {"a workflow from elsewhere"} if not job["uses"].startswith("./.github/workflows/") else set()
    if "timeout-minutes" not in job:
        found.add("a job without a time limit")
    for scope, right in job.get("permissions", {}).items():
        if right != "read" and (name, job_name, scope) not in WRITES:
            found.add("a permission to write")
    for step in job["steps"]:
        if "actions/checkout@" in step.get("uses", "") and step.get("with", {}).get("persist-credentials") is not False:
            found.add("a checkout that keeps its token")
        if re.search(r"\$\{\{(?!\s*matrix\.)", step.get("run", "")):
            found.add("an expression inside a shell command: hand it over in `env`")
    return found


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflow(name):
    assert faults(name, WORKFLOWS[name]) == set()


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("test.yml", "  contents: read", "  contents: write", "own permissions"),
        ("test.yml", "  pull_request:", "  pull_request_target:", "rights"),
        ("test.yml", "run: make test", "run: TOKEN=${{ secrets.TOKEN }} make test", "secret"),
        ("test.yml", "@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0", "@v5", "pinned"),
        ("test.yml", "    timeout-minutes: 45\n", "", "time limit"),
        ("test.yml", "persist-credentials: false", "persist-credentials: true", "keeps its token"),
        ("test.yml", "run: make test", "run: echo ${{ github.event.pull_request.title }}", "inside a shell"),
        ("publish.yml", "./.github/workflows/test.yml", "someone/else/.github/workflows/test.yml@main", "elsewhere"),
        ("publish.yml", "      pages: read", "      pages: write", "to write"),
    ],
)
def test_each_rule_can_be_broken(name, old, new, rule):
    assert old in WORKFLOWS[name]
    assert any(rule in fault for fault in faults(name, WORKFLOWS[name].replace(old, new, 1)))


def test_every_trigger_that_is_promised_is_there():
    triggers = {name: yaml.safe_load(text)[True] for name, text in WORKFLOWS.items()}
    assert set(triggers["test.yml"]) == {"pull_request", "workflow_call"}
    assert triggers["publish.yml"]["push"] == {"branches": ["main"], "tags": ["v*"]}
    assert "schedule" in triggers["scheduled.yml"]
    systems = yaml.safe_load(WORKFLOWS["test.yml"])["jobs"]["core"]["strategy"]["matrix"]["os"]
    assert {system.split("-")[0] for system in systems} == {"ubuntu", "macos", "windows"}


def test_every_command_is_one_of_the_repository():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name, text in WORKFLOWS.items():
        for target in re.findall(r"make ([a-z]+)", text):
            assert target in targets, name
        for path in re.findall(r"(?:\.ci|\.github|tests)/[\w./]+", text):
            assert (ROOT / path).exists(), f"{name}: {path}"


def test_issue_forms_are_complete():
    forms = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")
    }
    assert set(forms) == {"config", "wrong-statement", "unclear-passage", "new-result"}
    for name, form in forms.items():
        if name != "config":
            assert {"name", "description", "body"} <= set(form), name
            identities = [item["id"] for item in form["body"]]
            assert len(set(identities)) == len(identities), name
            assert all(item["attributes"]["label"] for item in form["body"]), name


def _git(folder, *arguments):
    subprocess.run(["git", "-c", "user.name=T", "-c", "user.email=t@example.org", *arguments], cwd=folder, check=True)


def test_nothing_is_published_before_the_tests_of_its_commit_have_passed():
    jobs = yaml.safe_load(WORKFLOWS["publish.yml"])["jobs"]
    assert jobs["test"] == {"uses": "./.github/workflows/test.yml"}
    assert (jobs["build"]["needs"], jobs["deploy"]["needs"]) == ("test", "build")
    assert "ref" not in next(step for step in jobs["build"]["steps"] if "checkout" in step["uses"])["with"]


def test_a_preview_says_how_to_look_at_it():
    told = (ROOT / ".github/preview.txt").read_text(encoding="utf-8")
    assert "python3 -m http.server 8000 --bind 127.0.0.1" in told
    assert "cp .github/preview.txt site/README.txt" in WORKFLOWS["test.yml"]


def test_updates_are_proposed():
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text(encoding="utf-8"))["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "pip"}


@pytest.fixture
def publishing(tmp_path):
    """A repository with the real script, whose `make site` writes down what it was told; and what runs it."""
    (tmp_path / ".ci").mkdir()
    script = tmp_path / ".ci" / "publish"
    script.write_bytes((ROOT / ".ci" / "publish").read_bytes())
    script.chmod(0o755)
    recipe = (
        "site:\n\tmkdir -p site\n\t! grep -q broken text\n"
        '\techo "$(MSECLF_SITE_URL) $(GITHUB_SHA) $(shell cat text)" > site/index.html\n'
    )
    (tmp_path / "Makefile").write_text(recipe, encoding="utf-8")
    _git(tmp_path, "init", "-q", "-b", "main")
    for text, tag in (("first", "v1.0.0"), ("broken", "v1.1.0"), ("last", "")):
        (tmp_path / "text").write_text(text, encoding="utf-8")
        _git(tmp_path, "add", ".ci", "Makefile", "text")
        _git(tmp_path, "commit", "-q", "-m", text)
        _git(tmp_path, "tag", tag) if tag else None
    return lambda: subprocess.run(
        [script, "https://example.org/project"], capture_output=True, text=True, check=False, cwd=tmp_path
    )


def test_versions_are_published_below_main(publishing, tmp_path):
    done = publishing()
    assert done.returncode == 0, done.stderr
    main = (tmp_path / "site/index.html").read_text(encoding="utf-8").split()
    version = (tmp_path / "site/v1.0.0/index.html").read_text(encoding="utf-8").split()
    assert (main[0], main[2]) == ("https://example.org/project/", "last")
    assert (version[0], version[2]) == ("https://example.org/project/v1.0.0/", "first")
    assert main[1] != version[1]


def test_a_version_that_cannot_be_made_any_more_stops_nothing(publishing, tmp_path):
    assert "the site of v1.1.0 cannot be made any more" in publishing().stderr
    assert not (tmp_path / "site/v1.1.0").exists()


def test_the_site_of_a_version_is_made_once(publishing, tmp_path):
    publishing()
    (kept,) = (tmp_path / ".versions").iterdir()
    (kept / "index.html").write_text("kept", encoding="utf-8")
    publishing()
    assert (tmp_path / "site/v1.0.0/index.html").read_text(encoding="utf-8") == "kept"


def test_a_tag_of_another_commit_than_the_newest_publishes_nothing(publishing, tmp_path):
    _git(tmp_path, "update-ref", "refs/remotes/origin/main", "HEAD~1")
    done = publishing()
    assert done.returncode == 1
    assert "main has gone on to" in done.stderr
    assert not (tmp_path / "site").exists()
