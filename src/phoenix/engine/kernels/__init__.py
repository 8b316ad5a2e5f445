"""Compiled kernels for what numpy cannot do: numbering, and scans over the points of each series in batch order.

They are plain Python under NUMBA_DISABLE_JIT=1, so they never rely on integers that overflow
(docs/adr/0004-codec-compiled-by-numba.md). Passes import them when a frame is there: numba is slow to import.
"""
