"""A capture as columns: the OTLP codec, series identity, storage, and what a capture measures."""
