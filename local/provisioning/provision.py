"""Makes what a template asks the engines and its own functions for, in order."""

from pathlib import Path

from local.application import Application
from local.endpoints import Endpoints
from local.provisioning.custom_resources import CustomResources, Invoke
from local.provisioning.responses import CustomResourceResponses
from local.provisioning.storage import ensure_storage


async def provision(
    application: Application,
    endpoints: Endpoints,
    invoke: Invoke,
    *,
    responses: CustomResourceResponses,
    state: Path,
) -> list[str]:
    """Make tables, buckets, then custom resources; return notes, one sentence each, of what was made or refused.

    The engines and the AWS endpoint (which hands PUTs to `responses.deliver`) must be up. `state` is a file among the
    stack's data that remembers custom resources. What exists is left with its data, so this may run at every start.

    Raises:
        ProvisioningError: something cannot be made; what was made before it stays.
    """
    notes = await ensure_storage(application, endpoints)
    return notes + await CustomResources(application, endpoints, invoke, responses).ensure(state)
