"""The protocol without I/O: its bytes, its rules, what is new in a message."""
