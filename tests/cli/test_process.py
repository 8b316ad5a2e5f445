"""The process around a command: streams that fail, readers that leave, signals."""

import json
import os
import signal
import subprocess
import sys

from tests.support.cli import PHOENIX, phoenix

SLOW_COMMAND = """
import sys, time
from contextlib import contextmanager
from phoenix.cli import main, version

@contextmanager
def something_to_clean_up():
    try:
        yield
    finally:
        print("cleaned up", flush=True)

def slow(cli, options):
    with something_to_clean_up():
        print("started", flush=True)
        time.sleep(60)

version.run = slow
sys.exit(main.main(["version"]))
"""


def _interrupted(number: signal.Signals) -> tuple[int, str, str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_COMMAND], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    return process.returncode, out, err


def test_ctrl_c_cleans_up_and_says_so():
    status, out, err = _interrupted(signal.SIGINT)
    assert (status, out) == (130, "cleaned up\n")
    assert err.startswith("error: interrupted\n")
    assert "code: INTERRUPTED" in err


def test_sigterm_and_a_closed_terminal_clean_up_too():
    assert _interrupted(signal.SIGTERM)[:2] == (143, "cleaned up\n")
    assert _interrupted(signal.SIGHUP)[:2] == (129, "cleaned up\n")


def test_a_full_disk_under_stdout_is_an_error():
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device, opened to be written
        done = subprocess.run([PHOENIX, "version"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 7
    assert done.stderr.startswith("error: standard output cannot be written: No space left on device\n")
    assert "code: OUTPUT_UNAVAILABLE" in done.stderr
    assert "Exception" not in done.stderr


def test_a_full_disk_under_help_is_an_error_too():
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device, opened to be written
        done = subprocess.run([PHOENIX, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 7
    assert "Traceback" not in done.stderr


def test_a_reader_that_went_away_is_no_bug():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([PHOENIX, "version"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_wrong_settings_stop_a_command_before_it_starts(tmp_path):
    settings = tmp_path / "settings.yaml"
    settings.write_text("output_fromat: json\n")
    finished = phoenix("version", environment={"PHOENIX_CONFIG_FILE": str(settings)})
    assert (finished.status, finished.out) == (3, "")
    assert f"{settings}:1:1: output_fromat: there is no such setting; did you mean output_format?" in finished.err


def test_the_format_comes_from_the_option_then_the_environment():
    environment = {"PHOENIX_OUTPUT_FORMAT": "json"}
    assert "python" in json.loads(phoenix("version", environment=environment).out)
    assert phoenix("version", "-o", "yaml", environment=environment).out.startswith("phoenix: ")


def test_an_unknown_format_is_a_usage_error_that_lists_the_formats():
    finished = phoenix("version", "-o", "xml")
    assert (finished.status, finished.out) == (2, "")
    assert "'table', 'json', 'yaml', 'markdown'" in finished.err
    assert "code: USAGE" in finished.err


def test_completion_offers_commands():
    environment = {"_PHOENIX_COMPLETE": "complete_bash", "COMP_WORDS": "phoenix vers", "COMP_CWORD": "1"}
    assert phoenix(environment=environment).out.split() == ["version"]
