import dataclasses
import errno
import io
import json
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import numpy as np
import pytest
import yaml

from phoenix.cli.errors import OutputUnavailableError
from phoenix.cli.terminal.blocks import Column, Table, Verbatim
from phoenix.cli.terminal.output import write_result
from phoenix.cli.terminal.plain import plain
from phoenix.cli.terminal.streams import Streams
from phoenix.core.money import Money
from phoenix.settings.output_format import OutputFormat

TABLE = Table(
    (Column("pipeline"), Column("series", right=True)), (("a|b", "1,234"), ("[red]x", "5")), title="Catalogue"
)


def _written(form: OutputFormat, data: object, blocks, width: int = 80) -> str:
    streams = Streams.captured(width=width)
    write_result(streams, form, data, blocks)
    assert isinstance(streams.out, io.StringIO)
    return streams.out.getvalue()


class Colour(StrEnum):
    RED = "red"


@dataclass
class Saving:
    money: Money
    colour: Colour
    points: int


def test_plain_keeps_meaning_without_floats_for_money():
    saving = Saving(Money(Decimal("6.50"), "USD"), Colour.RED, 3)
    assert plain(saving) == {"money": {"amount": "6.50", "currency": "USD"}, "colour": "red", "points": 3}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("inf"), None),
        (np.int64(3), 3),
        (np.float64("nan"), None),
        (Path("/x"), "/x"),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({1: (1, 2)}, {"1": [1, 2]}),
        (True, True),
    ],
)
def test_plain_of_single_values(value, expected):
    assert plain(value) == expected


def test_plain_refuses_what_is_no_data():
    with pytest.raises(TypeError, match="object has no plain form"):
        plain(object())


def test_json_and_yaml_carry_the_data():
    data = {"name": "größe", "saving": Decimal("1.10"), "list": [1, None]}
    assert json.loads(_written(OutputFormat.JSON, data, [])) == {"name": "größe", "saving": "1.10", "list": [1, None]}
    assert yaml.safe_load(_written(OutputFormat.YAML, data, [])) == json.loads(_written(OutputFormat.JSON, data, []))


def test_markdown_aligns_numbers_and_escapes_pipes():
    assert _written(OutputFormat.MARKDOWN, None, ["Before", TABLE, Verbatim("a: 1\n", "yaml")]) == (
        "Before\n\n**Catalogue**\n\n| pipeline | series |\n| --- | ---: |\n| a\\|b | 1,234 |\n| [red]x | 5 |\n"
        "\n```yaml\na: 1\n```\n"
    )


def test_a_table_aligns_numbers_and_takes_cells_literally():
    lines = _written(OutputFormat.TABLE, None, [TABLE]).splitlines()
    assert any(line.split() == ["[red]x", "5"] for line in lines)
    ends = {len(line.rstrip()) for line in lines if line.rstrip().endswith(("1,234", "5", "series"))}
    assert len(ends) == 1


@pytest.mark.parametrize("width", [80, 120])
def test_a_table_keeps_to_its_width(width):
    wide = Table((Column("text"), Column("n", right=True)), (("word " * 60, "1"),))
    assert max(map(len, _written(OutputFormat.TABLE, None, [wide], width).splitlines())) <= width


def test_no_colour_codes_without_a_terminal():
    assert "\x1b" not in _written(OutputFormat.TABLE, None, [TABLE, "text"])


class FullDisk(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_what_others_said_cannot_steer_the_terminal():
    hostile = "a\x1b[2Jb\x9b31mc\r"
    blocks = [hostile, Table((Column("said"),), ((hostile,),), title=hostile)]
    written = _written(OutputFormat.TABLE, {}, blocks)
    assert written.count(r"a\x1b[2Jb\x9b31mc\x0d") == 3
    terminal = dataclasses.replace(Streams.captured(), out_is_terminal=True)
    write_result(terminal, OutputFormat.TABLE, {}, [Verbatim(hostile)])
    assert isinstance(terminal.out, io.StringIO)
    assert terminal.out.getvalue() == r"a\x1b[2Jb\x9b31mc\x0d"
    assert _written(OutputFormat.TABLE, {}, [Verbatim(hostile)]) == hostile


def test_a_full_disk_under_stdout_is_an_error_with_a_remedy():
    streams = Streams(out=FullDisk(), err=io.StringIO(), stdin=io.StringIO())
    with pytest.raises(OutputUnavailableError, match="No space left"):
        write_result(streams, OutputFormat.JSON, {}, [])
