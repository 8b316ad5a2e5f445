"""`phoenix experiment`: a candidate pipeline against the baseline, on the same hosts and stream."""
