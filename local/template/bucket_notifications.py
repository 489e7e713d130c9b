"""What functions are invoked when objects of a bucket change: `NotificationConfiguration`, and SAM's events of type S3.

Rules: docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html (what may overlap) and
notification-how-to-event-types-and-destinations.html (what there is to be told of).
"""

from collections.abc import Sequence

from local.application import BucketNotification
from local.template.context import Context, Properties
from local.template.resources import Resource

_CREATED = "s3:ObjectCreated:"
_REMOVED = "s3:ObjectRemoved:"
_TOLD = frozenset(
    {f"{_CREATED}*", f"{_CREATED}Put", f"{_CREATED}CompleteMultipartUpload", f"{_REMOVED}*", f"{_REMOVED}Delete"}
)
_UNTOLD = {
    f"{_CREATED}Copy": f"the S3 engine does not tell copies from puts: {_CREATED}* has both",
    f"{_CREATED}Post": f"the S3 engine does not tell forms from puts: {_CREATED}* has both",
    f"{_REMOVED}DeleteMarkerCreated": "versioned buckets tell nothing here",
}


def read_bucket_notifications(context: Context) -> tuple[BucketNotification, ...]:
    """Return those of all buckets in the order of the template."""
    found: list[BucketNotification] = []
    for bucket in context.of_type("AWS::S3::Bucket"):
        with context.problems.attempt():
            found += _of_bucket(context, bucket)
    return tuple(found)


def _of_bucket(context: Context, bucket: Resource) -> list[BucketNotification]:
    name = "NotificationConfiguration"
    given = context.resolve(bucket.properties.get(name, {}), bucket.where(name))
    configuration = Properties({name: given}, bucket.where()).part(name, ("LambdaConfigurations",))
    rules = configuration.parts("LambdaConfigurations")
    if rules and _is_versioned(context, bucket):
        raise configuration.error("versioned buckets tell nothing here")
    found: list[BucketNotification] = []
    for index, rule in enumerate(rules):
        made = _read(context, bucket, rule, index)
        if overlaps := next((other for other in found if _overlap(made, other)), None):
            text = f"overlaps with {overlaps.configuration_id}: the same event for keys that fit the filters of both"
            raise rule.error(f"{text}, which S3 refuses")
        found.append(made)
    return found


def _is_versioned(context: Context, bucket: Resource) -> bool:
    name = "VersioningConfiguration"
    given = context.resolve(bucket.properties.get(name, {}), bucket.where(name))
    return isinstance(given, dict) and given.get("Status") == "Enabled"


def _read(context: Context, bucket: Resource, rule: Properties, index: int) -> BucketNotification:
    rule.only(("Event", "Filter", "Function"))
    event = rule.text("Event")
    if event not in _TOLD:
        raise rule.error(f"{event}: {_UNTOLD.get(event, 'of such events nobody is told here')}", "Event")
    function = context.function_name(rule.text("Function"), (*rule.where, "Function"))
    if not _may_invoke(context, function, context.identities.arn(bucket)):
        text = f"S3 may not invoke {function}: an AWS::Lambda::Permission for s3.amazonaws.com is missing"
        raise rule.error(text, "Function")
    prefix, suffix = _filter(rule)
    return BucketNotification(
        bucket=context.identities.name(bucket),
        configuration_id=f"{bucket.logical_id}-{index}",
        event=event,
        function=function,
        prefix=prefix,
        suffix=suffix,
    )


def _filter(rule: Properties) -> tuple[str, str]:
    """Prefix and suffix; empty where there is none."""
    found = {"prefix": "", "suffix": ""}
    seen: set[str] = set()
    for part in rule.part("Filter", ("S3Key",)).part("S3Key", ("Rules",)).parts("Rules"):
        part.only(("Name", "Value"))
        name = part.text("Name").lower()
        if name not in found:
            raise part.error(f"must be prefix or suffix, not {name!r}", "Name")
        if name in seen:
            raise part.error(f"a filter has one {name} only", "Name")
        seen.add(name)
        found[name] = part.text("Value", "")
    return found["prefix"], found["suffix"]


def _may_invoke(context: Context, function: str, bucket_arn: str) -> bool:
    for resource in context.of_type("AWS::Lambda::Permission"):
        if resource.properties.get("Principal") != "s3.amazonaws.com":
            continue
        values = {
            name: context.resolve(resource.properties[name], resource.where(name))
            for name in ("Action", "FunctionName", "SourceArn")
            if name in resource.properties
        }
        named = context.function_name(str(values.get("FunctionName")), resource.where("FunctionName"))
        action_fits = values.get("Action") in ("lambda:InvokeFunction", "lambda:*")
        if named == function and action_fits and values.get("SourceArn", bucket_arn) == bucket_arn:
            return True
    return False


def _overlap(one: BucketNotification, other: BucketNotification) -> bool:
    """Whether a change could be meant by both, as S3 sees it: common events, prefixes and suffixes."""
    events = _begins(one.event.rstrip("*"), other.event.rstrip("*"))
    suffixes = _begins(one.suffix[::-1], other.suffix[::-1])
    return events and suffixes and _begins(one.prefix, other.prefix)


def _begins(one: Sequence[str], other: Sequence[str]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
