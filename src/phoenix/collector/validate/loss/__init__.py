"""What a config loses of its metrics, said from the config alone: what it drops and folds, and what it may corrupt."""
