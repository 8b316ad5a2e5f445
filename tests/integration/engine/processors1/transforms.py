"""Golden cases of metrics_transform: each option, operation and action, and what is refused."""

from typing import Final

_ALL: Final = "include: '.*', match_type: regexp"
_MATCHED: Final = "include: '.*', match_type: regexp, experimental_match_labels: {a: '^(a|user|app.)$'}"
_HOW: Final = ("sum", "mean", "min", "max", "median", "count")

# On every type of metric; `update` keeps the points that do not match, and some operations want all of them to.
_OPERATIONS: Final = (
    "{action: add_label, new_label: new, new_value: 'v {{version}}'}",
    "{action: add_label, new_label: a, new_value: v}",
    "{action: update_label, label: a, new_label: renamed}",
    "{action: update_label, label: a, new_label: b}",
    "{action: update_label, label: a, new_label: a, value_actions: [{value: '10', new_value: ten}]}",
    "{action: update_label, label: twice, new_label: between, value_actions: [{value: first, new_value: '1'}]}",
    "{action: update_label, label: a, value_actions: [{value: a, new_value: '{{version}}'}, {value: ''}]}",
    "{action: update_label, label: a, new_label: b, value_actions: [{value: user, new_value: u}, {value: a}]}",
    "{action: update_label, label: b, new_label: a, value_actions: [{value: '', new_value: none}]}",
    "{action: delete_label_value, label: a, label_value: user}",
    "{action: delete_label_value, label: state}",
    "{action: toggle_scalar_data_type}",
    "{action: experimental_scale_value, experimental_scale: 1000}",
    "{action: experimental_scale_value, experimental_scale: 0.3}",
    "{action: experimental_scale_value, experimental_scale: -1e300}",
    *(f"{{action: aggregate_labels, label_set: [a, twice], aggregation_type: {how}}}" for how in _HOW),
    "{action: aggregate_labels, label_set: []}",
    "{action: aggregate_labels, aggregation_type: sum}",
    *(
        f"{{action: aggregate_label_values, label: a, aggregated_values: [a, user, ''], new_value: any,"
        f" aggregation_type: {how}}}"
        for how in _HOW
    ),
    "{action: aggregate_label_values, label: state, aggregated_values: [app1]}",
    # One after the other; a summary ends at the first that cannot be done.
    (
        "{action: delete_label_value, label: a, label_value: a}, {action: aggregate_labels, aggregation_type: sum},"
        " {action: add_label, new_label: late, new_value: v}"
    ),
    (
        "{action: update_label, label: a, new_label: z}, {action: delete_label_value, label: z, label_value: user},"
        " {action: toggle_scalar_data_type}"
    ),
)

TRANSFORMS: Final = (
    "",
    # Names.
    "{include: memory, action: update, new_name: renamed}",
    "{include: memory, action: update}",
    "{include: nothing, action: update, new_name: renamed}",
    "{include: '^(?P<first>[a-z]+)[.](.*)$', match_type: regexp, action: update, new_name: '$first/$2/$3'}",
    "{include: 'mem|^i', match_type: regexp, action: update, new_name: '$nobody'}",
    "{include: 'Gr(.*)e', match_type: regexp, action: update, new_name: 'x$1'}",
    "{include: memory, action: update, experimental_match_labels: {a: user}, new_name: renamed}",
    "{include: memory, action: update, experimental_match_labels: {a: ''}, new_name: renamed}",
    "{include: memory, action: update, experimental_match_labels: {a: '', b: ''}, new_name: renamed}",
    # Operations, by every action that has them.
    *(f"{{{_ALL}, action: update, operations: [{operations}]}}" for operations in _OPERATIONS),
    *(f"{{{_MATCHED}, action: update, operations: [{operations}]}}" for operations in _OPERATIONS),
    *(f"{{{_MATCHED}, action: insert, new_name: n.$0, operations: [{operations}]}}" for operations in _OPERATIONS),
    # insert
    "{include: memory, action: insert, new_name: more}",
    "{include: memory, match_type: strict, action: insert, new_name: '$1'}",
    "{include: memory, action: insert, new_name: more}, {include: more, action: update, new_name: most}",
    # combine: only what has one type, unit, temporality and set of labels.
    *(
        "{include: '^(?P<what>cpu|folded[.]cpu)[.]time$', match_type: regexp, action: combine, new_name: all,"
        f" aggregation_type: {how}}}"
        for how in _HOW
    ),
    "{include: '^(memory|io|Gr)(.*)', match_type: regexp, action: combine, new_name: some, aggregation_type: sum}",
    "{include: '^(M?)(?P<a>.*)y$', match_type: regexp, action: combine, new_name: 'x', aggregation_type: max}",
    (
        "{include: '^(E?)(?P<Case>.)', match_type: regexp, submatch_case: upper, action: combine, new_name: upper,"
        " aggregation_type: sum}"
    ),
    (
        "{include: '^(?P<Case>.)', match_type: regexp, submatch_case: lower, action: combine, new_name: lower,"
        " aggregation_type: sum}"
    ),
    "{include: latency, action: combine, new_name: alone, aggregation_type: sum}",
    "{include: exp, action: combine, new_name: alone, aggregation_type: min}",
    "{include: quantiles, action: combine, new_name: never, aggregation_type: sum}",
    "{include: nothing, action: combine, new_name: empty, aggregation_type: sum}",
    "{include: memory, experimental_match_labels: {a: user}, action: combine, new_name: part, aggregation_type: mean}",
    (
        "{include: '^(x|i|m)', match_type: regexp, action: combine, new_name: 'm$1', aggregation_type: sum, operations:"
        " [{action: add_label, new_label: l, new_value: v}]}"
    ),
    # group
    "{include: memory, action: group, group_resource_labels: {g: '1', a: '2'}}",
    "{include: memory, action: group, group_resource_labels: {}}",
    (
        "{include: '^(c|l)', match_type: regexp, action: group, group_resource_labels: {g: '1'}, new_name: unused,"
        " operations: [{action: toggle_scalar_data_type}]}"
    ),
    (
        "{include: 'm', match_type: regexp, experimental_match_labels: {a: user}, action: group,"
        " group_resource_labels: {g: '1'}}"
    ),
    (
        "{include: memory, action: group, group_resource_labels: {g: '1'}},"
        " {include: memory, action: update, new_name: gone}, {include: io, action: insert, new_name: memory},"
        " {include: memory, action: group, group_resource_labels: {g: '2'}}, {include: exp, action: update}"
    ),
    f"{{{_ALL}, action: group, group_resource_labels: {{g: '1'}}}}",
)

_GIVEN: Final = "include: a, action: update"
WRONG: Final = (
    "{transforms: {}}",
    "{transform: []}",
    "{transforms: [~]}",
    "{transforms: [{action: update}]}",
    "{transforms: [{include: a}]}",
    "{transforms: [{include: a, action: drop}]}",
    "{transforms: [{include: 1, action: update}]}",
    "{transforms: [{include: a, match_type: expr, action: update}]}",
    "{transforms: [{include: '(', match_type: regexp, action: update}]}",
    "{transforms: [{include: a, match_type: regexp, experimental_match_labels: {a: '('}, action: update}]}",
    "{transforms: [{include: a, experimental_match_labels: [a], action: update}]}",
    "{transforms: [{include: a, action: insert}]}",
    "{transforms: [{include: a, action: combine, aggregation_type: sum}]}",
    "{transforms: [{include: a, action: combine, new_name: b}]}",
    "{transforms: [{include: a, action: group}]}",
    "{transforms: [{include: a, action: group, group_resource_labels: ~}]}",
    "{transforms: [{include: a, action: group, group_resource_labels: {a: 1}}]}",
    f"{{transforms: [{{{_GIVEN}, aggregation_type: average}}]}}",
    f"{{transforms: [{{{_GIVEN}, submatch_case: title}}]}}",
    f"{{transforms: [{{{_GIVEN}, name: b}}]}}",
    f"{{transforms: [{{{_GIVEN}, operations: {{}}}}]}}",
    *(
        f"{{transforms: [{{{_GIVEN}, operations: [{operation}]}}]}}"
        for operation in (
            "{}",
            "{action: rename}",
            "{action: update_label}",
            "{action: add_label, new_value: v}",
            "{action: add_label, new_label: l}",
            "{action: experimental_scale_value}",
            "{action: experimental_scale_value, experimental_scale: '1'}",
            "{action: aggregate_labels, aggregation_type: all}",
            "{action: update_label, label: a, value_actions: [{old: a}]}",
            "{action: update_label, label: a, value_actions: {a: b}}",
            "{action: toggle_scalar_data_type, labels: a}",
        )
    ),
)
