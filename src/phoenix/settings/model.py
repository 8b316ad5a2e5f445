"""The tree of settings. A field's description is its documentation: docs/reference/settings.md is made from it.

Only settings that something reads are here. Durations are seconds inside and `60s` outside. The lower floors get
values as arguments and never see this tree.
"""

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from phoenix.settings.folders import cache_folder
from phoenix.settings.group import Group
from phoenix.settings.output_format import OutputFormat
from phoenix.settings.server import ServerSettings
from phoenix.settings.types import Duration, Secret, Texts, UserPath


class CollectorSettings(Group):
    """The OpenTelemetry Collector that records, validates and replays."""

    binary: UserPath | None = Field(
        default=None,
        description="Collector binary to use. Unset: one on PATH with the needed components, else one that Phoenix "
        "builds from the manifest it ships with.",
    )
    supervisor: UserPath | None = Field(
        default=None,
        description="OpAMP Supervisor to use. Unset: one on PATH, else one that Phoenix builds.",
    )


class RecordSettings(Group):
    """Defaults of `phoenix capture record`."""

    duration: Duration = Field(default=60.0, gt=0, description="How long a recording lasts.")
    interval: Duration = Field(default=5.0, gt=0, description="Time between two scrapes of a recording.")
    mask: bool = Field(
        default=True,
        description="Mask the arguments of command lines, which may hold passwords, before anything is stored.",
    )


class Settings(BaseSettings):
    """Everything a Phoenix process can be told besides its command line."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="PHOENIX_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    output_format: OutputFormat = Field(
        default=OutputFormat.TABLE,
        description="How commands write their result when -o is not given: table, json, yaml or markdown.",
    )
    cache_dir: UserPath = Field(
        default_factory=cache_folder,
        description="Folder for what can be made again: collector builds and their caches. "
        "Unset: `phoenix` in the XDG cache folder, normally ~/.cache/phoenix.",
    )
    critical_processes: Texts = Field(
        default=(),
        description="Processes that a pipeline must keep, as names, RE2 expressions or attribute=expression. "
        "Unset: the catalogue's own list.",
    )
    api_url: str = Field(
        default="http://127.0.0.1:8080",
        description="Where commands find the server.",
    )
    api_ca: UserPath | None = Field(
        default=None,
        description="Certificate of the authority that signed the server's, in PEM, where it is a private one.",
    )
    auth_token: Secret | None = Field(
        default=None,
        description="Token that commands show the server. Unset: on this machine the admin token in the server's "
        "data folder, if this user may read it.",
    )
    namespace: str = Field(default="default", description="Namespace of what commands create and list.")
    debug: bool = Field(default=False, description="Print the traceback when Phoenix meets a bug of its own.")
    collector: CollectorSettings = CollectorSettings()
    record: RecordSettings = RecordSettings()
    server: ServerSettings = ServerSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no .env file: surprising beside a config file
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, strongest first: the environment, then what the file said (given to the constructor)."""
        return env_settings, init_settings
