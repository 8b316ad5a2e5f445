"""Go's fmt.Sprintf: `sprintf` reads the format, `directive` says what stands in it, `verbs` writes a value."""
