from tests.support.settings import SettingsWithSecret

from phoenix.settings.fields import fields_of
from phoenix.settings.model import Settings


def test_every_setting_is_documented():
    undocumented = [field.key for field in fields_of(Settings) if not field.description.endswith(".")]
    assert undocumented == []


def test_a_nested_setting_has_a_dotted_key_and_a_variable():
    binary = next(field for field in fields_of(Settings) if field.path == ("collector", "binary"))
    assert (binary.key, binary.variable) == ("collector.binary", "PHOENIX_COLLECTOR__BINARY")
    assert "collector" in binary.group.lower()


def test_a_secret_is_known_as_one():
    secrets = [field.key for field in fields_of(SettingsWithSecret) if field.secret]
    assert secrets == ["auth_token", "server.database_url", "token"]
