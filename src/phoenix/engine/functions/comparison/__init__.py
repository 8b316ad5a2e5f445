"""OTTL's comparison rules, and converters that look for a value or choose one."""
