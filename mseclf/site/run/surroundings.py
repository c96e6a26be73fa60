"""The surroundings of an example: fixed seeds, locale and threads, its own folder, limits, and mseclf as on disk."""

import contextlib
import faulthandler
import gc
import importlib
import io
import os
import random
import signal
import sys
import warnings
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, ClassVar, Final

from mseclf.site.run import guards
from mseclf.site.run.capture import line_of
from mseclf.site.run.job import MEMORY_LIMIT, Job

try:
    import resource
except ImportError:  # not POSIX: no memory limit
    resource = None  # type: ignore[assignment]

ENVIRONMENT: Final = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "MSECLF_EXAMPLE": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "SOURCE_DATE_EPOCH": "0",
    "TZ": "UTC",
    "VECLIB_MAXIMUM_THREADS": "1",
}
"""Set before Python starts: the same numbers and the same bytes on every run, and one thread per example."""


class GeneratorWithoutSeedError(RuntimeError):
    """An example asked for numbers that nobody could get again."""


_FILE_LIMIT: Final = 64 * 1024**2
_SLOW: Final = ("sklearn.datasets",)  # a second of imports, most of it for scipy.stats


def preload() -> None:
    """Import what nearly every example needs, and write a few words, so that fonts are read before the first fork."""
    gc.disable()  # imports make little garbage and many objects, and each collection looks at all of them
    _import_pyplot()
    import matplotlib.animation  # noqa: F401 - loaded here, so that no child has to
    import matplotlib.pyplot as plt
    import numpy.random  # noqa: F401

    _keep_to_shipped_fonts()
    _write_words()
    import mseclf.plots  # noqa: F401 - sets the style of this site: other fonts

    _write_words()
    plt.rcdefaults()
    _compile_mseclf()
    gc.freeze()  # a collection would touch, and so copy, every page that children share
    gc.enable()


def preload_slow(script: str) -> None:
    """Import what the script uses and what takes long, so that it and all children after it find it loaded."""
    for name in _SLOW:
        if name in script and name not in sys.modules:
            gc.disable()
            with contextlib.suppress(Exception):  # whatever it is, the script will say so, at its line
                importlib.import_module(name)
            gc.freeze()
            gc.enable()


def _import_pyplot() -> None:
    """Import it without the tables of properties in its docstrings: they take a quarter of the time."""
    import matplotlib.artist

    tables = matplotlib.artist.kwdoc
    matplotlib.artist.kwdoc = lambda artist: ""
    import matplotlib.pyplot

    matplotlib.artist.kwdoc = tables


def _keep_to_shipped_fonts() -> None:
    """Forget the fonts of this machine: figures get the same letters everywhere, and there is less to search.

    They are read from their files: the list that is kept between programs may be another installation's, or broken.
    """
    from matplotlib import get_data_path
    from matplotlib.font_manager import fontManager

    fontManager.ttflist = []
    for font in sorted(Path(get_data_path(), "fonts", "ttf").glob("*.ttf")):
        fontManager.addfont(font)


def _write_words() -> None:
    """Have matplotlib find the fonts of the current style, which takes it longer than drawing with them."""
    import matplotlib.pyplot as plt

    figure = plt.figure()
    for size in ("font.size", "axes.titlesize", "xtick.labelsize"):
        figure.text(0, 0, "words", size=plt.rcParams[size])
        figure.text(0, 0, "words", size=plt.rcParams[size], weight="bold")
    figure.text(0, 0, "$z$")
    figure.savefig(io.StringIO(), format="svg")
    plt.close("all")


def _compile_mseclf() -> None:
    """Compile what is loaded of mseclf, so that children need not, unless the text has changed by then."""
    for name, module in list(sys.modules.items()):
        machinery = name.startswith("mseclf.site.run")
        if name.partition(".")[0] == "mseclf" and module.__file__ and not machinery:
            _FreshLoader(name, module.__file__).get_code(name)


def prepare(job: Job) -> list[guards.GuardError]:
    """Turn this process into the one of the example; it cannot be turned back.

    Returns:
        A list that gets each thing the example was refused.
    """
    os.chdir(job.work)
    sys.dont_write_bytecode = True
    _watch_crashes(job.crash)
    _seed(job.path)
    _forget_mseclf(Path(job.root))
    sys.path.insert(0, str(Path(job.path).parent))
    _warnings_are_errors()
    _limit()
    refused: list[guards.GuardError] = []
    process = os.getpid()

    def tell(error: guards.GuardError) -> None:
        if os.getpid() == process:
            error.line = line_of(job.path)
            refused.append(error)
        else:  # a copy of this process, and of the list
            guards.note(job.refused, error)

    guards.guard_workers(job.root, job.reads, job.folder, job.refused)
    guards.guard(job.root, job.reads, job.folder, tell)
    return refused


def lift_memory_limit() -> None:
    """Make room for writing down that there was no room."""
    if resource is not None:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _watch_crashes(path: Path) -> None:
    """Have Python write the stack when it crashes, and when it is told that its time is up."""
    log = path.open("w", encoding="utf-8")
    faulthandler.enable(log, all_threads=False)
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, log, all_threads=False)


def _seed(script: str) -> None:
    import numpy as np

    random.seed(0)
    np.random.seed(0)
    source: Any = np.random.bit_generator
    fixed = random.Random(0).getrandbits

    def entropy(bits: int) -> int:
        """In place of the system's: libraries make generators that nobody uses; who runs the script wants its own."""
        if sys._getframe(1).f_code.co_filename == script:
            raise GeneratorWithoutSeedError(
                "a generator without a seed gives other numbers each time: write default_rng(0)"
            )
        return fixed(bits)

    source.randbits = entropy


def _warnings_are_errors() -> None:
    """Fail on each warning that Python shows by default."""
    warnings.resetwarnings()
    warnings.simplefilter("error")
    for hidden in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", hidden)
    warnings.filterwarnings("error", category=DeprecationWarning, module=r"__main__|mseclf")


def _limit() -> None:
    if resource is None:
        return
    taken = _address_space()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY_LIMIT, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_LIMIT, _FILE_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _forget_mseclf(root: Path) -> None:
    """Make `import mseclf` read the sources of the repository as they are now."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "mseclf"]:
        del sys.modules[name]
    if (root / "mseclf" / "__init__.py").exists():
        sys.path.insert(0, str(root))
    sys.meta_path.insert(0, _FreshFinder())


class _FreshFinder:
    """Finds mseclf's modules and loads them from their source, never from bytecode.

    Python takes bytecode as current when the time in whole seconds and the size agree. An edit can keep both; then an
    old result would be cached under a new key.
    """

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.partition(".")[0] != "mseclf":
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.origin is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _FreshLoader(name, spec.origin)
        return spec


class _FreshLoader(SourceFileLoader):
    compiled: ClassVar[dict[tuple[bytes, str], CodeType]] = {}

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        text = self.get_data(path)
        known = self.compiled.get((text, path))
        if known is None:
            known = self.compiled[text, path] = compile(text, path, "exec", dont_inherit=True)
        return known
