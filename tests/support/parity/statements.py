"""OTTL for differential fuzzing: statements and conditions that mostly make sense, in every context and form."""

import json
import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final

from tests.support.parity.features import Features
from tests.support.parity.functions import CONVERTERS, DATAPOINT_EDITORS, EDITORS, METRIC_EDITORS, METRIC_QUESTIONS
from tests.support.parity.telemetry import INTS, KEYS, METRICS, TEXTS

CONTEXTS: Final = ("resource", "scope", "metric", "datapoint")
PATTERNS: Final = (".*", "^app", "a|b", "[0-9]+", "e$", "größe", "^$", "(?i)APP")
NAMED: Final = ("^(?P<first>[a-z]+)(?P<rest>.*)$", "(?P<first>.)", "(?P<a>x)|(?P<b>y)")
ENUMS: Final = ("METRIC_DATA_TYPE_SUM", "METRIC_DATA_TYPE_GAUGE", "METRIC_DATA_TYPE_HISTOGRAM", "METRIC_DATA_TYPE_NONE")
AGENTS: Final = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
    "kube-probe/1.29",
)
_HOLE: Final = re.compile(r"(?<!\$)\{(\w+)\}")
_FUNCTION: Final = re.compile(r"\b([A-Za-z][A-Za-z0-9_]*)\(")
# Paths by context and by what they mostly hold; those of a context can be used below it.
PATHS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "resource": {
        "s": ("resource.schema_url",),
        "i": ("resource.dropped_attributes_count",),
        "m": ("resource.attributes",),
    },
    "scope": {"s": ("scope.name", "scope.version", "scope.schema_url"), "m": ("scope.attributes",)},
    "metric": {
        "s": ("metric.name", "metric.unit", "metric.description"),
        "i": ("metric.type", "metric.aggregation_temporality"),
        "b": ("metric.is_monotonic",),
        "m": ("metric.metadata",),
    },
    "datapoint": {
        "f": ("datapoint.value_double", "datapoint.sum"),
        "i": (
            "datapoint.value_int",
            "datapoint.time_unix_nano",
            "datapoint.start_time_unix_nano",
            "datapoint.flags",
            "datapoint.count",
            "datapoint.scale",
            "datapoint.zero_count",
        ),
        "t": ("datapoint.time", "datapoint.start_time"),
        "m": ("datapoint.attributes",),
        "l": ("datapoint.explicit_bounds", "datapoint.bucket_counts"),
    },
}
# Paths that are asked for now and then, by the highest context that has them.
ODD_PATHS: Final[Mapping[str, Sequence[str]]] = {
    "resource": (
        "otelcol.client.addr",
        'otelcol.client.metadata["a"]',
        'otelcol.client.auth.attributes["a"]',
        'otelcol.grpc.metadata["a"]',
        "otelcol.client.metadata",
        'otelcol.client.metadata["a"][0]["b"]',
        "otelcol.grpc.metadata",
    ),
    "scope": ("scope.dropped_attributes_count",),
    "metric": (
        "metric.data_points",
        *(f"instrumentation_scope.{name}" for name in ("name", "version", "schema_url", "dropped_attributes_count")),
        'instrumentation_scope.attributes["a"]',
    ),
    "datapoint": (
        *("datapoint.exemplars", "datapoint.quantile_values", "datapoint.positive", "datapoint.negative"),
        *("datapoint.positive.offset", "datapoint.positive.bucket_counts"),
        *("datapoint.negative.offset", "datapoint.negative.bucket_counts"),
    ),
}


class Writer:
    """Writes expressions for one context.

    Args:
        random: makes the choices.
        features: is told what they use.
        context: what the texts are run for.
        asks: only conditions are written; these know more functions.
    """

    def __init__(self, random: Random, features: Features, context: str, *, asks: bool = False) -> None:
        self._random, self._features, self._context, self._asks = random, features, context, asks
        # Mostly of the context itself, since mixed ones often are hazards.
        self._reach = CONTEXTS[: CONTEXTS.index(context) + 1]

    def condition(self, depth: int = 2) -> str:
        """Return a boolean expression."""
        random = self._random
        choice = random.random()
        if depth and choice < 0.15:
            return f"{self.condition(depth - 1)} {random.choice(['and', 'or'])} {self.condition(depth - 1)}"
        if depth and choice < 0.22:
            return f"not ({self.condition(depth - 1)})"
        if self._asks and self._context == "metric" and choice < 0.3:
            return self._fill(random.choice(METRIC_QUESTIONS), depth)
        if choice < 0.5:
            return self.expression("b_call", depth)
        if choice < 0.55:
            return random.choice(["true", "false"])
        kind = random.choice("ssiifaat")
        op = random.choice(["==", "==", "!=", "<", ">", "<=", ">="])
        other = random.choice([kind, kind, "lit", "a"])
        return f"{self.expression(kind, depth - 1)} {op} {self.expression(other, depth - 1)}"

    def statement(self) -> str:
        """Return an editor with, half of the time, a condition."""
        random = self._random
        templates: Sequence[str] = EDITORS
        if self._context == "metric" and random.random() < 0.45:
            templates = METRIC_EDITORS
        elif self._context == "datapoint" and random.random() < 0.12:
            templates = DATAPOINT_EDITORS
        text = self._fill(random.choice(templates), 2)
        if " where " not in text and random.random() < 0.5:
            text += f" where {self.condition()}"
        return text

    def expression(self, kind: str, depth: int) -> str:
        """Return an expression that mostly has the kind asked for."""
        random = self._random
        if kind == "b_call":
            return self._call("b", depth)
        if kind == "lit":
            return self._literal(random.choice("sifb"))
        if depth <= 0 or random.random() < 0.55:
            return self._leaf(kind)
        if kind in "if" and random.random() < 0.25:
            left, right = self.expression(kind, depth - 1), self.expression(kind, depth - 1)
            return f"({left} {random.choice('+-*/')} {right})"
        if kind == "a":
            kind = random.choice("asifbmltd")
        return self._call(kind, depth)

    def _call(self, kind: str, depth: int) -> str:
        return self._fill(self._random.choice(CONVERTERS[kind]), depth - 1)

    def _leaf(self, kind: str) -> str:
        random = self._random
        if kind == "a":
            if random.random() < 0.06:
                return self._odd()
            kind = random.choice("sifbam")
            if kind == "a":
                return random.choice(["nil", self._indexed(), self._indexed()])
        if random.random() < 0.4:
            return self._literal(kind)
        found = [path for context in self._reach for path in PATHS[context].get(kind, ())]
        if random.random() < 0.5 or not found:
            return self._indexed() if kind in "sifbm" else self._literal(kind)
        path = random.choice(found)
        self._features.use(f"path {path}")
        return path

    def _odd(self) -> str:
        path = self._random.choice([path for context in self._reach for path in ODD_PATHS[context]])
        self._features.use(f"path {path.partition('[')[0]}")
        return path

    def _indexed(self) -> str:
        # An attribute; now and then something inside it, or the cache.
        context = self._near([context for context in self._reach if "m" in PATHS[context] and context != "metric"])
        root = f"{context}.attributes"
        if self._random.random() < 0.06:
            root = f"{self._context}.cache"
        self._features.use(f"path {root}")
        key = self._random.choice([*KEYS, "process.executable.name", "process.pid", "new"])
        path = f"{root}[{_quoted(key)}]"
        if self._random.random() < 0.08:
            path += self._random.choice(['["a"]', "[0]", '["b"]["c"]'])
        return path

    def _near(self, contexts: Sequence[str]) -> str:
        return (
            contexts[-1]
            if contexts[-1] == self._context and self._random.random() < 0.7
            else self._random.choice(contexts)
        )

    def _target(self, kind: str) -> str:
        random = self._random
        if kind == "M":
            return random.choice([f"{self._near([c for c in self._reach if 'm' in PATHS[c]])}.{'attributes'}"]).replace(
                "metric.attributes", "metric.metadata"
            )
        if kind == "L" or random.random() < 0.6:
            return self._indexed()
        context = self._near(self._reach)
        own = [path for paths in PATHS[context].values() for path in paths]
        path = random.choice(own if random.random() < 0.8 else ODD_PATHS[context])
        self._features.use(f"set {path.partition('[')[0]}")
        return path

    def _literal(self, kind: str) -> str:
        random = self._random
        match kind:
            case "s":
                return _quoted(random.choice([*TEXTS, *METRICS]))
            case "i":
                number = str(random.choice(INTS[:8]))
                enums = self._context in ("metric", "datapoint") and random.random() < 0.3
                return random.choice(ENUMS) if enums else number
            case "f":
                return random.choice(["0.0", "1.0", "1.5", "-2.25", "0.1", "3.0", "1000.0", ".5"])
            case "b":
                return random.choice(["true", "false"])
            case "m":
                return f'{{"a": {self._literal("s")}, "n": {self._literal("i")}}}'
            case "l":
                return f"[{self._literal('s')}, {self._literal('i')}]"
            case "t":
                return "Unix(1790000000)"
            case "d":
                return 'Duration("10s")'
            case _:
                return "nil"

    def _fill(self, template: str, depth: int) -> str:
        self._features.use(
            *(f"function {name}" for name in _FUNCTION.findall(template) if name not in ("where", "v", "acc"))
        )
        return _HOLE.sub(lambda hole: self._hole(hole.group(1), depth), template)

    def _hole(self, hole: str, depth: int) -> str:
        random = self._random
        fixed = {
            "case": ("lower", "upper", "snake", "camel"),
            "how": ("sum", "max", "min", "mean", "median", "count"),
            "temporality": ("cumulative", "delta"),
            "P": PATTERNS,
            "NP": NAMED,
            "glob": ("a*", "*", "app?", ""),
            "x": ("<a><b c='1'>t</b></a>", "<a/>", "no xml"),
            "agent": AGENTS,
            "xpath": ("/a/b", "//b", "/a/@c"),
            "json": ('{"a": 1, "b": [1.5, null, true], "c": {"d": "e"}}', "[1, 2]", "no json", '"s"'),
        }
        if hole in ("how", "temporality"):
            return random.choice(fixed[hole])
        if hole in fixed:
            return _quoted(random.choice(fixed[hole]))
        if hole == "part":
            return self._odd()
        if hole in ("S", "I", "F", "B"):
            return self._literal(hole.lower())
        if hole in ("M", "L", "T", "A"):
            return self._target(hole)
        return self.expression(hole, depth)


def conditions(random: Random, features: Features, context: str | None) -> list[str]:
    """Return one or two conditions, for a context or (None) for one that is inferred."""
    chosen = context or random.choice(CONTEXTS)
    writer = Writer(random, features, chosen, asks=True)
    written = [writer.condition() for _ in range(random.choice([1, 1, 2]))]
    return [_bare(text, random, features, context) for text in written]


def filter_groups(random: Random, features: Features) -> list[Any]:
    """Return `metric_conditions` in one of its forms."""
    if random.random() < 0.6:
        return conditions(random, features, None)
    features.use("filter: groups of conditions")
    context = random.choice(CONTEXTS) if random.random() < 0.6 else None
    group: dict[str, Any] = {"conditions": conditions(random, features, context)}
    if context is not None:
        group["context"] = context
    if random.random() < 0.4:
        group["error_mode"] = random.choice(["ignore", "silent", "propagate"])
    return [group]


def transform_groups(random: Random, features: Features) -> list[Any]:
    """Return `metric_statements` in one of its forms."""
    if random.random() < 0.4:
        features.use("transform: flat statements")
        writer = Writer(random, features, random.choice(CONTEXTS))
        return [writer.statement() for _ in range(random.choice([1, 1, 2, 3]))]
    shared = random.random() < 0.15
    return [_group(random, features, shared=shared) for _ in range(random.choice([1, 1, 2]))]


def _group(random: Random, features: Features, *, shared: bool) -> dict[str, Any]:
    context = random.choice(CONTEXTS)
    named = context if random.random() < 0.6 else None
    writer = Writer(random, features, context)
    written = [writer.statement() for _ in range(random.choice([1, 1, 2, 3]))]
    group: dict[str, Any] = {"statements": [_bare(text, random, features, named) for text in written]}
    if named is not None:
        features.use(f"transform: context {context}")
        group["context"] = context
    if random.random() < 0.4:
        features.use("transform: conditions")
        asking = Writer(random, features, context, asks=True)
        group["conditions"] = [asking.condition() for _ in range(random.choice([1, 2]))]
    if random.random() < 0.3:
        features.use("transform: group error_mode")
        group["error_mode"] = random.choice(["ignore", "silent", "propagate"])
    if shared:
        features.use("transform: shared_cache")
        group["shared_cache"] = True
        group["statements"] += _through_the_cache(random, context)
    return group


def _through_the_cache(random: Random, context: str) -> list[str]:
    # What one row leaves in the cache another finds.
    own = {"resource": "resource", "scope": "scope", "metric": "resource", "datapoint": "datapoint"}[context]
    held, key = f'{context}.cache["seen"]', random.choice(KEYS[:3])
    last = f"set({own}.attributes[{_quoted(key)}], {held})"
    return [last, f"set({held}, {own}.attributes[{_quoted(random.choice(KEYS[:3]))}])"]


def _bare(text: str, random: Random, features: Features, context: str | None) -> str:
    # Where the config names the context, its paths may go without.
    if context is None or random.random() < 0.6:
        return text
    features.use("paths without their context")
    return re.sub(rf"(?<![\w.\"]){context}\.", "", text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
