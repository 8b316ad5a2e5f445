"""The command line: one module a command, one folder a noun."""
