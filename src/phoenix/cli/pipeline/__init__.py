"""`phoenix pipeline`: the catalogue of ready pipelines, and checks of one's own."""
