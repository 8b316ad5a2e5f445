"""From any older schema to the present one: `upgrade` at every start, one transaction a migration.

Two starts at once are safe, an interrupted migration leaves the schema before it whole, and a database that a newer
Phoenix has upgraded is refused. Revisions are written by hand in `versions/`. There is no `env.py`: Alembic's pieces
are put together here, since its command line knows neither our locks nor our errors.
"""
