"""Writing one result in the format asked for."""

import json
from collections.abc import Sequence

import yaml

from phoenix.cli.errors import OutputUnavailableError
from phoenix.cli.terminal.blocks import Block, write_human, write_markdown
from phoenix.cli.terminal.plain import plain
from phoenix.cli.terminal.streams import Streams
from phoenix.settings.output_format import OutputFormat


def write_result(streams: Streams, form: OutputFormat, data: object, blocks: Sequence[Block]) -> None:
    """Write a result to `out`: `data` to programs, `blocks` to people.

    Args:
        streams: `out` is written to.
        form: the format.
        data: anything `plain` takes; field names are public, scripts depend on them.
        blocks: the same for people.

    Raises:
        OutputUnavailableError: `out` cannot be written, such as a file on a full disk.
    """
    try:
        _write(streams, form, data, blocks)
        streams.out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputUnavailableError(f"standard output cannot be written: {error.strerror}") from error


def _write(streams: Streams, form: OutputFormat, data: object, blocks: Sequence[Block]) -> None:
    if form is OutputFormat.JSON:
        streams.out.write(json.dumps(plain(data), indent=2, ensure_ascii=False) + "\n")
    elif form is OutputFormat.YAML:
        yaml.safe_dump(plain(data), streams.out, sort_keys=False, allow_unicode=True, width=4096)
    elif form is OutputFormat.MARKDOWN:
        write_markdown(streams, blocks)
    else:
        write_human(streams, blocks)
