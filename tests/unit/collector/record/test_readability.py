from dataclasses import replace

import pytest

from phoenix.collector.record.readability import ProcessReadability, readability

ALL = ProcessReadability(
    user="root",
    user_space=80,
    readable=80,
    no_executable=0,
    no_io=0,
    no_open_files=0,
    kernel_threads=60,
    capable=True,
    others_hidden=False,
)
SOME = replace(ALL, user="alice", readable=30, no_executable=48, no_io=50, no_open_files=50, capable=False)


@pytest.fixture
def proc(tmp_path):
    """Return a folder that looks like /proc with no process in it."""
    (tmp_path / "self").mkdir()
    (tmp_path / "self" / "status").write_text("Name:\tx\nCapEff:\t0000000000080004\n", encoding="utf-8")
    (tmp_path / "self" / "mounts").write_text("proc /proc proc rw,nosuid 0 0\n", encoding="utf-8")
    (tmp_path / "meminfo").write_text("", encoding="utf-8")
    return tmp_path


def add(proc, pid, *, state="S", flags=0x400000):
    folder = proc / str(pid)
    (folder / "fd").mkdir(parents=True)
    (folder / "stat").write_text(f"{pid} (a (b) c) {state} 1 1 1 0 -1 {flags} 0 0", encoding="utf-8")
    (folder / "io").write_text("rchar: 1\n", encoding="utf-8")
    (folder / "exe").symlink_to("/usr/bin/a")
    return folder


def test_counts_processes_and_kernel_threads_apart(proc):
    add(proc, 1)
    add(proc, 2, flags=0x208040)
    add(proc, 30)
    found = readability(proc)
    assert (found.user_space, found.readable, found.kernel_threads) == (2, 2, 1)


def test_leaves_out_the_dead_and_those_that_go_while_one_looks(proc):
    add(proc, 1)
    add(proc, 2, state="Z")
    (add(proc, 3) / "io").unlink()
    (add(proc, 4) / "stat").unlink()
    assert readability(proc).user_space == 1


@pytest.mark.parametrize(("effective", "capable"), [("80004", True), ("80000", False), ("4", False), ("0", False)])
def test_knows_whether_this_user_has_what_it_takes(proc, effective, capable):
    (proc / "self" / "status").write_text(f"CapEff:\t{effective}\n", encoding="utf-8")
    assert readability(proc).capable is capable


@pytest.mark.parametrize(
    ("options", "hidden"),
    [("rw,hidepid=2", True), ("rw,hidepid=invisible", True), ("rw,hidepid=0", False), ("rw", False)],
)
def test_knows_a_proc_that_hides_others(proc, options, hidden):
    (proc / "self" / "mounts").write_text(f"proc /proc proc {options} 0 0\n", encoding="utf-8")
    assert readability(proc).others_hidden is hidden


def test_says_nothing_more_when_all_can_be_read():
    assert ALL.explanation == "80 of 80 user-space processes can be read fully as root (60 kernel threads apart)."


def test_says_what_is_missing_and_what_would_help():
    said = SOME.explanation
    assert "30 of 80 user-space processes can be read fully as alice" in said
    assert "the executable's path of 48, the disk I/O of 50, the open files of 50." in said
    assert "As root, or with a collector that has the capabilities CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH" in said
    assert "50 more could be read" in said


def test_does_not_speak_of_what_can_be_read():
    said = replace(SOME, no_executable=0, no_io=1, no_open_files=0).explanation
    assert "What cannot be read: the disk I/O of 1. " in said


def test_does_not_advise_root_to_become_root():
    said = replace(ALL, readable=79, no_io=1).explanation
    assert "As root" not in said
    assert "Root cannot read more here" in said


def test_says_that_others_are_hidden():
    assert "hidepid" in replace(SOME, others_hidden=True).explanation
    assert "hidepid" not in replace(ALL, others_hidden=True).explanation
