"""What a month of telemetry amounts to: series over time, points, bytes; of a capture, of windows, of an account."""
