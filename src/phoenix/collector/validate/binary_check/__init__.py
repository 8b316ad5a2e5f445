"""The last stage of `validate`: the real binary checks the config in a sandbox, and its words are read."""
