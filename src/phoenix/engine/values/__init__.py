"""What OTTL works with, one Python object a value; only ever made for distinct values."""
