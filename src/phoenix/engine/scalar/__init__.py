"""What operators, indexes and setters do with single values, as pkg/ottl 0.160 does it; called once per distinct tuple."""
