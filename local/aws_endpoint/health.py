"""The health document of LocalStack, which tools made for it ask for before they begin.

docs.localstack.cloud/references/internal-endpoints
"""

from typing import Any

from local.application import Application

VERSION = "4.0.0"
"""Of the LocalStack endpoint that this is compatible with: tools compare it."""


def health(application: Application) -> dict[str, Any]:
    """`running` for what answers; `disabled` for an engine that nothing in the template needs."""
    dynamodb = "running" if application.tables else "disabled"
    s3 = "running" if application.buckets else "disabled"
    running = ("apigateway", "cloudformation", "kafka", "lambda", "logs", "secretsmanager", "ssm", "sts")
    services = dict.fromkeys(running, "running")
    services |= {"dynamodb": dynamodb, "dynamodbstreams": dynamodb, "s3": s3}
    return {"services": dict(sorted(services.items())), "edition": "local-stack", "version": VERSION}
