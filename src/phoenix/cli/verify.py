"""`phoenix verify BUNDLE`: does a verdict follow from its evidence. Works without a server."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from phoenix.cli.context import Cli
from phoenix.cli.exit_status import ExitStatus
from phoenix.cli.files import input_error
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.decide.verdict.errors import BundleInvalidError
from phoenix.decide.verdict.evidence.checking import Checked, check_bundle
from phoenix.settings.output_format import OutputFormat

# A bundle of a thousand hosts over a day is smaller; an archive that unfolds without end is none.
_MOST_BYTES: Final = 2_000_000_000


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """What `phoenix verify` was asked."""

    bundle: Path
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    bundle: Annotated[
        Path, typer.Argument(metavar="BUNDLE", help="An evidence bundle: a folder or a zip.", readable=False)
    ],
    output_format: OutputFormatOption = None,
) -> None:
    """Work a verdict out again from its evidence; the exit status is 1 when anything was changed.

    Every file is held against the manifest and every figure of the verdict against the stored windows, here and without
    a server.
    """
    run(ctx.obj, VerifyOptions(bundle, output_format))


def run(cli: Cli, options: VerifyOptions) -> None:
    """Emit what was found.

    Raises:
        Exit: something was changed, with status 1.
        PhoenixError: it cannot be read, or is no bundle.
    """
    checked = check_bundle(read_bundle(options.bundle))
    data = {
        "bundle": options.bundle,
        "agrees": checked.agrees,
        "outcome": checked.outcome,
        "files": checked.files,
        "figures": checked.figures,
        "findings": [{"place": it.place, "says": it.says} for it in checked.findings],
    }
    cli.emit(data, _blocks(options, checked), options.output_format)
    if not checked.agrees:
        raise typer.Exit(ExitStatus.DIFFERENT)


def read_bundle(path: Path) -> dict[str, bytes]:
    """Return the content of every file of a folder or a zip, by its path inside.

    Raises:
        BundleInvalidError: it is neither, or larger than any bundle.
        PhoenixError: it is not there or may not be read.
    """
    try:
        return _of_folder(path) if path.is_dir() else _of_archive(path)
    except zipfile.BadZipFile as error:
        raise BundleInvalidError(f"{path}: neither a folder nor a zip: {error}", path=str(path)) from error
    except OSError as error:
        raise input_error(str(path), error) from error


def _of_folder(path: Path) -> dict[str, bytes]:
    found = {it.relative_to(path).as_posix(): it for it in path.rglob("*") if it.is_file()}
    _check_size(path, sum(it.stat().st_size for it in found.values()))
    return {name: it.read_bytes() for name, it in sorted(found.items())}


def _of_archive(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        files = [it for it in archive.infolist() if not it.is_dir()]
        # What an archive says of a size is what reading it stops at.
        _check_size(path, sum(it.file_size for it in files))
        return {it.filename: archive.read(it) for it in files}


def _check_size(path: Path, size: int) -> None:
    if size > _MOST_BYTES:
        raise BundleInvalidError(f"{path}: {size:,} bytes, more than any bundle", path=str(path))


def _blocks(options: VerifyOptions, checked: Checked) -> list[Block]:
    if checked.agrees:
        seen = f"{checked.files:,} files, {checked.figures:,} figures recomputed"
        return [f"{options.bundle}: the verdict `{checked.outcome}` follows from its evidence ({seen})."]
    rows = [(it.place, it.says) for it in checked.findings]
    return [
        f"{options.bundle}: what is in it does not agree. The windows that are stored give `{checked.outcome}`."
        if checked.outcome
        else f"{options.bundle}: what is in it does not agree, and the verdict cannot be recomputed.",
        Table((Column("place"), Column("what is wrong")), rows),
    ]
