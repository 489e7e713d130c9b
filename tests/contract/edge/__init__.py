"""The gRPC edge against an HTTP API of the test's own, a real Kafka and real tables."""
