"""Editors: what a target path shall hold after one, given what it holds.

Follow pkg/ottl/ottlfuncs of the collector 0.160. Only `set` is not here: it needs nothing of what was there before.
"""
