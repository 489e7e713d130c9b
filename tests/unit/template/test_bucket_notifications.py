"""Functions that are invoked when objects of a bucket change: SAM's events of type S3 and NotificationConfiguration."""

import pytest

from local.application import BucketNotification
from local.template import TemplateError

FUNCTION = "CodeUri: src, Handler: app.handler, Runtime: python3.13"
CREATED = "s3:ObjectCreated:*"


def template(*buckets: str, principal: str = "s3.amazonaws.com") -> str:
    """A function that S3 may invoke, and buckets `b0`, `b1`, … of these properties."""
    text = f"""
        Resources:
          Pet:
            Type: AWS::Serverless::Function
            Properties: {{{FUNCTION}}}
          MayInvoke:
            Type: AWS::Lambda::Permission
            Properties: {{Action: lambda:InvokeFunction, FunctionName: !Ref Pet, Principal: {principal}}}
    """
    for number, properties in enumerate(buckets):
        text += f"""
          Bucket{number}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: b{number}, {properties}}}}}"""
    return text


def told(*rules: str) -> str:
    listed = ", ".join(f"{{Function: !GetAtt Pet.Arn, {rule}}}" for rule in rules)
    return f"NotificationConfiguration: {{LambdaConfigurations: [{listed}]}}"


def rule(event: str, **filters: str) -> str:
    parts = ", ".join(f"{{Name: {name}, Value: {value}}}" for name, value in filters.items())
    return f"Event: '{event}'" + (f", Filter: {{S3Key: {{Rules: [{parts}]}}}}" if parts else "")


def test_events_of_sam(load):
    found = load(
        f"""
        Resources:
          Pet:
            Type: AWS::Serverless::Function
            Properties:
              {FUNCTION.replace(", ", chr(10) + " " * 14)}
              Events:
                Cats:
                  Type: S3
                  Properties:
                    Bucket: !Ref Photos
                    Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]
                    Filter: {{S3Key: {{Rules: [{{Name: prefix, Value: cats/}}, {{Name: suffix, Value: .jpg}}]}}}}
          Photos:
            Type: AWS::S3::Bucket
            Properties: {{BucketName: photos}}
        """
    ).bucket_notifications
    common = {"bucket": "photos", "function": "local-Pet", "prefix": "cats/", "suffix": ".jpg"}
    assert found == (
        BucketNotification(configuration_id="Photos-0", event="s3:ObjectCreated:*", **common),
        BucketNotification(configuration_id="Photos-1", event="s3:ObjectRemoved:*", **common),
    )


def test_what_may_stand_side_by_side(load):
    application = load(
        template(
            told(rule(CREATED), rule("s3:ObjectRemoved:*")),
            told(rule(CREATED, Prefix="cats/"), rule("s3:ObjectCreated:Put", prefix="dogs/")),
            told(rule(CREATED, prefix="cats/", suffix=".jpg"), rule(CREATED, suffix=".png")),
        )
    )
    assert [(one.bucket, one.prefix, one.suffix) for one in application.bucket_notifications] == [
        ("b0", "", ""), ("b0", "", ""), ("b1", "cats/", ""), ("b1", "dogs/", ""), ("b2", "cats/", ".jpg"), ("b2", "", ".png"),
    ]  # fmt: skip


REFUSED = {
    told(rule(CREATED), rule("s3:ObjectCreated:Put")): "overlaps with Bucket0-0",
    told(rule(CREATED, prefix="cats/"), rule(CREATED, prefix="cats/black/")): "overlaps with Bucket1-0",
    told(rule(CREATED, prefix="cats/"), rule(CREATED, suffix=".jpg")): "overlaps with Bucket2-0",
    told(rule(CREATED, suffix=".tar.gz"), rule(CREATED, suffix=".gz")): "overlaps with Bucket3-0",
    told(rule("s3:ObjectCreated:Copy")): "s3:ObjectCreated:Copy: the S3 engine does not tell copies from puts",
    told(rule("s3:ObjectRestore:*")): "s3:ObjectRestore:*: of such events nobody is told here",
    told(rule(CREATED, infix="a")): "must be prefix or suffix, not 'infix'",
    told(rule(CREATED, prefix="a", Prefix="b")): "a filter has one prefix only",
    told(rule(CREATED)).replace("Lambda", "Queue"): "the property QueueConfigurations is not honoured here",
    told(rule(CREATED)).replace("!GetAtt Pet.Arn", "arn:x:function:y"): "'arn:x:function:y' is no function of this",
    told(rule(CREATED)) + ", VersioningConfiguration: {Status: Enabled}": "versioned buckets tell nothing here",
}


def test_what_is_refused_each_with_its_place(load):
    with pytest.raises(TemplateError) as refused:
        load(template(*REFUSED))
    said = str(refused.value).splitlines()
    for number, message in enumerate(REFUSED.values()):
        assert [line for line in said if f"Bucket{number}.NotificationConfiguration" in line and message in line], (
            message
        )


def test_s3_needs_the_permission_to_invoke(load):
    with pytest.raises(TemplateError, match=r"S3 may not invoke local-Pet: an AWS::Lambda::Permission"):
        load(template(told(rule(CREATED)), principal="sns.amazonaws.com"))
