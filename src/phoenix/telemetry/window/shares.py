"""How many of a request's bytes belong to each point, so that the bytes of any choice of points can be added up."""

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import message_sizes

Ints = NDArray[np.int64]

_VARINT_STEPS = np.array([1 << 7 * place for place in range(1, 9)], dtype=np.int64)


def otlp_shares(capture: Capture) -> Ints:
    """Return int64[N]: each point's own bytes and its share of those of its metric, scope and resource.

    A node's own bytes are dealt evenly to its points; what is left over goes to the first, a byte each. The shares of a
    request add up to its bytes as encoded, less resources that hold no point at all.
    """
    sizes = message_sizes(capture)
    metric = capture.points.metric
    share = _framed(sizes.points)
    inside = share
    levels = (
        (sizes.metrics, None),
        (sizes.scopes, capture.metrics.parent),
        (sizes.resources, capture.scopes.parent),
    )
    node = metric.astype(np.int64)
    for held, parent in levels:
        if parent is not None:
            node = parent[node].astype(np.int64)
        offsets = np.searchsorted(node, np.arange(len(held) + 1))
        added = np.concatenate(([0], np.cumsum(inside)))
        points = np.diff(offsets)
        own = np.where(points > 0, _framed(held) - np.diff(added[offsets]), 0)
        each, over = np.divmod(own, np.maximum(points, 1))
        rank = np.arange(len(node)) - offsets[node]
        share = share + each[node] + (rank < over[node])
        inside = share
    return share


def _framed(sizes: Ints) -> Ints:
    # A message in its parent: a tag of one byte, its length, itself.
    return sizes + 2 + np.searchsorted(_VARINT_STEPS, sizes, side="right")
