"""One collector processor a file; `registry` says which there are."""
