"""A collector config as data: the user's text kept verbatim, its values, and where each of them stands."""
