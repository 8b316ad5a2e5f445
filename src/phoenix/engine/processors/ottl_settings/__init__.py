"""The settings of filter and transform that hold OTTL."""
