"""The second Evaluator: the processors that matter as passes over columns, equal to the collector point for point."""
