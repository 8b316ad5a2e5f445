"""Who is told when kernels are compiled, which takes seconds on a machine's first evaluations.

Whoever shows progress watches; `codec.jit`, which numba tells, tells them. It stands apart because numba takes long to
import.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

Told = Callable[[str | None], None]

_watching: Final[list[Told]] = []


@contextmanager
def compiling_watched(told: Told) -> Iterator[None]:
    """Call `told` with the name of each kernel that is about to be compiled, and with None when it is, meanwhile.

    Compiling in any thread counts. Kernels that come from the cache are not told of.
    """
    _watching.append(told)
    try:
        yield
    finally:
        _watching.remove(told)


def tell(kernel: str | None) -> None:
    """Tell everyone who watches that a kernel is about to be compiled, or, with None, that it is."""
    for told in tuple(_watching):
        told(kernel)
