"""The contract: every operation of the HTTP API with its documents. Nothing on the way of messages imports it."""
