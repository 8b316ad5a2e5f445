"""What the processors that speak OTTL, filter and transform, have in common in their settings."""
