"""Converters of maps and lists: Keys, Values, SliceToMap, Sort, ToKeyValueString.

Follow pkg/ottl/ottlfuncs of the collector 0.160. What takes a lambda is worked out by `engine.expressions`.
"""
