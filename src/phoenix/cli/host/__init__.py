"""`phoenix host`: machines with a supervised collector."""
