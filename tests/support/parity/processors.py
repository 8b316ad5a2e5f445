"""Settings of every processor in scope, each option at its time; OTTL inside comes from `statements`."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, Final

from tests.support.parity.features import Features
from tests.support.parity.statements import conditions, transform_groups
from tests.support.parity.telemetry import KEYS, METRICS, TEXTS

Settings = dict[str, Any]
PATTERNS: Final = (".*", "^app", "a|b", "cpu[.]time", "^(?P<first>[a-z]+)(?P<rest>.*)$", "größe", "o$")
SOME_KEYS: Final = (*KEYS[:-1], "process.executable.name", "process.pid", "new")


def _filter(random: Random, features: Features) -> Settings:
    settings: Settings = {}
    settings |= _maybe(random, features, "filter: error_mode", ("ignore", "silent", "propagate"), 0.8)
    if random.random() < 0.5:
        features.use("filter: metric_conditions")
        settings["metric_conditions"] = conditions(random, features, None)
    else:
        sections = random.sample(["resource", "metric", "datapoint"], random.choice([1, 1, 2]))
        settings["metrics"] = {}
        for section in sections:
            features.use(f"filter: metrics.{section}")
            settings["metrics"][section] = conditions(random, features, section)
    return settings


def _transform(random: Random, features: Features) -> Settings:
    settings: Settings = {}
    settings |= _maybe(random, features, "transform: error_mode", ("ignore", "silent", "propagate"), 0.9)
    settings["metric_statements"] = transform_groups(random, features)
    return settings


def _actions(random: Random, features: Features, processor: str) -> list[Settings]:
    actions = []
    for _ in range(random.choice([1, 1, 2, 3])):
        kind = random.choice(["insert", "update", "upsert", "delete", "hash", "extract", "convert"])
        features.use(f"{processor}: action {kind}")
        action: Settings = {"key": random.choice(SOME_KEYS), "action": kind}
        if kind in ("insert", "update", "upsert"):
            if random.random() < 0.6:
                action["value"] = random.choice([*TEXTS, 1, 2.5, True, -3])
                features.use(f"{processor}: value")
            else:
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
    return settings


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
    if action == "combine" and random.random() < 0.7:
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
        made |= {"experimental_scale": random.choice([0.001, 1000, 2, -1])}
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
    return settings


def _memory_limiter(random: Random, features: Features) -> Settings:
    features.use("memory_limiter: limit_mib")
    return {"check_interval": "1s", "limit_mib": random.choice([100, 4000]), "spike_limit_mib": 20}


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
}
WEIGHTS: Final = {"transform": 8, "filter": 5, "memory_limiter": 0.3, "metrics_transform": 3}


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
