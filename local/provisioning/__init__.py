"""Makes the tables, buckets and custom resources of an application at the start of the stack."""

from local.provisioning.errors import ProvisioningError
from local.provisioning.provision import provision
from local.provisioning.responses import CustomResourceResponse, CustomResourceResponses

__all__ = ["CustomResourceResponse", "CustomResourceResponses", "ProvisioningError", "provision"]
