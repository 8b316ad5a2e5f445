"""What is wrong with a config, and where: Phoenix's own reading of it, practice rules, then the real binary."""
