"""The transform processor's own functions, by OTTL's name (internal/metrics/functions.go, 0.160.0).

`reshaped.py` says how they are called and what they give back. All but three belong to the metric context; those three
(`Reshaper.level` is POINT) run in the datapoint context.
"""

from collections.abc import Mapping

from phoenix.engine.reshaping.aggregating.functions import AGGREGATE_ON_ATTRIBUTE_VALUE, AGGREGATE_ON_ATTRIBUTES
from phoenix.engine.reshaping.copying import COPY_METRIC
from phoenix.engine.reshaping.extraction import EXTRACT_COUNT_METRIC, EXTRACT_SUM_METRIC
from phoenix.engine.reshaping.histograms.buckets import MERGE_HISTOGRAM_BUCKETS
from phoenix.engine.reshaping.histograms.exponential import CONVERT_EXPONENTIAL_HISTOGRAM_TO_HISTOGRAM
from phoenix.engine.reshaping.histograms.percentile_metric import EXTRACT_PERCENTILE_METRIC
from phoenix.engine.reshaping.number_types import CONVERT_GAUGE_TO_SUM, CONVERT_SUM_TO_GAUGE
from phoenix.engine.reshaping.reshaped import Reshaped, Reshaper
from phoenix.engine.reshaping.scaling import SCALE_METRIC
from phoenix.engine.reshaping.summaries import (
    CONVERT_SUMMARY_COUNT_VAL_TO_SUM,
    CONVERT_SUMMARY_QUANTILE_VAL_TO_GAUGE,
    CONVERT_SUMMARY_SUM_VAL_TO_SUM,
)

__all__ = ["RESHAPERS", "Reshaped", "Reshaper"]

RESHAPERS: Mapping[str, Reshaper] = {
    "aggregate_on_attribute_value": AGGREGATE_ON_ATTRIBUTE_VALUE,
    "aggregate_on_attributes": AGGREGATE_ON_ATTRIBUTES,
    "convert_exponential_histogram_to_histogram": CONVERT_EXPONENTIAL_HISTOGRAM_TO_HISTOGRAM,
    "convert_gauge_to_sum": CONVERT_GAUGE_TO_SUM,
    "convert_sum_to_gauge": CONVERT_SUM_TO_GAUGE,
    "convert_summary_count_val_to_sum": CONVERT_SUMMARY_COUNT_VAL_TO_SUM,
    "convert_summary_quantile_val_to_gauge": CONVERT_SUMMARY_QUANTILE_VAL_TO_GAUGE,
    "convert_summary_sum_val_to_sum": CONVERT_SUMMARY_SUM_VAL_TO_SUM,
    "copy_metric": COPY_METRIC,
    "extract_count_metric": EXTRACT_COUNT_METRIC,
    "extract_percentile_metric": EXTRACT_PERCENTILE_METRIC,
    "extract_sum_metric": EXTRACT_SUM_METRIC,
    "merge_histogram_buckets": MERGE_HISTOGRAM_BUCKETS,
    "scale_metric": SCALE_METRIC,
}
