"""Resource types that the stack leaves out.

`INERT` cannot change how a function behaves here. `UNSERVED` would be called over the network: such a resource is left
out as long as nothing that runs refers to it, and a reference to it is an error.
"""

_PERMISSIONS = "permissions are not enforced here"
_OBSERVABILITY = "logs and metrics are kept by the stack itself"
_NETWORK = "functions run on this machine's network"
_ENCRYPTION = "data at rest are not encrypted here"
_DOMAIN = "APIs are reached by their local ports"
_REST = "a part of a REST API, which is not run here"
_SCALING = "capacity is that of this machine"

INERT: dict[str, str] = {
    "AWS::IAM::": _PERMISSIONS,
    "AWS::Lambda::Permission": _PERMISSIONS,
    "AWS::Lambda::LayerVersionPermission": _PERMISSIONS,
    "AWS::S3::BucketPolicy": _PERMISSIONS,
    "AWS::SQS::QueuePolicy": _PERMISSIONS,
    "AWS::SNS::TopicPolicy": _PERMISSIONS,
    "AWS::MSK::ClusterPolicy": _PERMISSIONS,
    "AWS::Lambda::CodeSigningConfig": _PERMISSIONS,
    "AWS::WAFv2::": _PERMISSIONS,
    "AWS::ApiGateway::Account": _OBSERVABILITY,
    "AWS::ApiGateway::Deployment": _REST,
    "AWS::ApiGateway::Stage": _REST,
    "AWS::Logs::": _OBSERVABILITY,
    "AWS::CloudWatch::": _OBSERVABILITY,
    "AWS::XRay::": _OBSERVABILITY,
    "AWS::ApplicationInsights::": _OBSERVABILITY,
    "AWS::ResourceGroups::": _OBSERVABILITY,
    "AWS::Synthetics::": _OBSERVABILITY,
    "AWS::Budgets::": "nothing is billed here",
    "AWS::KMS::": _ENCRYPTION,
    "AWS::Backup::": "the stack makes no backups",
    "AWS::EC2::VPC": _NETWORK,
    "AWS::EC2::Subnet": _NETWORK,
    "AWS::EC2::SecurityGroup": _NETWORK,
    "AWS::EC2::Route": _NETWORK,
    "AWS::EC2::InternetGateway": _NETWORK,
    "AWS::EC2::NatGateway": _NETWORK,
    "AWS::EC2::EIP": _NETWORK,
    "AWS::EC2::FlowLog": _NETWORK,
    "AWS::Route53::": _DOMAIN,
    "AWS::CertificateManager::": _DOMAIN,
    "AWS::ApiGatewayV2::DomainName": _DOMAIN,
    "AWS::ApiGatewayV2::ApiMapping": _DOMAIN,
    "AWS::ApiGatewayV2::Deployment": "routes are always those of the template",
    "AWS::CodeDeploy::": "a new version serves at once",
    "AWS::ApplicationAutoScaling::": _SCALING,
    "AWS::Lambda::Version": "one version runs: the folder as it is",
    "AWS::Lambda::Alias": "one version runs: the folder as it is",
    "AWS::CloudFormation::WaitConditionHandle": "there is nothing to wait for",
    "AWS::SecretsManager::ResourcePolicy": _PERMISSIONS,
}
"""By type, or by prefix that ends in `::`; `AWS::EC2::` types also match what they begin (VPCEndpoint, RouteTable)."""

NOT_RUN: dict[str, str] = {
    "AWS::ApiGateway::RestApi": "HTTP APIs are (AWS::Serverless::HttpApi, and events of type HttpApi)",
    "AWS::Lambda::Url": "HTTP APIs are (AWS::Serverless::HttpApi, and events of type HttpApi)",
    "AWS::CloudFormation::Stack": "nested stacks are not: give it a condition that does not hold locally",
    "AWS::Logs::SubscriptionFilter": "nothing is invoked with what is logged",
}
"""Types that would change what runs, with what to know about each."""

UNSERVED: dict[str, str] = {
    "AWS::SNS::Topic": "the stack does not serve SNS",
    "AWS::SNS::Subscription": "the stack does not serve SNS",
    "AWS::SQS::Queue": "the stack does not serve SQS",
    "AWS::Events::EventBus": "the stack does not serve EventBridge buses",
    "AWS::CloudFront::": "the stack does not serve CloudFront: APIs and buckets are reached by their local ports",
    "AWS::StepFunctions::": "the stack does not run state machines",
    "AWS::Cognito::": "the stack does not serve Cognito",
}


def reason_to_ignore(resource_type: str) -> str | None:
    """Return why a resource of this type is left out, or None where it is not inert."""
    return _find(INERT, resource_type)


def reason_unserved(resource_type: str) -> str | None:
    """Return why nothing here answers for this type, or None."""
    return _find(UNSERVED, resource_type)


def _find(table: dict[str, str], resource_type: str) -> str | None:
    for prefix, reason in table.items():
        is_prefix = prefix.endswith("::") or prefix.startswith("AWS::EC2::")
        if resource_type == prefix or (is_prefix and resource_type.startswith(prefix)):
            return reason
    return None
