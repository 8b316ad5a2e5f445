"""What a command writes and where: streams, tables, formats, progress, problems."""
