"""What a frame measures, without building the capture it says. Called after an evaluation."""

from phoenix.engine.measuring.frames import measure_frame

__all__ = ["measure_frame"]
