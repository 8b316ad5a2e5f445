"""What is written: tokens and the tree of a text, before any name in it means something."""
