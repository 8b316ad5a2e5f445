import os
from pathlib import Path

from phoenix.loadsim.linux import boot_id, start_time


def test_a_living_process_has_a_start_time():
    assert start_time(os.getpid()) == start_time("self")
    assert (start_time("self") or 0) > 0


def test_a_pid_that_does_not_exist_has_none():
    beyond = int(Path("/proc/sys/kernel/pid_max").read_text(encoding="ascii")) + 1
    assert start_time(beyond) is None


def test_a_boot_has_one_id():
    assert boot_id() == boot_id()
    assert len(boot_id()) == 36
