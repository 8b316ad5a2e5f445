from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.support.settings import SettingsWithSecret

from phoenix.settings.errors import (
    SettingsFileError,
    SettingsFileNotFoundError,
    SettingValueError,
    UnknownSettingError,
)
from phoenix.settings.load import load_settings, load_tree
from phoenix.settings.model import Settings
from phoenix.settings.output_format import OutputFormat


def test_defaults_stand_when_nothing_is_said(tmp_path):
    settings = load_settings()
    assert settings.output_format is OutputFormat.TABLE
    assert settings.cache_dir == tmp_path / "cache" / "phoenix"
    assert settings.collector.binary is None
    assert (settings.record.duration, settings.record.interval, settings.record.mask) == (60.0, 5.0, True)


def test_the_file_overrides_defaults_and_the_environment_the_file(write_settings, monkeypatch):
    write_settings("record: {duration: 2m, interval: 10s}\noutput_format: yaml\n")
    monkeypatch.setenv("PHOENIX_RECORD__INTERVAL", "250ms")
    settings = load_settings()
    assert settings.record.duration == 120.0
    assert settings.record.interval == 0.25
    assert settings.output_format is OutputFormat.YAML


def test_reads_the_file_of_the_xdg_folder(tmp_path):
    folder = tmp_path / "config" / "phoenix"
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text("output_format: json\n")
    assert load_settings().output_format is OutputFormat.JSON


def test_reads_toml(write_settings):
    write_settings('output_format = "markdown"\n[collector]\nbinary = "/opt/otelcol"\n', "settings.toml")
    settings = load_settings()
    assert settings.output_format is OutputFormat.MARKDOWN
    assert settings.collector.binary == Path("/opt/otelcol")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "\n\n"])
def test_an_empty_file_says_nothing(write_settings, text):
    write_settings(text)
    assert load_settings() == Settings()


def test_an_empty_variable_is_unset(monkeypatch):
    monkeypatch.setenv("PHOENIX_OUTPUT_FORMAT", "")
    assert load_settings().output_format is OutputFormat.TABLE


def test_a_tilde_is_the_home_folder(monkeypatch):
    monkeypatch.setenv("PHOENIX_CACHE_DIR", "~/phoenix-cache")
    assert load_settings().cache_dir == Path.home() / "phoenix-cache"


def test_settings_cannot_be_changed():
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.debug = True
    with pytest.raises(ValidationError):
        settings.record.mask = False


@pytest.mark.parametrize(
    ("text", "place", "suggestion"),
    [
        ("collector:\n  binry: /x\n", "2:3: collector.binry", "did you mean collector.binary?"),
        ("output_fromat: json\n", "1:1: output_fromat", "did you mean output_format?"),
        ("wholly_other: 1\n", "1:1: wholly_other", "no such setting"),
        ("1: 2\n", "1:1: 1", "no such setting"),
    ],
)
def test_an_unknown_key_names_its_place_and_the_nearest_setting(write_settings, text, place, suggestion):
    path = write_settings(text)
    with pytest.raises(UnknownSettingError) as caught:
        load_settings()
    assert f"{path}:{place}" in caught.value.message
    assert suggestion in caught.value.message


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("PHOENIX_OUTPUT_FROMAT", "PHOENIX_OUTPUT_FORMAT"), ("PHOENIX_COLLECTOR_BINARY", "PHOENIX_COLLECTOR__BINARY")],
)
def test_an_unknown_variable_names_the_nearest(monkeypatch, name, nearest):
    monkeypatch.setenv(name, "x")
    with pytest.raises(UnknownSettingError, match=rf"{name}: .*did you mean {nearest}\?"):
        load_settings()


def test_variables_of_the_developers_are_no_settings(monkeypatch):
    monkeypatch.setenv("PHOENIX_GOLDEN", "rewrite")
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("record:\n  duration: soon\n", "2:3: record.duration: 'soon' is not a duration"),
        ("record:\n  duration: 0s\n", "2:3: record.duration: input should be greater than 0"),
        ("record:\n  mask: perhaps\n", "2:3: record.mask: input should be a valid boolean"),
        ("record: 7\n", "1:1: record: input should be a valid dictionary"),
        ("output_format: xml\n", "1:1: output_format: input should be 'table', 'json', 'yaml' or 'markdown'"),
    ],
)
def test_a_wrong_value_names_its_place_and_what_it_should_be(write_settings, text, place):
    path = write_settings(text)
    with pytest.raises(SettingValueError) as caught:
        load_settings()
    assert f"{path}:{place}" in caught.value.message


def test_a_wrong_value_of_a_variable_names_the_variable(write_settings, monkeypatch):
    write_settings("record:\n  duration: 60s\n")
    monkeypatch.setenv("PHOENIX_RECORD__DURATION", "sixty")
    with pytest.raises(SettingValueError, match="environment variable PHOENIX_RECORD__DURATION: 'sixty' is not"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("a: [\n", "settings.yaml", r"settings.yaml:2:1: "),
        ("a: 1\na: 2\n", "settings.yaml", r"settings.yaml:2:1: .*already defined"),
        ("- a\n", "settings.yaml", r"settings.yaml:1:1: settings are a mapping"),
        ("a = \n", "settings.toml", r"line 1"),
        ("{}", "settings.json", "must end in"),
    ],
)
def test_a_broken_file_names_the_place(write_settings, text, name, said):
    write_settings(text, name)
    with pytest.raises(SettingsFileError, match=said):
        load_settings()


def test_a_file_that_is_no_text_is_refused(write_settings):
    write_settings("").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsFileError, match="not UTF-8"):
        load_settings()


def test_a_folder_is_no_settings_file(monkeypatch, tmp_path):
    monkeypatch.setenv("PHOENIX_CONFIG_FILE", str(tmp_path))
    with pytest.raises(SettingsFileError, match="cannot be read"):
        load_settings()


def test_a_named_file_must_exist(monkeypatch, tmp_path):
    monkeypatch.setenv("PHOENIX_CONFIG_FILE", str(tmp_path / "none.yaml"))
    with pytest.raises(SettingsFileNotFoundError, match=r"none\.yaml: there is no such file"):
        load_settings()


def test_a_secret_prints_as_stars_and_never_in_an_error(monkeypatch):
    monkeypatch.setenv("PHOENIX_TOKEN", "hush-hush")
    settings = load_tree(SettingsWithSecret)
    assert settings.token is not None
    assert settings.token.get_secret_value() == "hush-hush"
    shown = f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"
    assert "hush" not in shown
    assert "**********" in shown


@pytest.mark.parametrize("text", ["nginx, postgres", '["nginx", "postgres"]'])
def test_a_list_in_a_variable_has_commas_or_is_json(monkeypatch, text):
    monkeypatch.setenv("PHOENIX_NAMES", text)
    assert load_tree(SettingsWithSecret).names == ("nginx", "postgres")


def test_a_list_that_is_broken_json_is_refused(monkeypatch):
    monkeypatch.setenv("PHOENIX_NAMES", "[nginx")
    with pytest.raises(SettingValueError, match="PHOENIX_NAMES: a list in brackets must be JSON"):
        load_tree(SettingsWithSecret)
