"""OTTL's converters and editors over single values, one group a file; `registry` puts them together.

A function here sees one value at a time, because it is called once for each distinct combination of arguments, never
once a row (`engine.expressions`).
"""
