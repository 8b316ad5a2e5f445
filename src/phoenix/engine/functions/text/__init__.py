"""Converters over text: joining and cutting, letter case, encodings, regular expressions, formatting."""
