"""What was measured: ingest, windows, the collectors' own metrics."""
