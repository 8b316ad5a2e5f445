"""copy_metric (func_copy_metric.go of the transform processor, 0.160.0)."""

from dataclasses import replace
from typing import Final

import numpy as np

from phoenix.engine.columns import Failed
from phoenix.engine.frame import Frame, Int32s, Level, Mask
from phoenix.engine.functions.arguments import string_of
from phoenix.engine.reshaping.columns import choose
from phoenix.engine.reshaping.growth import NewMetrics, append, points_below
from phoenix.engine.reshaping.reshaped import Arguments, Reshaped, Reshaper

_TEXTS: Final = ("name", "description", "unit")


def copy_metric(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Append a copy of each metric, with all its points, under another name, description or unit.

    The copy stands before the arguments are asked for: where one of them fails, it keeps what those before it set.
    """
    sources = np.flatnonzero(rows)
    value = frame.metrics.value[sources]
    failed, why = np.zeros(len(rows), dtype=np.bool_), ""
    for name in _TEXTS:
        if name in arguments:
            codes, texts, bad, said = choose(arguments[name], rows & ~failed, string_of)
            good = ~failed[sources]
            value[good] = _renamed(frame, value[good], name, codes, texts)
            if bad is not None:
                failed, why = failed | bad, why or said
    copied = points_below(frame, rows)
    place = np.cumsum(rows) - 1
    points = frame.points.take(copied, place[frame.points.metric[copied]].astype(np.int32))
    grown = append(frame, NewMetrics(sources, value, points, copied))
    return replace(grown, failed=failed if failed.any() else None, why=why)


def _renamed(frame: Frame, value: Int32s, name: str, codes: Int32s, texts: list[str | Failed]) -> Int32s:
    # Once per distinct metric and text.
    pool = frame.pools.metrics
    pairs, which = np.unique(value.astype(np.int64) << 32 | codes, return_inverse=True)
    made = []
    for pair in pairs.tolist():
        row, text = pair >> 32, texts[pair & 0xFFFFFFFF]
        if isinstance(text, Failed):
            made.append(row)
        else:
            changed = {name: text}
            made.append(pool.add(replace(pool[row], **changed)))
    rows: Int32s = np.array(made, dtype=np.int32)[which.reshape(-1)]
    return rows


COPY_METRIC: Final = Reshaper(Level.METRIC, copy_metric, frozenset(_TEXTS))
