"""What was worked out of arrays of a frame, kept while they live: statement after statement has the same ones.

Arrays of frames are never written to, so what follows from them stays true.
"""

from collections import deque
from collections.abc import Callable
from typing import Any, Final, TypeVar
from weakref import ref

from numpy.typing import NDArray

T = TypeVar("T")

_ROOM: Final = 24
_KNOWN: Final[deque[tuple[str, tuple["ref[NDArray[Any]]", ...], Any]]] = deque(maxlen=_ROOM)


def remembered(what: str, arrays: tuple[NDArray[Any], ...], find: Callable[[], T]) -> T:
    """Return what `find` finds, which depends on these arrays and on `what` alone; asked once while they live.

    What is found must not hold the arrays themselves, or they would never go.
    """
    for known, held, found in _KNOWN:
        if known == what and all(one() is array for one, array in zip(held, arrays, strict=True)):
            value: T = found
            return value
    made = find()
    for entry in [entry for entry in _KNOWN if any(one() is None for one in entry[1])]:
        _KNOWN.remove(entry)
    _KNOWN.append((what, tuple(ref(array) for array in arrays), made))
    return made
