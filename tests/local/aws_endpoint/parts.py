"""What an endpoint under test serves, in a folder of the test."""

from pathlib import Path
from typing import Any

from local.application import Application
from local.aws_endpoint.services import Parts
from local.endpoints import Endpoints
from local.event_source_mappings.kafka_mappings import KafkaMappings
from local.lambda_service.service import LambdaService
from local.stored_values.documents import Documents


def parts_of(
    application: Application, endpoints: Endpoints, service: LambdaService, folder: Path, **more: Any
) -> Parts:
    mappings = KafkaMappings(application.kafka_mappings, endpoints.kafka_bootstrap_servers, service.invoke)
    documents = Documents(folder / "stored-values.db")
    return Parts(application, endpoints, service, mappings, folder / "logs", documents, **more)
