"""What an operator looks at: service level objectives, alerts and dashboards, for Prometheus, Grafana and CloudWatch."""
