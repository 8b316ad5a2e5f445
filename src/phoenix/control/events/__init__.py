"""What people see live: an outbox that every service writes in its own transaction."""
