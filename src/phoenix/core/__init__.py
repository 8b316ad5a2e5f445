"""Words that every room shares: errors, money, units. Standard library only."""
