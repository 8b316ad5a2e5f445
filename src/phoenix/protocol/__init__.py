"""Generated from proto/ and never edited."""
