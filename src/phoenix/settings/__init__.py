"""One frozen settings tree a process, read once: defaults, then a file, then the environment."""
