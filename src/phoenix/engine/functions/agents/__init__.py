"""UserAgent and what it knows of browsers and systems."""
