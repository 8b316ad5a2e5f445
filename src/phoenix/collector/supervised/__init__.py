"""A collector under the stock supervisor on this machine: its files, its start, its end."""
