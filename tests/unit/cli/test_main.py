import json
import sys

import pytest
from tests.support.cli import memory_cli, run_here

from phoenix.cli import version
from phoenix.cli.main import run
from phoenix.core.errors import (
    ConflictError,
    DeniedError,
    InterruptedByUserError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)
from phoenix.settings.errors import SettingValueError
from phoenix.settings.model import Settings
from phoenix.settings.output_format import OutputFormat


@pytest.fixture
def failing_version(monkeypatch):
    def fail_with(error: BaseException) -> None:
        def fail(*_args):
            raise error

        monkeypatch.setattr(version, "run", fail)

    return fail_with


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidError("x"), 3),
        (NotFoundError("x"), 4),
        (DeniedError("x"), 5),
        (ConflictError("x"), 6),
        (UnavailableError("x"), 7),
        (InterruptedByUserError("x"), 130),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("x"), 1),
    ],
)
def test_the_kind_of_an_error_decides_the_exit_status(failing_version, error, status):
    failing_version(error)
    assert run_here("version").status == status


def test_an_error_says_what_where_and_what_to_do_on_stderr(failing_version):
    failing_version(InvalidError("a.yaml:3:5: no such processor", place="a.yaml:3:5", known=["batch", "filter"]))
    finished = run_here("version")
    assert finished.out == ""
    assert finished.err == (
        "error: a.yaml:3:5: no such processor\n"
        "  known: batch\n"
        "  known: filter\n"
        "what to do: Correct the input at the place named and try again.\n"
        "code: INVALID_INPUT\n"
    )


def test_findings_of_an_error_are_lines_for_people(failing_version):
    first = {"code": "A", "source": "c.yaml", "line": 3, "column": 5, "message": "no such processor"}
    second = {**first, "code": "B", "line": 9, "message": "no exporter"}
    fields = [{"field": "windows", "problem": "is too large"}]
    failing_version(InvalidError("line 3: no such processor", findings=[first, second], fields=fields))
    lines = run_here("version").err.splitlines()
    assert lines[1:3] == ["  findings: c.yaml:9:5: no exporter (B)", "  fields: field=windows, problem=is too large"]


def test_a_whole_document_in_the_details_is_for_programs(failing_version):
    document = {f"field{number}": [{"a": 1}, {"b": 2}] for number in range(20)}
    failing_version(InvalidError("it ended", experiment=document))
    assert len(run_here("version").err.splitlines()) == 3
    assert json.loads(run_here("version", "-o", "json").err)["details"]["experiment"] == document


def test_what_a_message_quotes_cannot_steer_the_terminal(failing_version):
    failing_version(InvalidError("no\x1b[2J", name="\x1b[2J\nb"))
    assert "\x1b" not in run_here("version").err


@pytest.mark.parametrize("asked", [("-o", "json"), ("-ojson",), ("--output-format", "json"), ("--output-format=json",)])
def test_under_json_an_error_is_a_problem_document(failing_version, asked):
    failing_version(NotFoundError("no capture c1", user_action="List them.", path="/x", odd=object))
    finished = run_here("version", *asked)
    document = json.loads(finished.err)
    assert document["details"].pop("odd").startswith("<class")
    assert document == {
        "type": "urn:phoenix:error:NOT_FOUND",
        "title": "not found",
        "code": "NOT_FOUND",
        "message": "no capture c1",
        "details": {"path": "/x"},
        "user_action": "List them.",
        "exit_status": 4,
    }


def test_the_format_of_the_settings_rules_errors_too(failing_version):
    failing_version(NotFoundError("x"))
    finished = run_here("version", settings=Settings(output_format=OutputFormat.JSON))
    assert json.loads(finished.err)["code"] == "NOT_FOUND"


def test_wrong_settings_are_told_like_any_error():
    cli = memory_cli()

    def refuse():
        raise SettingValueError("environment variable PHOENIX_OUTPUT_FORMAT: no")

    cli.settings_source = refuse
    assert run(cli, ["version"]) == 3
    assert "code: SETTING_VALUE_INVALID" in cli.streams.err.getvalue()  # type: ignore[attr-defined] # StringIO


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("looadsim",), "No such command 'looadsim'. Did you mean 'loadsim'?"),
        (("version", "--colour"), "No such option: --colour"),
        (("version", "-o", "xml"), "'xml' is not one of 'table', 'json', 'yaml', 'markdown'"),
        (("version", "extra"), "unexpected extra argument"),
    ],
)
def test_a_wrong_command_line_is_a_usage_error(line, said):
    finished = run_here(*line)
    assert finished.status == 2
    assert said in finished.err
    assert "--help" in finished.err
    assert "code: USAGE" in finished.err
    assert finished.out == ""


def test_a_usage_error_is_a_document_under_json():
    document = json.loads(run_here("version", "-o", "json", "--colour").err)
    assert (document["code"], document["exit_status"]) == ("USAGE", 2)


def test_a_bug_is_one_line_and_a_traceback_only_when_debugging(failing_version):
    failing_version(ZeroDivisionError("division by zero"))
    quiet = run_here("version")
    assert quiet.err.splitlines()[0] == "error: a bug in Phoenix: ZeroDivisionError: division by zero"
    assert "Traceback" not in quiet.err
    loud = run_here("version", settings=Settings(debug=True))
    assert "Traceback" in loud.err
    document = json.loads(run_here("version", "-o", "json").err)
    assert (document["code"], document["exit_status"]) == ("BUG", 1)


def test_a_reader_that_went_away_is_left_to_the_entry_point(failing_version):
    failing_version(BrokenPipeError())
    with pytest.raises(BrokenPipeError):
        run_here("version")


@pytest.mark.parametrize("line", [(), ("--help",), ("version", "-h")])
def test_help_is_a_success(line, capsys):
    assert run_here(*line).status == 0
    assert "Usage: phoenix" in capsys.readouterr().out


def test_version_tells_its_versions_and_builds_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    finished = run_here("version", "-o", "json", settings=Settings(cache_dir=tmp_path))
    assert (finished.status, finished.err) == (0, "")
    versions = json.loads(finished.out)
    assert versions["python"] == ".".join(map(str, sys.version_info[:3]))
    assert versions["collector"] is None
    assert list(tmp_path.iterdir()) == []
