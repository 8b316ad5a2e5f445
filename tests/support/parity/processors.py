"""Settings of every processor in scope, each option at its time; OTTL inside comes from `statements`."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, Final

from tests.support.parity.features import Features
from tests.support.parity.statements import conditions, filter_groups, transform_groups
from tests.support.parity.telemetry import KEYS, METRICS, TEXTS

Settings = dict[str, Any]
_FILTER_OTHERS: Final = {
    "spans": {"include": {"match_type": "strict", "services": ["a"]}},
    "logs": {"log_record": ['severity_text == "x"']},
    "traces": {"span": ['name == "x"']},
    "profiles": {"profile": ["dropped_attributes_count == 1"]},
    "log_conditions": ['log.severity_text == "x"'],
    "trace_conditions": ['span.name == "x"'],
    "profile_conditions": ["profile.dropped_attributes_count == 1"],
}
_TRANSFORM_OTHERS: Final = {
    "trace_statements": ['set(span.name, "x")'],
    "log_statements": ['set(log.severity_text, "x")'],
    "profile_statements": ["set(profile.dropped_attributes_count, 1)"],
}
PATTERNS: Final = (".*", "^app", "a|b", "cpu[.]time", "^(?P<first>[a-z]+)(?P<rest>.*)$", "größe", "o$")
# Numbers that only YAML has words for.
_NO_JSON: Final = (float("nan"), float("inf"), float("-inf"))
SOME_KEYS: Final = (*KEYS[:-1], "process.executable.name", "process.pid", "new")


def _filter(random: Random, features: Features) -> Settings:
    settings: Settings = {}
    settings |= _maybe(random, features, "filter: error_mode", ("ignore", "silent", "propagate"), 0.8)
    if random.random() < 0.5:
        features.use("filter: metric_conditions")
        settings["metric_conditions"] = filter_groups(random, features)
    else:
        sections = random.sample(["resource", "metric", "datapoint"], random.choice([1, 1, 2]))
        settings["metrics"] = {}
        for section in sections:
            features.use(f"filter: metrics.{section}")
            settings["metrics"][section] = conditions(random, features, section)
    settings |= _other_signals(random, features, "filter", _FILTER_OTHERS)
    return settings


def _transform(random: Random, features: Features) -> Settings:
    settings: Settings = {}
    settings |= _maybe(random, features, "transform: error_mode", ("ignore", "silent", "propagate"), 0.9)
    settings["metric_statements"] = transform_groups(random, features)
    settings |= _maybe(random, features, "transform: flatten_data", (False,), 0.03)
    settings |= _other_signals(random, features, "transform", _TRANSFORM_OTHERS)
    return settings


def _other_signals(random: Random, features: Features, kind: str, others: Mapping[str, Any]) -> Settings:
    # What is said of traces and logs is checked and then has nothing to do.
    if random.random() > 0.05:
        return {}
    key = random.choice(list(others))
    features.use(f"{kind}: {key}")
    return {key: others[key]}


def _actions(random: Random, features: Features, processor: str) -> list[Settings]:
    actions = []
    for _ in range(random.choice([1, 1, 2, 3])):
        kind = random.choice(["insert", "update", "upsert", "delete", "hash", "extract", "convert"])
        features.use(f"{processor}: action {kind}")
        action: Settings = {"key": random.choice(SOME_KEYS), "action": kind}
        if kind in ("insert", "update", "upsert"):
            source = random.random()
            if source < 0.6:
                action["value"] = random.choice([*TEXTS, 1, 2.5, True, -3, random.choice(_NO_JSON)])
                features.use(f"{processor}: value")
            elif source < 0.65:
                action["from_context"] = random.choice(["client.address", "metadata.a"])
                features.use(f"{processor}: from_context")
            else:
                if random.random() < 0.2:
                    action["default_value"] = random.choice(["d", 7])
                    features.use(f"{processor}: default_value")
                action["from_attribute"] = random.choice(SOME_KEYS)
                features.use(f"{processor}: from_attribute")
        elif kind == "delete" and random.random() < 0.3:
            action["pattern"] = random.choice(PATTERNS)
            features.use(f"{processor}: pattern")
        elif kind == "hash" and random.random() < 0.3:
            action["pattern"] = random.choice(PATTERNS)
            del action["key"]
        elif kind == "extract":
            action["pattern"] = "^(?P<first>[a-z]+)(?P<rest>.*)$"
        elif kind == "convert":
            action["converted_type"] = random.choice(["int", "double", "string"])
        actions.append(action)
    return actions


def _attributes(random: Random, features: Features) -> Settings:
    settings: Settings = {"actions": _actions(random, features, "attributes")}
    for side in ("include", "exclude"):
        if random.random() < 0.15:
            features.use(f"attributes: {side}")
            strict = random.random() < 0.5
            names = random.sample(METRICS, 2) if strict else [random.choice(PATTERNS)]
            settings[side] = {"match_type": "strict" if strict else "regexp", "metric_names": names}
            if random.random() < 0.4:
                settings[side] |= random.choice(_MATCHING)
    return settings


# With names of metrics the other properties are refused, but for the cache, which changes nothing.
_CACHE: Final[Settings] = {"regexp": {"cacheenabled": True, "cachemaxnumentries": 10}}
_MATCHING: Final[Sequence[Settings]] = (
    *[_CACHE] * 4,
    *({name: ["a"]} for name in ("services", "span_names", "log_bodies", "log_severity_texts", "span_kinds")),
    {"attributes": [{"key": "a", "value": "b"}]},
    {"resources": [{"key": "a", "value": "b"}]},
    {"libraries": [{"name": "a", "version": "1"}]},
    {"log_severity_number": {"min": 1}},
)


def _resource(random: Random, features: Features) -> Settings:
    return {"attributes": _actions(random, features, "resource")}


def _groupbyattrs(random: Random, features: Features) -> Settings | None:
    if random.random() < 0.3:
        features.use("groupbyattrs: no keys")
        return random.choice([None, {}, {"keys": []}])
    features.use("groupbyattrs: keys")
    return {"keys": random.sample(SOME_KEYS, random.choice([1, 1, 2]))}


def _metrics_transform(random: Random, features: Features) -> Settings:
    return {"transforms": [_one_transform(random, features) for _ in range(random.choice([1, 1, 2]))]}


def _one_transform(random: Random, features: Features) -> Settings:
    action = random.choice(["update", "update", "insert", "combine", "group"])
    features.use(f"metrics_transform: action {action}")
    made: Settings = {"action": action}
    if random.random() < 0.5 and action != "combine":
        made["include"] = random.choice(METRICS)
        features.use("metrics_transform: strict")
    else:
        made["match_type"], made["include"] = "regexp", random.choice(["^(cpu)[.](?P<what>.*)$", "^(io|memory)$", ".*"])
        features.use("metrics_transform: regexp")
        if random.random() < 0.3:
            made["submatch_case"] = random.choice(["lower", "upper"])
            features.use("metrics_transform: submatch_case")
    if random.random() < 0.25:
        made["experimental_match_labels"] = {random.choice(KEYS[:3]): random.choice(["user", "a", ".*"])}
        features.use("metrics_transform: experimental_match_labels")
    if action in ("insert", "combine") or random.random() < 0.4:
        made["new_name"] = random.choice(["renamed", "renamed", "x_$1" if made.get("match_type") else "x"])
        features.use("metrics_transform: new_name")
    # Without it a collector refuses the config.
    if action == "combine" and random.random() < 0.9:
        made["aggregation_type"] = random.choice(["sum", "mean", "min", "max", "count", "median"])
        features.use("metrics_transform: aggregation_type")
    if action == "group":
        made["group_resource_labels"] = {"group": random.choice(["g", "h"])}
    elif random.random() < 0.8:
        made["operations"] = [_operation(random, features) for _ in range(random.choice([1, 1, 2]))]
    return made


def _operation(random: Random, features: Features) -> Settings:
    kind = random.choice(
        [
            "add_label",
            "update_label",
            "delete_label_value",
            "toggle_scalar_data_type",
            "experimental_scale_value",
            "aggregate_labels",
            "aggregate_label_values",
        ]
    )
    features.use(f"metrics_transform: {kind}")
    made: Settings = {"action": kind}
    label, how = random.choice(KEYS[:4]), random.choice(["sum", "mean", "min", "max", "count", "median"])
    values = random.sample(["user", "a", "app1", "10"], 2)
    if kind == "add_label":
        made |= {"new_label": random.choice(["added", label]), "new_value": random.choice(["v", "w"])}
    elif kind == "update_label":
        made |= {"label": label}
        if random.random() < 0.6:
            made |= {"new_label": random.choice(["renamed", *KEYS[:2]])}
        if random.random() < 0.6:
            made |= {"value_actions": [{"value": values[0], "new_value": values[1]}]}
    elif kind == "delete_label_value":
        made |= {"label": label, "label_value": values[0]}
    elif kind == "experimental_scale_value":
        made |= {"experimental_scale": random.choice([0.001, 1000, 2, -1, *_NO_JSON])}
    elif kind == "aggregate_labels":
        made |= {"label_set": random.sample(KEYS[:4], random.randrange(3)), "aggregation_type": how}
    elif kind == "aggregate_label_values":
        made |= {"label": label, "aggregated_values": values, "new_value": "both", "aggregation_type": how}
    return made


def _cumulative_to_delta(random: Random, features: Features) -> Settings | None:
    settings: Settings = {}
    name = "cumulative_to_delta"
    settings |= _maybe(random, features, f"{name}: initial_value", ("auto", "keep", "drop"), 0.7)
    settings |= _maybe(random, features, f"{name}: max_staleness", ("15s", "10m", "0s"), 0.4)
    for side in ("include", "exclude"):
        if random.random() < 0.2:
            features.use(f"{name}: {side}")
            strict = random.random() < 0.5
            settings[side] = {"match_type": "strict", "metrics": random.sample(METRICS, 2)}
            if not strict:
                settings[side] = {"match_type": "regexp", "metrics": [random.choice(PATTERNS)]}
                settings[side] |= _CACHE if random.random() < 0.3 else {}
            if random.random() < 0.3:
                features.use(f"{name}: metric_types")
                settings[side]["metric_types"] = random.choice([["sum"], ["histogram"], ["sum", "histogram"]])
    return settings or random.choice([None, {}])


def _delta_to_cumulative(random: Random, features: Features) -> Settings | None:
    settings: Settings = {}
    settings |= _maybe(random, features, "delta_to_cumulative: max_stale", ("15s", "10m"), 0.4)
    settings |= _maybe(random, features, "delta_to_cumulative: max_streams", (1, 3, 1000), 0.2)
    return settings or None


def _interval(random: Random, features: Features) -> Settings:
    settings: Settings = {}
    settings |= _maybe(random, features, "interval: interval", ("1s", "15s", "60s"), 0.9)
    if random.random() < 0.4:
        features.use("interval: pass_through")
        settings["pass_through"] = {"gauge": random.random() < 0.5, "summary": random.random() < 0.5}
    return settings


def _batch(random: Random, features: Features) -> Settings:
    settings: Settings = {}
    settings |= _maybe(random, features, "batch: timeout", ("0s", "200ms", "1s", "30s"), 0.6)
    settings |= _maybe(random, features, "batch: send_batch_size", (0, 3, 20, 8192), 0.5)
    if random.random() < 0.4:
        features.use("batch: send_batch_max_size")
        settings["send_batch_max_size"] = max(settings.get("send_batch_size", 8192), random.choice([5, 25, 10000]))
    if random.random() < 0.1:
        features.use("batch: metadata_keys", "batch: metadata_cardinality_limit")
        settings |= {"metadata_keys": random.choice([["a"], ["a", "b"]]), "metadata_cardinality_limit": 5}
    return settings


def _memory_limiter(random: Random, features: Features) -> Settings:
    settings: Settings = {"check_interval": "1s"}
    if random.random() < 0.5:
        features.use("memory_limiter: limit_mib")
        settings |= {"limit_mib": random.choice([100, 4000]), "spike_limit_mib": random.choice([20, 90, 200])}
    else:
        features.use("memory_limiter: limit_percentage")
        settings |= {"limit_percentage": random.choice([50, 80, 101]), "spike_limit_percentage": 10}
    for bound in ("min", "max"):
        for limit in ("soft", "hard"):
            option = f"memory_limiter: {bound}_gc_interval_when_{limit}_limited"
            settings |= _maybe(random, features, option, ("10s", "20s", "0s"), 0.2)
    return settings


def _resource_detection(random: Random, features: Features) -> Settings:
    name = "resource_detection"
    settings: Settings = {"system": {"hostname_sources": ["os"]}}
    settings |= _maybe(random, features, f"{name}: detectors", (["system"], ["env"], ["system", "env"]), 0.9)
    for option, values in _DETECTION.items():
        settings |= _maybe(random, features, f"{name}: {option}", values, 0.2)
    if random.random() < 0.4:
        features.use(f"{name}: resource_attributes")
        chosen = random.sample(["host.name", "os.type", "host.arch"], 2)
        settings["system"]["resource_attributes"] = {it: {"enabled": random.random() < 0.5} for it in chosen}
    return settings


_DETECTION: Final[Mapping[str, Sequence[Any]]] = {
    "override": (True, False),
    "refresh_interval": ("0s", "1h"),
    "fail_on_missing_metadata": (True, False),
    "timeout": ("1s", "0s"),
    "retry": ({"enabled": False}, {"initial_interval": "1s", "max_interval": "5s", "max_elapsed_time": "9s"}),
}


GENERATORS: Final[Mapping[str, Callable[[Random, Features], Settings | None]]] = {
    "filter": _filter,
    "transform": _transform,
    "attributes": _attributes,
    "resource": _resource,
    "groupbyattrs": _groupbyattrs,
    "metrics_transform": _metrics_transform,
    "cumulative_to_delta": _cumulative_to_delta,
    "delta_to_cumulative": _delta_to_cumulative,
    "interval": _interval,
    "batch": _batch,
    "memory_limiter": _memory_limiter,
    "resource_detection": _resource_detection,
}
WEIGHTS: Final = {"transform": 8, "filter": 5, "memory_limiter": 0.3, "resource_detection": 0.5, "metrics_transform": 3}


def chain(random: Random, features: Features, kinds: Sequence[str] = ()) -> dict[str, Settings | None]:
    """Return up to four processors with their settings, by names of their own, in the order of the pipeline.

    Args:
        random: makes the choices.
        features: is told what they use.
        kinds: only processors of these types; any when empty.
    """
    names = list(kinds or GENERATORS)
    count = random.choice([1, 1, 1, 2, 2, 3, 4])
    kinds = random.choices(names, [WEIGHTS.get(name, 2) for name in names], k=count)
    return {f"{kind}/{index}": GENERATORS[kind](random, features) for index, kind in enumerate(kinds)}


def _maybe(random: Random, features: Features, option: str, values: Sequence[Any], share: float) -> Settings:
    # The option with one of the values, now and then.
    if random.random() >= share:
        return {}
    features.use(option)
    return {option.partition(": ")[2]: random.choice(values)}
