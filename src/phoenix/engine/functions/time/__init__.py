"""Converters of times and durations: parsing, formatting, parts, and the moments around 1970.

Follow pkg/ottl/ottlfuncs and internal/coreinternal/timeutils of the collector 0.160, and package time of Go.
"""
