"""What telemetry costs a month: usage, the meters vendors bill by, and their published prices as data."""
