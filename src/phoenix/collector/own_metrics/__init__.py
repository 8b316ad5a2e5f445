"""What a collector says about itself, read from the metrics it exports."""
