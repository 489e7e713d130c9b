"""Asynchronous invocation of functions: `AWS::Lambda::EventInvokeConfig`.

Properties: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html
"""

from dataclasses import dataclass

from local.template.context import Context, Properties

_KNOWN = ("FunctionName", "Qualifier", "MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
_BUCKET_ARN = "arn:aws:s3:::"


@dataclass(frozen=True, slots=True)
class AsynchronousInvocation:
    """Of one function; destinations are ARNs."""

    maximum_retry_attempts: int = 2
    maximum_event_age_s: float | None = None
    on_failure: str | None = None
    on_success: str | None = None


def read_invoke_configs(context: Context) -> dict[str, AsynchronousInvocation]:
    """Return them by name of the function."""
    found: dict[str, AsynchronousInvocation] = {}
    for resource in context.of_type("AWS::Lambda::EventInvokeConfig"):
        with context.problems.attempt():
            properties = context.read(resource, _KNOWN, {})
            name = context.function_name(properties.text("FunctionName"), resource.where("FunctionName"))
            found[name] = _read(context, properties)
    return found


def _read(context: Context, properties: Properties) -> AsynchronousInvocation:
    age = properties.integer("MaximumEventAgeInSeconds", 21_600, 60, 21_600)
    destinations = properties.part("DestinationConfig", ("OnFailure", "OnSuccess"))
    return AsynchronousInvocation(
        maximum_retry_attempts=properties.integer("MaximumRetryAttempts", 2, 0, 2),
        maximum_event_age_s=float(age) if "MaximumEventAgeInSeconds" in properties else None,
        on_failure=_destination(context, destinations, "OnFailure"),
        on_success=_destination(context, destinations, "OnSuccess"),
    )


def _destination(context: Context, destinations: Properties, name: str) -> str | None:
    part = destinations.part(name, ("Destination",))
    arn = part.optional_text("Destination")
    if not arn:
        return None
    if ":function:" in arn:
        context.function_name(arn, (*part.where, "Destination"))
        return arn
    buckets = [context.identities.arn(bucket) for bucket in context.of_type("AWS::S3::Bucket")]
    if arn.startswith(_BUCKET_ARN):
        if name == "OnSuccess":
            raise part.error("a bucket is a destination of failures only (PutFunctionEventInvokeConfig)", "Destination")
        if arn in buckets:
            return arn
    kinds = "a function" if name == "OnSuccess" else "a function or a bucket"
    raise part.error(f"{arn} is not reached here: only {kinds} of this template", "Destination")
