"""Lists that only add to what stands above their rows, or set it: no row asks what an earlier one left, but to add."""
