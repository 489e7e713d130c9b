"""The gRPC edge: a container that turns calls of `chat4all.v1` into requests of the HTTP API, and streams events from Kafka.

No rule of the product is here (docs/decisions/0043).
"""
