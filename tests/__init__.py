"""Tests: `unit`, `contract`, `local`, `conformance`, `e2e`, `chaos`, `deploy`; benchmarks beside them."""
