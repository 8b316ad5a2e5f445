"""What transform adds for metrics and datapoints, and filter for metrics."""

from typing import Final

from phoenix.ottl.signatures.checks import (
    between,
    buckets,
    choices,
    not_empty,
    together,
)
from phoenix.ottl.signatures.declaring import declare, many, needed, optional
from phoenix.ottl.signatures.signature import Kind, Signature

_AGGREGATIONS: Final = ("mean", "sum", "min", "max", "median", "count")
_TEMPORALITY: Final = choices("string_agg_temp", "delta", "cumulative")
_SUFFIX: Final = optional("suffix", Kind.STRING_LITERAL)

METRIC: Final = (
    declare(
        "aggregate_on_attribute_value",
        needed("aggregation_function", Kind.STRING_LITERAL),
        needed("attribute", Kind.STRING_LITERAL),
        many("values", Kind.STRING_LITERAL),
        needed("new_value", Kind.STRING_LITERAL),
        check=choices("aggregation_function", *_AGGREGATIONS),
    ),
    declare(
        "aggregate_on_attributes",
        needed("aggregation_function", Kind.STRING_LITERAL),
        many("attributes", Kind.STRING_LITERAL, is_optional=True),
        check=choices("aggregation_function", *_AGGREGATIONS),
    ),
    declare(
        "convert_exponential_histogram_to_histogram",
        needed("distribution_fn", Kind.STRING_LITERAL),
        many("explicit_bounds", Kind.FLOAT_LITERAL),
        check=together(
            choices("distribution_fn", "", "upper", "midpoint", "random", "uniform"), not_empty("explicit_bounds")
        ),
    ),
    declare(
        "convert_gauge_to_sum",
        needed("string_agg_temp", Kind.STRING_LITERAL),
        needed("monotonic", Kind.BOOL_LITERAL),
        check=_TEMPORALITY,
    ),
    Signature("convert_sum_to_gauge", takes_anything=True),
    declare(
        "convert_summary_quantile_val_to_gauge",
        optional("attribute_key", Kind.STRING_LITERAL),
        _SUFFIX,
    ),
    declare(
        "copy_metric",
        optional("name", Kind.STRING),
        optional("description", Kind.STRING),
        optional("unit", Kind.STRING),
    ),
    declare("extract_count_metric", needed("monotonic", Kind.BOOL_LITERAL), _SUFFIX),
    declare(
        "extract_percentile_metric",
        needed("percentile", Kind.FLOAT_LITERAL),
        _SUFFIX,
        check=between("percentile", 0, 100),
    ),
    declare("extract_sum_metric", needed("monotonic", Kind.BOOL_LITERAL), _SUFFIX),
    declare("scale_metric", needed("multiplier", Kind.FLOAT_LITERAL), optional("unit", Kind.STRING)),
)

DATAPOINT: Final = (
    *(
        declare(
            name,
            needed("string_agg_temp", Kind.STRING_LITERAL),
            needed("monotonic", Kind.BOOL_LITERAL),
            _SUFFIX,
            check=_TEMPORALITY,
        )
        for name in ("convert_summary_count_val_to_sum", "convert_summary_sum_val_to_sum")
    ),
    declare(
        "merge_histogram_buckets",
        needed("target_value", Kind.FLOAT_LIKE),
        optional("method", Kind.STRING_LITERAL),
        check=buckets("target_value", "method"),
    ),
)

CONDITIONS_ON_METRIC: Final = (
    declare("HasAttrOnDatapoint", needed("key", Kind.STRING_LITERAL), needed("expected_val", Kind.STRING_LITERAL)),
    declare("HasAttrKeyOnDatapoint", needed("key", Kind.STRING_LITERAL)),
)
