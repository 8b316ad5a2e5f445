"""What the server listens on: sockets, uvicorn with limits of its own, gRPC, and who answers which path."""
