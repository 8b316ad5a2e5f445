"""What telemetry offers to OTTL: the contexts, their paths and their enums."""
