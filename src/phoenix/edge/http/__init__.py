"""REST: operations as routes, problem documents, limits."""
