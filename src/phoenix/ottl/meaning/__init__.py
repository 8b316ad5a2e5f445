"""What a written tree means in one context: paths, functions and arguments are resolved, or the error says why not."""
