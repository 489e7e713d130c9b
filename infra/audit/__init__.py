"""`scripts/audit`: known vulnerabilities of what is installed, and secrets in what is tracked."""
