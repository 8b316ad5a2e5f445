"""What operators, indexes and setters do with single values, as in pkg/ottl 0.160."""
