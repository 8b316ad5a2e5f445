"""Names of component types: the canonical one, and the old one the collector still accepts.

Since 0.15x many types have words divided by underscores; the old spelling stays as an alias in the factory
(`deprecated_type` in a component's metadata.yaml). Phoenix says the canonical name and accepts both. The table is that
of collector 0.160; a test compares it with what the real binary accepts.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self


class Kind(StrEnum):
    """The sections of a config that define components, as they are written there."""

    RECEIVERS = "receivers"
    PROCESSORS = "processors"
    EXPORTERS = "exporters"
    CONNECTORS = "connectors"
    EXTENSIONS = "extensions"

    @property
    def singular(self) -> str:
        """The word for one component of this kind."""
        return self.value[:-1]

    @property
    def one(self) -> str:
        """The word with its article."""
        return f"{'an' if self.value.startswith('e') else 'a'} {self.singular}"


ALIASES: Final[Mapping[Kind, Mapping[str, str]]] = {
    Kind.RECEIVERS: {"hostmetrics": "host_metrics"},
    Kind.PROCESSORS: {
        "cumulativetodelta": "cumulative_to_delta",
        "deltatocumulative": "delta_to_cumulative",
        "deltatorate": "delta_to_rate",
        "metricstarttime": "metric_start_time",
        "metricstransform": "metrics_transform",
        "resourcedetection": "resource_detection",
    },
    Kind.EXPORTERS: {
        "otlp": "otlp_grpc",
        "otlphttp": "otlp_http",
        "prometheusremotewrite": "prometheus_remote_write",
    },
    Kind.CONNECTORS: {},
    Kind.EXTENSIONS: {},
}
SIGNALS: Final = ("metrics", "logs", "traces")

_LONGEST_NAME: Final = 1024
_TYPE: Final = re.compile(r"[a-zA-Z][0-9a-zA-Z_]{0,62}")


def canonical(kind: Kind, type_name: str) -> str:
    """Return today's name of a component type; a name that is not an old one is returned as it is.

    >>> canonical(Kind.EXPORTERS, "otlp"), canonical(Kind.RECEIVERS, "otlp")
    ('otlp_grpc', 'otlp')
    """
    return ALIASES[kind].get(type_name, type_name)


@dataclass(frozen=True, slots=True)
class ComponentId:
    """The name of a component in a config: a type and, after a slash, a name that tells two of a type apart."""

    type: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the id; blanks around either part are dropped, as the collector does.

        >>> ComponentId.parse("filter/keep-critical").name
        'keep-critical'

        Raises:
            ValueError: the type is not letters, digits and underscores, the name has blanks or symbols (`+`, `$`), or
                a part is empty.
        """
        type_name, slash, name = (part.strip() for part in text.partition("/"))
        if not type_name:
            raise ValueError(f"the part before / is empty in {text!r}" if slash else "a component needs a type")
        if slash and not name:
            raise ValueError(f"the part after / is empty in {text!r}")
        if not _TYPE.fullmatch(type_name):
            raise ValueError(f"{type_name!r} is not a component type: a letter, then letters, digits and underscores")
        check_name(name)
        return cls(type_name, name)

    def __str__(self) -> str:
        return f"{self.type}/{self.name}" if self.name else self.type


def check_name(name: str) -> None:
    """Check the part behind the slash of a component's or a pipeline's id (identifiable.go, pipeline.go).

    Raises:
        ValueError: it is too long, or has blanks, symbols or characters that cannot be seen.
    """
    if len(name.encode(errors="surrogatepass")) > _LONGEST_NAME:
        raise ValueError(f"the name {name[:20]!r}... is longer than {_LONGEST_NAME} bytes")
    wrong = next((c for c in name if (kind := unicodedata.category(c))[0] in "ZCS" and kind != "Cn"), None)
    if wrong is not None:
        raise ValueError(f"{name!r} is no name: {wrong!r} is a blank, a symbol or cannot be seen")
