"""The entry point, and the only place where errors become text and an exit status."""

import errno
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType

from typer import Abort, Exit, TyperException

from phoenix.cli.app import PROGRAM, build
from phoenix.cli.context import Cli
from phoenix.cli.errors import OutputUnavailableError, TemporaryFolderError, UsageError
from phoenix.cli.exit_status import ExitStatus, status_of
from phoenix.cli.terminal.problems import bug_document, bug_text, problem_document, problem_text
from phoenix.core.errors import InterruptedByUserError, PhoenixError
from phoenix.settings.output_format import OutputFormat

# Set by the shell's completion script, which typer writes and answers.
_COMPLETION_VARIABLE = "_PHOENIX_COMPLETE"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return the exit status of the process."""
    line = list(sys.argv[1:] if arguments is None else arguments)
    if _COMPLETION_VARIABLE in os.environ:
        build().main(args=line, prog_name=PROGRAM)
    ended_by = _end_like_an_interrupt()
    cli = Cli()
    try:
        status = run(cli, line)
        cli.streams.out.flush()
    except BrokenPipeError:
        status = ExitStatus.BROKEN_PIPE
    except OSError as error:
        failure = OutputUnavailableError(f"standard output cannot be written: {error.strerror}")
        status = report(cli, line, failure)
    finally:
        cli.close()
    if status in {ExitStatus.BROKEN_PIPE, ExitStatus.UNAVAILABLE}:
        # What is still buffered has nowhere to go; without this the interpreter complains at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + ended_by[0] if status == ExitStatus.INTERRUPTED and ended_by else int(status)


def run(cli: Cli, line: Sequence[str]) -> int:
    """Run one command line; errors are told on stderr and returned as an exit status."""
    app = build()
    try:
        with app.make_context(PROGRAM, list(line), obj=cli) as context:
            app.invoke(context)
    except Exit as ending:
        return ending.exit_code
    except PhoenixError as error:
        return report(cli, line, error)
    except TyperException as error:
        return report(cli, line, _usage_error(error))
    except (KeyboardInterrupt, Abort):
        return report(cli, line, InterruptedByUserError("interrupted"))
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno == errno.ENOENT and reason.startswith("No usable temporary directory"):
            return report(cli, line, TemporaryFolderError(reason))
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            return _report_bug(cli, line, error)
        where = error.filename or "standard output or a temporary file"
        return report(cli, line, OutputUnavailableError(f"{where} cannot be written: {error.strerror}"))
    except Exception as error:  # noqa: BLE001 - this is where bugs become one line
        return _report_bug(cli, line, error)
    return ExitStatus.OK


def report(cli: Cli, line: Sequence[str], error: PhoenixError) -> int:
    """Tell an error on stderr, in the form the user asked for, and return its exit status."""
    write = problem_document if _wants_json(cli, line) else problem_text
    cli.streams.err.write(write(error))
    return status_of(error)


def _report_bug(cli: Cli, line: Sequence[str], error: Exception) -> int:
    write = bug_document if _wants_json(cli, line) else bug_text
    cli.streams.err.write(write(error))
    if _debugging(cli):
        traceback.print_exception(error, file=cli.streams.err)
    return ExitStatus.BUG


def _usage_error(error: TyperException) -> UsageError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else PROGRAM
    return UsageError(error.format_message(), user_action=f"Run `{command} --help` to see what it takes.")


def _wants_json(cli: Cli, line: Sequence[str]) -> bool:
    """Return whether errors should be documents: by -o, wherever it stands, else settings."""
    # Not what the parser found: parsing may be what failed.
    asked = None
    for word, following in zip(line, [*line[1:], ""], strict=True):
        if word in {"-o", "--output-format"}:
            asked = following
        elif word.startswith(("-o", "--output-format=")) and not word.startswith("--output-otlp"):
            asked = word.removeprefix("--output-format=").removeprefix("-o").removeprefix("=")
    if asked is not None:
        return asked == OutputFormat.JSON
    try:
        return cli.settings.output_format is OutputFormat.JSON
    except Exception:  # noqa: BLE001 - the error to be told must not be hidden by another one
        return False


def _debugging(cli: Cli) -> bool:
    try:
        return cli.settings.debug
    except Exception:  # noqa: BLE001 - the same
        return False


def _end_like_an_interrupt() -> list[int]:
    """Make SIGTERM and SIGHUP unwind like Ctrl-C, so that every cleanup runs; the list returned will say which came."""
    came: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        # Under nohup SIGHUP is ignored on purpose.
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, interrupt)
    return came
