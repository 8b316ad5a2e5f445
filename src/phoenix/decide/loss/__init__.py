"""What a change loses: dropped, folded and corrupted telemetry, and the critical processes that stay."""
