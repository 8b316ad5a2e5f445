"""Candidates made of a host's own config."""

from typing import Any

import yaml


def with_processors(config: str, **processors: Any) -> str:
    """Return a config with processors at the end of its metrics pipeline; `filter__x` stands for `filter/x`."""
    document = yaml.safe_load(config)
    for keyword, settings in processors.items():
        name = keyword.replace("__", "/")
        document["processors"][name] = settings
        document["service"]["pipelines"]["metrics"]["processors"].append(name)
    return yaml.safe_dump(document, sort_keys=False)


def without(executable: str) -> dict[str, Any]:
    """Return the settings of a filter that drops a process."""
    condition = f'resource.attributes["process.executable.name"] == "{executable}"'
    return {"error_mode": "ignore", "metric_conditions": [condition]}


EVERYTHING = {"error_mode": "ignore", "metric_conditions": ['metric.name != ""']}
FAILS = {"error_mode": "propagate", "metric_statements": ['set(resource.attributes["x"], ParseJSON("{"))']}
PASSES = {"attributes": [{"key": "phoenix.test", "action": "delete"}]}


_TWICE = 'set(datapoint.attributes["x"], Concat([datapoint.attributes["x"], datapoint.attributes["x"]], ""))'


def slow(doublings: int) -> dict[str, Any]:
    """Return the settings of a transform that looks for something in 36 characters, doubled, with every point.

    A few statements: thousands would take the collector seconds to read.
    """
    statements = [
        'set(datapoint.attributes["x"], UUID())',
        *([_TWICE] * doublings),
        'set(datapoint.attributes["found"], IsMatch(datapoint.attributes["x"], "(.*)-(.*)-z$"))',
        'delete_key(datapoint.attributes, "x")',
    ]
    return {"error_mode": "ignore", "metric_statements": statements}


def leaking(doublings: int) -> dict[str, dict[str, Any]]:
    """Return processors that remember every counter for minutes, each time as a series of its own.

    A label of it has 36 characters, doubled. What comes out has neither counters nor the label.
    """
    statements = ['set(datapoint.attributes["x"], UUID())', *([_TWICE] * doublings)]
    plain = ['delete_key(datapoint.attributes, "x")']
    return {
        "cumulativetodelta__first": {},
        "transform__unique": {"error_mode": "ignore", "metric_statements": statements},
        "deltatocumulative__remembers": {},
        "filter__counters": {"error_mode": "ignore", "metric_conditions": ['IsMatch(metric.name, "cpu.time|disk.io")']},
        "transform__plain": {"error_mode": "ignore", "metric_statements": plain},
    }


def with_vendor(config: str, exporter: str, url: str) -> str:
    """Return a config whose metrics also go to a vendor, with a key."""
    document = yaml.safe_load(config)
    document["exporters"][exporter] = {"endpoint": url, "headers": {"api-key": "${env:VENDOR_KEY:-key}"}}
    document["service"]["pipelines"]["metrics"]["exporters"].append(exporter)
    return yaml.safe_dump(document, sort_keys=False)
