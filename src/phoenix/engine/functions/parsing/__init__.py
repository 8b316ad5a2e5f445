"""Converters that take text apart: JSON, key-value pairs, CSV, XML, URLs, grok patterns; and ParseSeverity.

Follow pkg/ottl/ottlfuncs and internal/coreinternal/parseutils of the collector 0.160, and the libraries they call.
"""
