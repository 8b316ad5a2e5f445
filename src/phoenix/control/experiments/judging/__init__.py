"""What is said of an experiment: what came from its hosts, judged, and as the API answers it."""
