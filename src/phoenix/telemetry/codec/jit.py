"""Compiling the kernels: numba, with its cache in a folder of ours.

Only kernel modules import this, and those are imported when a function that needs them is called: numba takes longer to
import than everything else together. docs/adr/0004-codec-compiled-by-numba.md says why numba, and what it costs.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

import numba
from numba.core import event

from phoenix.telemetry.compiling import tell

_ROOM_BYTES = 64 * 2**20
_UNUSED_SECONDS = 30 * 24 * 3600
_KERNEL_FOLDERS = (
    Path(__file__).parent,
    Path(__file__).parents[1] / "jsonlines" / "kernels",
    Path(__file__).parents[2] / "engine" / "kernels",
)

P = ParamSpec("P")
R = TypeVar("R")

_kernels: Final[set[Callable[..., Any]]] = set()

# numba's types leave out `_nrt`, which its own extension guide uses, and the names in its configuration.
_njit: Any = numba.njit
_config: Any = numba.config

# Nobody calls kernels from C, or inner functions from Python: making that possible took a third of compiling.
_OF_KERNELS: Final[Mapping[str, Any]] = {"nogil": True, "no_cfunc_wrapper": True}
_OF_INNER: Final[Mapping[str, Any]] = {**_OF_KERNELS, "_nrt": False, "forceinline": True, "no_cpython_wrapper": True}


@cache
def cache_folder() -> str | None:
    """Return the folder that compiled kernels are kept in, or None when no folder can be written or has room.

    A folder belongs to one text of all kernels and one numba: numba itself notices when a kernel's own file changes,
    but not when a function that it calls does. NUMBA_CACHE_DIR, when set, decides.
    """
    if _config.CACHE_DIR:
        return str(_config.CACHE_DIR)
    text = hashlib.sha256(numba.__version__.encode())
    for folder in _KERNEL_FOLDERS:
        for source in sorted(folder.glob("*.py")):
            text.update(source.read_bytes())
    base = os.environ.get("PHOENIX_CACHE_DIR")
    home = Path(base) if base else Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "phoenix"
    kept = home / "kernels" / text.hexdigest()[:16]
    try:
        kept.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=kept).close()
        # numba finds a full disk when it writes, and passes the error on to whoever called the kernel.
        if shutil.disk_usage(kept).free < _ROOM_BYTES:
            return None
    except OSError:
        return None
    with suppress(OSError):
        _forget_unused(kept)
    return str(kept)


def _forget_unused(mine: Path) -> None:
    # Other texts may be of another Phoenix that is in use; one that wrote nothing and was not opened for long is not.
    os.utime(mine)
    for other in mine.parent.iterdir():
        if other != mine and time.time() - other.stat().st_mtime > _UNUSED_SECONDS:
            shutil.rmtree(other, ignore_errors=True)


@contextmanager
def _cached_in(folder: str) -> Iterator[None]:
    # numba chooses the folder when a function is decorated; other users of numba in this process keep their own.
    before = _config.CACHE_DIR
    _config.CACHE_DIR = folder
    try:
        yield
    finally:
        _config.CACHE_DIR = before


class _Teller(event.Listener):
    """Tells of the kernels that numba compiles, but not of the inner functions that are compiled within."""

    def on_start(self, event: Any) -> None:
        function = event.data["dispatcher"].py_func
        if function in _kernels:
            tell(function.__name__.strip("_").replace("_", " "))

    def on_end(self, event: Any) -> None:
        if event.data["dispatcher"].py_func in _kernels:
            tell(None)


@cache
def _tell_of_compiling() -> None:
    register: Callable[[str, event.Listener], None] = event.register
    register("numba:compile", _Teller())


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Return `function`, which Python calls, compiled when first called or taken from the cache.

    It runs without the interpreter lock, and must not call itself: numba's cache brings recursion back broken.

    With NUMBA_DISABLE_JIT=1 a function stays plain Python, so that coverage counts its lines and numpy checks its
    bounds. Kernels therefore compute with int64 only and never rely on overflow.
    """
    _tell_of_compiling()
    _kernels.add(function)
    folder = cache_folder()
    if folder is None:
        return cast("Callable[P, R]", _njit(**_OF_KERNELS)(function))
    with _cached_in(folder):
        return cast("Callable[P, R]", _njit(**_OF_KERNELS, cache=True)(function))


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """Return `function`, which only kernels call and which allocates nothing, compiled into them.

    So numba need not count references to the arrays it is given, and LLVM does not pass whole tuples of arrays from
    call to call; either would take most of the time. What Python needs of it is `in_python`: calling it as it is ends
    the process, for there is nothing to call.
    """
    return cast("Callable[P, R]", _njit(**_OF_INNER)(function))


def in_python(function: Callable[P, R]) -> Callable[P, R]:
    """Return what Python may call of an `inner` function: the function as written, if it calls no other of them."""
    return cast("Callable[P, R]", getattr(function, "py_func", function))
