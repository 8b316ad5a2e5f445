import sys
import threading

import pytest
from tests.support.replay.programs import fake_go, script

from phoenix.collector.binary.build import BuildProgress, build, find_built
from phoenix.collector.binary.errors import (
    BuildDownloadError,
    BuildFailedError,
    BuildFolderError,
    BuildSpaceError,
    ToolchainMissingError,
)
from phoenix.collector.binary.sources import SOURCES, build_name, collector_version, copy_sources, source_files

COMPILES = 'echo a >&2; echo b >&2; echo once >> "$(dirname $0)/compiled"; touch "$output"'


def test_builds_the_three_programs_and_says_how_far_it_is(tmp_path):
    seen: list[BuildProgress] = []
    built = build(tmp_path / "cache", go=fake_go(tmp_path, COMPILES), on_progress=seen.append)
    assert all(path.exists() for path in (built.collector, built.harness, built.supervisor))
    assert [(p.step, p.done, p.total) for p in seen[:5]] == [
        ("download", 1, None),
        ("collector", 0, 3),
        ("collector", 1, 3),
        ("collector", 2, 3),
        ("collector", 3, 3),
    ]
    assert {p.step for p in seen} == {"download", "collector", "harness", "supervisor"}


def test_a_second_build_finds_the_first(tmp_path):
    assert find_built(tmp_path / "cache") is None
    built = build(tmp_path / "cache", go=fake_go(tmp_path, COMPILES))
    assert build(tmp_path / "cache", go=fake_go(tmp_path, "exit 1")) == built == find_built(tmp_path / "cache")


def test_two_builds_at_once_compile_once(tmp_path):
    go = fake_go(tmp_path, COMPILES)
    both = [threading.Thread(target=build, args=(tmp_path / "cache",), kwargs={"go": go}) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert (tmp_path / "bin" / "compiled").read_text().splitlines() == ["once"] * 3


@pytest.mark.parametrize(
    ("says", "error"),
    [
        ("write /tmp/x: no space left on device", BuildSpaceError),
        ("dial tcp: lookup proxy.golang.org: no such host", BuildDownloadError),
        ("./main.go:3:1: syntax error", BuildFailedError),
    ],
)
def test_a_failed_build_says_why_and_leaves_nothing(tmp_path, says, error):
    with pytest.raises(error) as failed:
        build(tmp_path / "cache", go=fake_go(tmp_path, f"echo '{says}' >&2; exit 1"))
    assert says in failed.value.details["output"]
    assert list((tmp_path / "cache" / "bin").iterdir()) == []


def test_a_build_that_is_broken_off_leaves_nothing(tmp_path):
    def break_off(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "cache", go=fake_go(tmp_path, "sleep 60"), on_progress=break_off)
    assert list((tmp_path / "cache" / "bin").iterdir()) == []


def test_what_a_killed_build_left_is_removed(tmp_path):
    left = tmp_path / "cache" / "bin" / ".building-x" / "made"
    left.mkdir(parents=True)
    built = build(tmp_path / "cache", go=fake_go(tmp_path, COMPILES))
    assert list((tmp_path / "cache" / "bin").iterdir()) == [built.collector.parent]


def test_refuses_to_build_without_go(tmp_path, monkeypatch):
    # Neither beside this Python nor on PATH.
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolchainMissingError, match="no go on PATH"):
        build(tmp_path / "cache")


def test_refuses_a_go_that_is_old_or_none(tmp_path):
    with pytest.raises(ToolchainMissingError, match=r"go1\.20"):
        build(tmp_path / "cache", go=fake_go(tmp_path, "", version="go1.20.1"))
    with pytest.raises(ToolchainMissingError, match="not a Go toolchain"):
        build(tmp_path / "cache", go=script(tmp_path / "other", "exit 1"))


def test_refuses_a_cache_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BuildFolderError, match="file"):
        build(tmp_path / "file" / "cache", go=fake_go(tmp_path, COMPILES))


def test_sources_are_copied_whole_with_links_followed(tmp_path):
    copy_sources(tmp_path)
    assert {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()} == {
        path.relative_to(SOURCES) for path in source_files()
    }
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))
    generated = tmp_path / "otelcol" / "components.go"
    assert (tmp_path / "harness" / "components.go").read_bytes() == generated.read_bytes()


def test_a_build_is_named_for_its_version_and_sources():
    assert build_name() == build_name()
    assert build_name().startswith(f"{collector_version()}-")
    assert collector_version() == "0.160.0"
