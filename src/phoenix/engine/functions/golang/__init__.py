"""How Go reads and writes numbers, JSON and formatted text, since OTTL's functions do it that way."""
