"""API Gateway's WebSocket API on loopback."""
