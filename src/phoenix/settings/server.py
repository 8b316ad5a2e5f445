"""Settings of `phoenix up`."""

from typing import Final

from pydantic import Field

from phoenix.settings.folders import state_folder
from phoenix.settings.group import Group
from phoenix.settings.log_format import LogFormat
from phoenix.settings.types import Duration, Secret, UserPath

# Held by the server that uses the data folder; says which process that is, and where it serves.
LOCK_FILE: Final = "server.lock"
# In the data folder: written by the server at its first start, read by commands of the same user.
ADMIN_TOKEN_FILE: Final = "admin-token"  # noqa: S105 - the name of the file


class ServerSettings(Group):
    """The server, `phoenix up`."""

    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on. Anything but loopback needs TLS, unless `plaintext` allows otherwise.",
    )
    port: int = Field(default=8080, ge=0, le=65535, description="Port of REST, OpAMP and OTLP/HTTP; 0: a free one.")
    grpc_port: int = Field(default=5050, ge=0, le=65535, description="Port of OTLP/gRPC; 0: a free one.")
    public_url: str | None = Field(
        default=None,
        description="How hosts reach `port`, such as https://phoenix.example:8080. Unset: made of host and port.",
    )
    tls_certificate: UserPath | None = Field(
        default=None, description="Certificate and chain in PEM; makes every port speak TLS."
    )
    tls_key: UserPath | None = Field(default=None, description="Private key in PEM that belongs to the certificate.")
    plaintext: bool = Field(
        default=False,
        description="Listen without TLS where others can reach: for a proxy in front that ends TLS, or a lab.",
    )
    data_dir: UserPath = Field(
        default_factory=state_folder,
        description="Folder of the database, the admin token and the lock. "
        "Unset: `phoenix` in the XDG state folder, normally ~/.local/state/phoenix.",
    )
    database_url: Secret | None = Field(
        default=None,
        description="Database as a SQLAlchemy address: postgresql+psycopg://USER:PASSWORD@HOST/NAME. "
        "Unset: SQLite in the data folder.",
    )
    window: Duration = Field(
        default=60.0, ge=1, description="Stretch of event time that an experiment compares, unless it says otherwise."
    )
    own_metrics_interval: Duration = Field(
        default=10.0, ge=1, description="Time between two reports of a collector about itself."
    )
    retention: Duration = Field(
        default=30 * 86_400.0,
        ge=3600,
        description="For how long windows, collectors' reports, the history of hosts and events are kept.",
    )
    deploy_timeout: Duration = Field(
        default=300.0,
        gt=0,
        description="Time for hosts to prove an experiment's config, unless a retry says otherwise.",
    )
    restore_timeout: Duration = Field(
        default=300.0,
        gt=0,
        description="Time for hosts to prove their verified config after an experiment; its end names those that have "
        "not by then, and they go on trying.",
    )
    exporter_grace: Duration = Field(
        default=60.0,
        ge=1,
        description="Time that a production exporter may fail under a new config before that counts as failed.",
    )
    ingest_processes: int = Field(
        default=1, ge=1, le=64, description="Processes that decode telemetry, beside the one that serves."
    )
    log_format: LogFormat = Field(default=LogFormat.CONSOLE, description="How the log is written to standard error.")
    requests_per_minute: int = Field(default=1200, ge=1, description="API requests that one caller may make.")
    max_body_bytes: int = Field(default=4_000_000, ge=1000, description="Largest body of an API request.")
    request_timeout: Duration = Field(default=60.0, gt=0, description="Time that one API request may take.")
    header_timeout: Duration = Field(default=10.0, gt=0, description="Time for the head of a request to arrive.")
    body_timeout: Duration = Field(default=20.0, gt=0, description="Time for the body of a request to arrive.")
    shutdown_timeout: Duration = Field(
        default=10.0, gt=0, description="Time for requests under way to end when the server is asked to stop."
    )
