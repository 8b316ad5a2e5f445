"""Process load on this machine, by profile: what experiments and tests measure against."""
