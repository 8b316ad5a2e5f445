"""Compiled kernels for JSON lines; one reads a usual line into protobuf bytes, one writes a batch's text.

They are modules of their own beside `codec`, so that who reads protobuf only never compiles them. Like the codec's,
they are plain Python under NUMBA_DISABLE_JIT=1 (docs/adr/0004-codec-compiled-by-numba.md).
"""
