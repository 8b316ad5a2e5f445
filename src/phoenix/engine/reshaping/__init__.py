"""The transform processor's own functions: those that make, remove or fold metrics and points."""
