"""A small repository to run examples in. Its mseclf is the installed one, unless a test copies it."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

import mseclf
from mseclf.site.run import ExampleFailure, ExampleRun, Outcome, run_examples

HEAD = '"""A small example.\n\nClaim: it runs.\nTopics: testing\n"""\n'


class Repository:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.cache = root / ".cache" / "examples"
        (root / "examples").mkdir(parents=True, exist_ok=True)

    def copy(self, root: Path) -> "Repository":
        """The same elsewhere, with what its cache knows."""
        return Repository(shutil.copytree(self.root, root))

    def write(self, name: str, body: str, head: str = HEAD) -> Path:
        """Write an example; its body begins on line 6."""
        path = self.root / "examples" / f"{name}.py"
        path.write_text(head + body, encoding="utf-8")
        return path

    def copy_package(self) -> Path:
        """Give the repository an mseclf of its own that tests may edit."""
        target = self.root / "mseclf"
        shutil.copytree(Path(mseclf.__file__).parent, target, ignore=shutil.ignore_patterns("__pycache__"))
        return target

    def run(self, *names: str, **options):
        return run_examples(names, root=self.root, **{"cache": self.cache, **options})

    def run_each(self, bodies: Mapping[str, str], head: str = HEAD) -> dict[str, Outcome]:
        """Run an example for each body, side by side; what becomes of it is under the body's name.

        One process loads for all of them what takes each longer than it runs.
        """
        names = {
            case: self.write(f"one_{number}", body, head).stem for number, (case, body) in enumerate(bodies.items())
        }
        outcomes = self.run(*names.values(), cache=None)
        return {case: outcomes[name] for case, name in names.items()}

    def run_one(self, body: str, name: str = "one", head: str = HEAD, **options):
        self.write(name, body, head)
        return self.run(name, **{"cache": None, **options})[name]

    def succeeds(self, body: str, **options) -> ExampleRun:
        outcome = self.run_one(body, **options)
        assert isinstance(outcome, ExampleRun), f"{outcome}\n{outcome.traceback}\n{outcome.stderr}"
        return outcome

    def fails(self, body: str, **options) -> ExampleFailure:
        outcome = self.run_one(body, **options)
        assert isinstance(outcome, ExampleFailure), outcome
        return outcome


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A repository for examples that only run, each once."""
    return Repository(tmp_path_factory.mktemp("shared") / "repository")
