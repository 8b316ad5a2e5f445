"""OTLP ingest over HTTP and gRPC."""
