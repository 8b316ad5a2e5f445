"""OTTL in filter and transform: where it stands, what it says, and what is wrong with it. No binary is asked."""
