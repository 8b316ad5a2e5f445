"""The control plane, one folder a feature, the same file names in each."""
