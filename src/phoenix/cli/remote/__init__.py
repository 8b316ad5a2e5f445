"""What the commands that speak with a server share."""
