"""What the reconcile loop does in each phase: one file a phase."""
