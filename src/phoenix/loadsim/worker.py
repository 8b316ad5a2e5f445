"""The life of one simulated process, from the fork on. Standard library only (see `fields`).

Two lines of defence against orphans, each enough alone: the kernel kills the process when its parent dies
(`linux.die_with_parent`), and every wait is a wait on the leash, a pipe whose other end only the supervisor holds.

`threading` and `random` are not imported: what they do after a fork would cost every process 0.4 MB and 0.2 ms. Their
cores, `_thread` and `_random`, do nothing then.
"""

import contextlib
import mmap
import os
import select
import signal
import time
from _random import Random
from _thread import start_new_thread
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from phoenix.loadsim.linux import CommandLine, die_with_parent, forget_signal_handlers
from phoenix.loadsim.profile import Churn, ProcessGroup
from phoenix.loadsim.rhythm import Rhythm

# Exit status that says "the system refused me something" (EX_TEMPFAIL), so that the supervisor can say it too.
OUT_OF_RESOURCES = 75
_FILE_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Ground:
    """What a process stands on.

    Attributes:
        leash: read end of the pipe; end of file means that the supervisor is gone.
        ready: write end of the pipe that gets one byte from each process that has all it needs.
        command_line: where this process shows its name.
        folder: where files without a name may be written.
        seed: of everything drawn by chance.
    """

    leash: int
    ready: int
    command_line: CommandLine
    folder: str
    seed: int


def spawn(life: Callable[[Ground], NoReturn], ground: Ground) -> int:
    """Return the pid of a forked process that lives `life` and never returns here.

    Raises:
        OSError: the system refuses another process.
    """
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        die_with_parent(parent)
        _let_go(ground)
        life(ground)
    except (OSError, MemoryError, RuntimeError):
        status = OUT_OF_RESOURCES
    finally:
        # Nothing of the parent's may run here: no handlers, no buffers, no cleanup.
        os._exit(status)


def lasting(group: ProcessGroup, index: int, children: tuple[int, ...] = ()) -> Callable[[Ground], NoReturn]:
    """Return the life of process `index` of a group, which first starts its own children.

    When a child dies so does its parent, and with it the other children: the supervisor replaces them together.
    """

    def life(ground: Ground) -> NoReturn:
        ground.command_line.show(group.name, _numbered(group.arguments, index))
        if children:
            signal.signal(signal.SIGCHLD, lambda *_: os._exit(0))
        for child in children:
            spawn(lasting(group, child), ground)
        _work(group, index, ground)

    return life


def passing(churn: Churn, number: int) -> Callable[[Ground], NoReturn]:
    """Return the life of the short-lived process with this number of start."""

    def life(ground: Ground) -> NoReturn:
        ground.command_line.show(churn.name, _numbered(churn.arguments, number))
        os.close(ground.ready)
        _burn(churn.cpu_seconds)
        _wait(ground.leash, churn.lifetime_seconds * (0.5 + Random(ground.seed + number).random()))
        os._exit(0)

    return life


def _work(group: ProcessGroup, index: int, ground: Ground) -> NoReturn:
    """Hold what the group holds, and use processor and disk as it says, until the leash ends."""
    memory = _resident(group.memory_bytes)
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(group.open_files)]
    file = _nameless(ground.folder) if group.disk_bytes_per_second else None
    for _ in range(group.threads - 1):
        start_new_thread(_wait, (ground.leash, None))
    os.write(ground.ready, b".")
    os.close(ground.ready)
    if group.mean_cpu_percent or file is not None:
        _keep_busy(group, ground.seed + index, ground.leash, file)
    _wait(ground.leash, None)
    # Never reached; the names keep what is held alive until here.
    del memory, opened
    os._exit(0)


def _keep_busy(group: ProcessGroup, seed: int, leash: int, file: int | None) -> None:
    chance = Random(seed).random
    rhythm = Rhythm(group.cpu_percent / 100, group.spike, chance)
    block = os.urandom(4096) * 16
    # Processes of a group start together and must not burn together.
    _wait(leash, chance() * rhythm.pause)
    before = time.monotonic()
    while True:
        now = time.monotonic()
        _burn(rhythm.burn_seconds(now))
        if file is not None:
            _write(file, block, int(group.disk_bytes_per_second * (now - before)))
        before = now
        _wait(leash, rhythm.pause)


def _burn(seconds: float) -> None:
    """Use this much processor time, by the processor's own count: a busy machine makes it take longer, not more."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(1000))


def _wait(leash: int, seconds: float | None) -> None:
    """Wait so long (None: for ever); the process ends here when the leash does."""
    if seconds is None:
        os.read(leash, 1)
    elif not select.select([leash], [], [], seconds)[0]:
        return
    os._exit(0)


def _resident(size: int) -> mmap.mmap | None:
    """Return memory of `size` bytes of which every page has been written to, or None for none."""
    if not size:
        return None
    memory = mmap.mmap(-1, size)
    for offset in range(0, size, mmap.PAGESIZE):
        memory[offset] = 1
    return memory


def _nameless(folder: str) -> int:
    """Return a descriptor of an empty file that has no name, so that nothing is left however the process ends."""
    path = Path(folder) / f".loadsim-{os.getpid()}"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    path.unlink()
    return descriptor


def _write(file: int, block: bytes, count: int) -> None:
    # A full disk makes the load smaller; it is no reason to end.
    with contextlib.suppress(OSError):
        while count > 0:
            if os.lseek(file, 0, os.SEEK_CUR) >= _FILE_BYTES:
                os.lseek(file, 0, os.SEEK_SET)
            count -= os.write(file, block[:count])


def _numbered(arguments: tuple[str, ...], index: int) -> tuple[str, ...]:
    return tuple(text.replace("{index}", str(index)) for text in arguments)


def _let_go(ground: Ground) -> None:
    """Give back what a child must not share with the supervisor: signal handlers, output, descriptors."""
    signal.set_wakeup_fd(-1)
    forget_signal_handlers()
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    kept = sorted((2, ground.leash, ground.ready))
    for low, high in zip(kept, [*kept[1:], 256], strict=True):
        os.closerange(low + 1, high)
