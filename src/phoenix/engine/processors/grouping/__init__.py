"""What groupbyattrs is made of: parting attributes, and building the tree anew."""
