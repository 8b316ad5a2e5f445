"""What reshaping functions do inside histograms, one distinct rest at a time."""
