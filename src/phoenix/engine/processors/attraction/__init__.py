"""What the attributes and the resource processor share: actions on a map (internal/coreinternal/attraction)."""
