"""Golden cases of the attributes and the resource processor: what a reviewer reads to see what is proved."""

from typing import Final

ACTIONS: Final = (
    # insert, update, upsert: values of every type.
    "{key: a, value: x, action: insert}",
    "{key: new, value: '', action: insert}",
    "{key: new, value: 7, action: INSERT}",
    "{key: new, value: 18446744073709551615, action: insert}",
    "{key: a, value: 1.5, action: update}",
    "{key: a, value: -0.0, action: upsert}",
    "{key: new, value: true, action: upsert}",
    "{key: new, value: [1, a, ~, [2.5]], action: upsert}",
    "{key: new, value: {b: 1, a: [x], n: ~}, action: upsert}",
    # Sources and their defaults.
    "{key: new, from_attribute: a, action: insert}",
    "{key: a, from_attribute: b, action: update}",
    "{key: a, from_attribute: b, action: upsert}",
    "{key: a, from_attribute: a, action: upsert}",
    "{key: new, from_attribute: nowhere, action: upsert}",
    "{key: new, from_attribute: nowhere, default_value: [1], action: upsert}",
    "{key: new, from_attribute: a, default_value: none, action: insert}",
    "{key: a, default_value: d, action: upsert}",
    "{key: new, value: v, default_value: d, action: insert}",
    # A replay has no client.
    "{key: new, from_context: client.address, action: insert}",
    "{key: new, from_context: metadata.x, action: insert}",
    "{key: new, from_context: x, default_value: d, action: insert}",
    "{key: new, from_context: auth.x, default_value: 3, action: upsert}",
    # delete and hash, by name, by pattern and by both.
    "{key: a, action: delete}",
    "{key: nowhere, action: delete}",
    "{pattern: '^s|b', action: delete}",
    "{key: twice, pattern: '^a$', action: delete}",
    "{key: twice, action: delete}, {key: twice, value: v, action: update}",
    "{key: a, action: hash}",
    "{key: twice, action: hash}",
    "{pattern: '.*', action: hash}",
    "{key: a, pattern: 'a', action: hash}",
    "{key: a, from_context: x, action: hash}",
    # extract
    "{key: a, pattern: '^(?P<first>.)(?P<rest>.*)$', action: extract}",
    "{key: a, pattern: '(?P<a>p+)(?P<none>x)?', action: extract}",
    "{key: state, pattern: '(?<word>\\w+)', action: extract}",
    "{key: größe, pattern: '(?P<s>[^a]*)$', action: extract}",
    # convert
    "{key: a, converted_type: string, action: convert}",
    "{key: a, converted_type: int, action: convert}",
    "{key: a, converted_type: double, action: convert}",
    "{key: b, converted_type: string, action: convert}, {key: b, converted_type: int, action: convert}",
    "{key: b, converted_type: double, action: convert}, {key: b, converted_type: string, action: convert}",
    "{key: nested, converted_type: string, action: convert}, {key: list, converted_type: string, action: convert}",
    "{key: nowhere, converted_type: string, action: convert}",
    # One after the other.
    "{key: b, from_attribute: a, action: upsert}, {key: a, action: delete}, {key: a, value: 1, action: insert}",
)

CHOICES: Final = (
    "include: {match_type: strict, metric_names: [memory, latency]}",
    "include: {match_type: regexp, metric_names: ['^cpu', 'o$']}",
    "exclude: {match_type: regexp, metric_names: 'exp,Gr.ße'}",
    "include: {match_type: regexp, metric_names: ['.']}, exclude: {match_type: strict, metric_names: [io]}",
    "include: {match_type: regexp, regexp: {cacheenabled: true, cachemaxnumentries: 2}, metric_names: [cpu, io]}",
    "include: {match_type: regexp, regexp: {cachemaxnumentries: -1}, metric_names: [cpu, io]}",
    "include: {match_type: strict, metric_names: [memory], resources: [{key: nowhere, value: x}]}",
    # Resources alone choose everything, whatever they say; so does a type that nobody reads.
    "include: {match_type: strict, resources: [{key: nowhere, value: x}]}",
    "include: {resources: [{key: a}]}",
    "include: {match_type: expr, metric_names: [memory]}",
    "include: ~, exclude: ~",
)

WRONG_ACTIONS: Final = (
    "{}",
    "{actions: []}",
    "{actions: {}}",
    "{actions: [~]}",
    "{actions: [{key: a, value: 1}]}",
    "{actions: [{key: a, value: 1, action: replace}]}",
    "{actions: [{value: 1, action: insert}]}",
    "{actions: [{key: a, action: insert}]}",
    "{actions: [{key: a, value: ~, action: insert}]}",
    "{actions: [{key: 1, value: 1, action: insert}]}",
    "{actions: [{key: a, value: 1, from_attribute: b, action: insert}]}",
    "{actions: [{key: a, from_context: c, from_attribute: b, action: upsert}]}",
    "{actions: [{key: a, value: 1, pattern: a, action: update}]}",
    "{actions: [{key: a, value: 1, converted_type: int, action: update}]}",
    "{actions: [{action: delete}]}",
    "{actions: [{key: a, value: 1, action: delete}]}",
    "{actions: [{key: a, from_attribute: b, action: hash}]}",
    "{actions: [{key: a, converted_type: int, action: hash}]}",
    "{actions: [{pattern: '(', action: hash}]}",
    "{actions: [{key: a, pattern: '(?P<a>', action: extract}]}",
    "{actions: [{key: a, pattern: '(a)', action: extract}]}",
    "{actions: [{key: a, pattern: 'a', action: extract}]}",
    "{actions: [{key: a, action: extract}]}",
    "{actions: [{key: a, value: 1, pattern: '(?P<a>b)', action: extract}]}",
    "{actions: [{key: a, pattern: '(?P<a>b)', converted_type: int, action: extract}]}",
    "{actions: [{key: a, action: convert}]}",
    "{actions: [{key: a, converted_type: float, action: convert}]}",
    "{actions: [{key: a, pattern: b, converted_type: int, action: convert}]}",
    "{actions: [{key: a, from_context: b, converted_type: int, action: convert}]}",
    "{actions: [{key: a, value: 1, action: insert, extra: 1}]}",
    "{actions: [{key: a, value: 1, action: insert}], extra: 1}",
)

_ACTIONS = "actions: [{key: a, value: 1, action: insert}]"
WRONG_CHOICES: Final = tuple(
    f"{{{choice}, {_ACTIONS}}}"
    for choice in (
        "include: {}",
        "include: {match_type: strict}",
        "include: {metric_names: [a]}",
        "include: {match_type: exact, metric_names: [a]}",
        "include: {match_type: regexp, metric_names: ['(']}",
        "include: {match_type: regexp, regexp: {cacheenabled: true, cachemaxnumentries: -1}, metric_names: [a]}",
        "include: {match_type: regexp, regexp: {cacheenabled: 1}, metric_names: [a]}",
        "exclude: {match_type: strict, metric_names: [a], services: [b]}",
        "exclude: {match_type: strict, metric_names: [a], span_names: [b]}",
        "exclude: {match_type: strict, metric_names: [a], span_kinds: [b]}",
        "exclude: {match_type: strict, metric_names: [a], log_bodies: [b]}",
        "exclude: {match_type: strict, metric_names: [a], log_severity_texts: [b]}",
        "exclude: {match_type: strict, metric_names: [a], log_severity_number: {min: 1}}",
        "exclude: {match_type: strict, metric_names: [a], attributes: [{key: b}]}",
        "exclude: {match_type: strict, metric_names: [a], libraries: [{name: b}]}",
        "exclude: {match_type: strict, metric_names: [a], resources: [{name: b}]}",
        "exclude: {match_type: strict, metric_names: [a], expressions: [b]}",
        "exclude: []",
    )
)
