"""The evidence of a verdict: everything it was made from, in files that anybody can recompute it from."""
