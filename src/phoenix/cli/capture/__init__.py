"""`phoenix capture`: recordings of real telemetry."""
