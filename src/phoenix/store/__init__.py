"""The database: SQLite at home, PostgreSQL in production, one behaviour."""
