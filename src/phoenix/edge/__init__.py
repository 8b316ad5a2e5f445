"""Protocol kits: they speak HTTP, OpAMP and OTLP, and know no feature."""
