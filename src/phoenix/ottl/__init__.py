"""The OpenTelemetry Transformation Language: lexer, parser, checker, function signatures. No data, no columns."""
