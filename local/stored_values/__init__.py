"""What the stack keeps for SSM Parameter Store and Secrets Manager (docs/decisions/0009)."""
