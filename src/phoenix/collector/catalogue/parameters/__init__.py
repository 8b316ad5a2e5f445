"""Parameters of templates: how they are declared, read from text, and the ones that all templates share."""
