"""Lists of statements over a frame: column at a time where that is the same as the collector's row at a time."""
