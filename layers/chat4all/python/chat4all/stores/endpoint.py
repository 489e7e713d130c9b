"""Where a service answers, by botocore's own rules but without a botocore client, which costs an environment 60 ms and 11 MB."""

from typing import Any

from botocore.configprovider import ConfiguredEndpointProvider
from botocore.endpoint_provider import EndpointProvider
from botocore.session import Session


def endpoint_url(session: Session, region: str, service: str, rules_path: str) -> str:
    """Such as `https://dynamodb.eu-west-1.amazonaws.com`: AWS_ENDPOINT_URL_DYNAMODB, profiles, partitions, FIPS, dual stack.

    `rules_path` is named whole: botocore would list the folders of all services to find the newest version of one.
    Endpoints of accounts are not used. Raises botocore's EndpointProviderError (a BotoCoreError) for settings that
    exclude each other.
    """
    configured = _configured(session, service)
    variants = {
        "UseFIPS": bool(session.get_config_variable("use_fips_endpoint")),
        "UseDualStack": bool(session.get_config_variable("use_dualstack_endpoint")),
    }
    if configured and not any(variants.values()):
        return configured
    loader: Any = session.get_component("data_loader")
    rules = EndpointProvider(loader.load_data(rules_path), loader.load_data("partitions"))
    parameters = {"Region": region, **variants} | ({"Endpoint": configured} if configured else {})
    return str(rules.resolve_endpoint(**parameters).url)


def _configured(session: Session, service: str) -> str | None:
    if session.get_config_variable("ignore_configured_endpoint_urls"):
        return None
    found = ConfiguredEndpointProvider(session.full_config, session.get_scoped_config(), service).provide()
    return str(found) if found else None
