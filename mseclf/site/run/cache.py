"""Results on disk, by everything that decides them; and what each example was made of last, to say what changed."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from mseclf.site.memory import Memory
from mseclf.site.run.inputs import Inputs, Parts, difference
from mseclf.site.run.outcome import ExampleRun

_FORMAT: Final = "2"


@dataclass(frozen=True)
class Latest:
    """The last success of an example: what it was made of, its declared data, and how long it took."""

    parts: Parts
    data: tuple[str, ...]
    seconds: float


class Cache:
    """Runs by their inputs; None as the folder keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._memory = Memory(folder, _FORMAT)

    def latest(self, name: str) -> Latest | None:
        """The last success of an example, None if there is none."""
        kept = self._memory.get(f"{name} latest")
        if kept is None:
            return None
        record = json.loads(kept)
        return Latest(record["parts"], tuple(record["data"]), record["seconds"])

    def find(self, name: str, inputs: Inputs, latest: Latest | None) -> ExampleRun | None:
        """The run with exactly these inputs."""
        kept = self._memory.get(f"{name} {inputs.key}")
        if kept is None:
            return None
        run = ExampleRun.from_record(json.loads(kept), reason="cached")
        if latest is None or latest.parts != inputs.parts:  # somebody went back to an older text
            self._note(name, inputs, run.seconds)
        return run

    def why(self, inputs: Inputs, latest: Latest | None) -> str:
        """Why there is no such run."""
        if latest is None:
            return "never run" if self._memory.folder else "there is no cache"
        return difference(latest.parts, inputs.parts) or "its result is gone or damaged"

    def store(self, run: ExampleRun, inputs: Inputs) -> None:
        """Keep a success."""
        self._memory.put(f"{run.name} {inputs.key}", _json(run.to_record()))
        self._note(run.name, inputs, run.seconds)

    def prune(self) -> None:
        """Remove the oldest results that this build did not use, once there are too many."""
        self._memory.prune()

    def _note(self, name: str, inputs: Inputs, seconds: float) -> None:
        self._memory.put(f"{name} latest", _json(asdict(Latest(inputs.parts, inputs.data, seconds))))


def _json(record: Mapping[str, object]) -> bytes:
    return json.dumps(record).encode()
