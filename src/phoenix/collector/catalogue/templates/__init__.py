"""The templates, one a file; each says what it keeps, drops and folds."""
