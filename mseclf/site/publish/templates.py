"""The theme's templates, compiled once: they took a tenth of each build, and more of each edit while serving."""

from jinja2.bccache import Bucket, BytecodeCache

from mseclf.site.memory import Memory


class Compiled(BytecodeCache):
    """Compiled templates, by name and text; Jinja looks whether they were made by the same version of it."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was kept."""
        if kept := self._memory.get(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._memory.put(bucket.key + bucket.checksum, bucket.bytecode_to_string())
