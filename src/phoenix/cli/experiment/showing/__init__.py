"""What experiments, plans and comparisons look like to people, and how one is followed live."""
