"""Vendors as data: what a price sheet may say, the sheets that ship with Phoenix, and a user's own."""
