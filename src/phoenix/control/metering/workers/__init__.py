"""The processes that decode and measure."""
