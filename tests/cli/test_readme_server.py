"""The commands of the README's server part, in order: a server, a host, an experiment, a diagnosis."""

import json
import os
import re
import shlex
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.support.cli import PHOENIX, Finished, phoenix
from tests.support.live.collector import free_port
from tests.support.plane.plane import eventually

from phoenix.collector.catalogue import registry

README = Path(__file__).resolve().parents[2] / "README.md"


def commands() -> list[list[str]]:
    part = README.read_text(encoding="utf-8").partition("## A server of your own")[2].partition("```\n\n")[0]
    return [shlex.split(line, comments=True) for line in re.findall(r"^\./dev phoenix (.+)$", part, re.MULTILINE)]


@pytest.fixture
def environment(tmp_path, private_cache) -> dict[str, str]:
    port = free_port()
    return {
        "PHOENIX_CACHE_DIR": str(private_cache),
        "PHOENIX_SERVER__DATA_DIR": str(tmp_path / "data"),
        "PHOENIX_SERVER__PORT": str(port),
        "PHOENIX_SERVER__GRPC_PORT": "0",
        "PHOENIX_SERVER__OWN_METRICS_INTERVAL": "1s",
        "PHOENIX_API_URL": f"http://127.0.0.1:{port}",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }


def test_the_commands_of_the_server_part_work_one_after_the_other(environment, tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text(registry.render("process-baseline-v1", {"interval": "1s"}).text)
    (tmp_path / "candidate.yaml").write_text(registry.render("process-minimal-v1", {"interval": "1s"}).text)
    lines = [[config_of(word, config) for word in line] for line in commands()]
    up, enrol, dry_run, create, status, compare, doctor = lines

    def run(*line: str) -> Finished:
        return phoenix(*line, cwd=tmp_path, environment=environment)

    def proved() -> bool | None:
        host = run("host", "get", "web-1", "-o", "json")
        seen = json.loads(host.out) if host.status == 0 else {}
        return bool(seen.get("verified")) or None

    def serves() -> bool | None:
        return run("host", "list").status == 0 or None

    with ExitStack() as running:
        running.enter_context(goes_on(up, environment))
        eventually(serves, "the server of the README serves")
        running.enter_context(goes_on(enrol, environment))
        eventually(proved, "the host of the README is proved")
        said = run(*dry_run).out
        assert "restart" in said
        assert "Production changes" not in said
        made = json.loads(run(*create, "-o", "json").out)["experiment"]
        line = [made["id"] if word == "EXPERIMENT" else word for word in status if word != "--watch"]
        assert made["id"] in run(*line).out
        compared = run(*(made["id"] if word == "EXPERIMENT" else word for word in compare))
        assert compared.status == 0 or "what to do:" in compared.err
        assert "web-1" in run(*doctor).out
        assert run("experiment", "stop", made["id"], "--reason", "seen enough").status == 0


def config_of(word: str, config: Path) -> str:
    return str(config) if word.startswith("/etc/") else word


@contextmanager
def goes_on(line: Sequence[str], environment: dict[str, str]) -> Iterator[None]:
    """Run a command that ends with Ctrl-C only."""
    with subprocess.Popen(
        [PHOENIX, *line], env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield
            assert process.poll() is None, f"{' '.join(line)} ended with status {process.returncode}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
