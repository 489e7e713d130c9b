"""Makes the tables, buckets, parameters, secrets and custom resources of an application at the start of the stack."""

from local.provisioning.dynamic_references import resolve_references
from local.provisioning.errors import ProvisioningError
from local.provisioning.provision import provision
from local.provisioning.responses import CustomResourceResponse, CustomResourceResponses
from local.provisioning.stored_values import ensure_stored_values

__all__ = [
    "CustomResourceResponse",
    "CustomResourceResponses",
    "ProvisioningError",
    "ensure_stored_values",
    "provision",
    "resolve_references",
]
