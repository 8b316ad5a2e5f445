"""How agents connect: WebSocket and plain HTTP, as ASGI."""
