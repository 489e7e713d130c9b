import subprocess
import sys
from pathlib import Path

import pytest

from local.endpoints import Endpoints
from local.template import TemplateError, load_application

FUNCTION = """
          Pet:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: src, Handler: app.handler, Runtime: python3.13%s}
"""


def error_of(load, text, **options) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        load(text, **options)
    return caught.value


def test_an_error_names_file_line_resource_and_property(load, project):
    error = error_of(
        load,
        """
        Resources:
          Pets:
            Type: AWS::DynamoDB::Table
            Properties:
              KeySchema: [{AttributeName: id, KeyType: HASH}]
              AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
              KinesisStreamSpecification: {StreamArn: a}
        """,
    )
    assert (error.file, error.line) == (project / "template.yaml", 9)
    assert (error.resource, error.property) == ("Pets", "KinesisStreamSpecification")
    assert str(error) == (
        f"{project}/template.yaml:9: Pets.KinesisStreamSpecification: "
        "the property KinesisStreamSpecification of AWS::DynamoDB::Table is not honoured here"
    )


def test_an_error_in_what_sam_made_points_at_its_origin(load):
    error = error_of(
        load,
        """
        Globals:
          Function:
            Timeout: 1000
        Resources:
        """
        + FUNCTION % "",
    )
    assert (error.line, error.property) == (5, "Timeout")
    error = error_of(
        load,
        """
        Resources:
          Pet:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: src
              Handler: app.handler
              Runtime: python3.13
              Events:
                Often:
                  Type: ScheduleV2
                  Properties:
                    ScheduleExpression: often
        """,
    )
    assert (error.resource, error.line) == ("PetOften", 14)


def test_every_cause_of_sams_translator_is_one_line(load):
    error = error_of(
        load,
        """
        Resources:
          A:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: src, Handler: app.handler, Runtime: python3.13, Timeot: 3}
          B:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: src, Handler: app.handler, Runtime: python3.13, Memry: 1}
        """,
    )
    first, second = str(error).splitlines()
    assert "template.yaml:" in first
    assert "A: " in first
    assert "Timeot" in first
    assert "B: " in second


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Resources: [", ":3: is not valid YAML"),
        ("Parameters: {}", "has no Resources"),
        ("Resources: {}", "has no Resources"),
        ("Resources:\n  A: {Type: X}\n  A: {Type: Y}", ":5: A: the key A is there twice"),
        ("Resources:\n  A: {Type: AWS::EC2::Instance}", ":4: A: resources of type AWS::EC2::Instance are not run here"),
        ("Resources:\n  A: {Properties: {}}", "A"),
        ("Resources:\n  A: {Type: AWS::DynamoDB::Table, Condition: Never}", "the condition Never is not in Conditions"),
        (
            "Resources:\n  A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Nothing}}",
            ":4: A.BucketName: Nothing is",
        ),
        ("Hooks: {}\nResources:\n  A: {Type: AWS::S3::Bucket}", "the section Hooks is not honoured here"),
        (
            "Resources:\n  A: {Type: AWS::S3::Bucket, Properties: {ReplicationConfiguration: {}}}",
            "ReplicationConfiguration of AWS::S3::Bucket is not honoured here",
        ),
        (
            "Resources:\n  A: {Type: AWS::S3::Bucket, Properties: {LifecycleConfiguration: {Rules: [{Transitions: []}]}}}",
            ":4: A.LifecycleConfiguration.Rules.0.Transitions: the property Transitions is not honoured here",
        ),
        (
            "Resources:\n  A: {Type: AWS::S3::Bucket, Properties: {CorsConfiguration: {CorsRules: [{MaxAge: 1}]}}}",
            "A.CorsConfiguration.CorsRules.0: AllowedMethods is required",
        ),
        (
            "Resources:\n  A: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: a, KeyType: HASH}]}}",
            "A.KeySchema.0.AttributeName: a is not in AttributeDefinitions",
        ),
        ("Resources: {A: 1}", "A: must be a map, not 1"),
        ("Resources: {A: {Type: AWS::S3::Bucket, DependsOn: {}}}", "must be a logical id or a list of them"),
        ("Parameters: {A: x}\nResources: {A: {Type: AWS::S3::Bucket}}", "Parameters.A: must be a map, not 'x'"),
        (
            "Resources: {A: {Type: AWS::Serverless::WebSocketApi, Properties: {Routes: {$connect: 1}}}}",
            ":3: A: ",
        ),
        (
            "Resources:\n  A: {Type: AWS::S3::Bucket, Properties: {BucketName: !ImportValue x}}",
            "Fn::ImportValue is not evaluated here",
        ),
    ],
)
def test_broken_templates(load, text, message):
    assert message in str(error_of(load, text))


def test_a_missing_template_and_a_missing_transform(load, project):
    with pytest.raises(TemplateError, match="cannot read the template: No such file"):
        load_application(project / "none.yaml", parameters={}, endpoints=Endpoints())
    error = error_of(load, "Resources:" + FUNCTION % "", header="")
    assert "needs `Transform: AWS::Serverless-2016-10-31`" in str(error)
    assert "LanguageExtensions is not run here" in str(
        error_of(load, "Transform: AWS::LanguageExtensions\nResources:\n  A: {Type: AWS::S3::Bucket}", header="")
    )


CONDITIONAL = """
        Parameters:
          Servers: {Type: String, Default: ""}
        Conditions:
          OwnCluster: !Equals [!Ref Servers, ""]
        Resources:
          Network:
            Type: AWS::Serverless::Application
            Condition: OwnCluster
            Properties: {Location: infra/network.yaml}
          Bucket:
            Type: AWS::S3::Bucket
            Properties: {BucketName: !If [OwnCluster, !GetAtt Network.Outputs.Name, given]}
        Outputs:
          Name: {Condition: OwnCluster, Value: !GetAtt Network.Outputs.Name}
"""


def test_a_translator_that_takes_too_long_is_told(load, monkeypatch):
    monkeypatch.setattr("local.template.translation._TIMEOUT_S", 0.001)
    with pytest.raises(TemplateError, match=r"translator was not done after 0\.001 s"):
        load("Resources: {}")


def test_a_resource_whose_condition_does_not_hold_is_not_there(load):
    application = load(CONDITIONAL, Servers="k:9092")
    assert [bucket.name for bucket in application.buckets] == ["given"]
    assert application.outputs == {}


def test_nested_stacks_are_refused(load):
    assert "is not run here: nested stacks are not" in str(error_of(load, CONDITIONAL))


def test_an_unserved_resource_is_left_out_until_something_that_runs_refers_to_it(load):
    text = """
        Resources:
          Topic: {Type: AWS::SNS::Topic}
          Alarm:
            Type: AWS::CloudWatch::Alarm
            Properties: {AlarmActions: [!Ref Topic], ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1}
    """
    application = load(text + FUNCTION % "")
    names = {each.name: each.reason for each in application.ignored}
    assert "does not serve SNS" in names["Topic (AWS::SNS::Topic)"]
    assert "AWS::CloudWatch::Alarm" in names
    error = error_of(load, text + FUNCTION % ", Environment: {Variables: {TOPIC: !Ref Topic}}")
    assert "refers to Topic (AWS::SNS::Topic), and the stack does not serve SNS" in str(error)
    assert error.property == "Environment.Variables.TOPIC"


def test_circular_dependencies_are_refused_as_by_cloudformation(load):
    error = error_of(
        load,
        """
        Resources:
          A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "${B}-x"}}
          B: {Type: AWS::S3::Bucket, DependsOn: A}
        """,
    )
    assert "circular dependency between resources" in str(error)


def test_custom_resources_come_in_order_of_their_dependencies(load):
    application = load(
        """
        Resources:
          First:
            Type: Custom::Thing
            DependsOn: [Second]
            Properties: {ServiceToken: !GetAtt Pet.Arn, Size: 3, Fast: true, Names: [a, 1]}
          Second:
            Type: AWS::CloudFormation::CustomResource
            Properties: {ServiceToken: !GetAtt Pet.Arn}
        """
        + FUNCTION % ""
    )
    second, first = application.custom_resources
    assert (first.logical_id, first.type, first.function) == ("First", "Custom::Thing", "local-Pet")
    assert first.properties == {
        "ServiceToken": "arn:aws:lambda:us-east-1:000000000000:function:local-Pet",
        "Size": "3",
        "Fast": "true",
        "Names": ["a", "1"],
    }
    assert second.type == "AWS::CloudFormation::CustomResource"
    assert application.stack_id.startswith("arn:aws:cloudformation:us-east-1:000000000000:stack/local/")


def test_tables_buckets_and_outputs(load):
    application = load(
        """
        Resources:
          Pets:
            Type: AWS::DynamoDB::Table
            Properties:
              BillingMode: PAY_PER_REQUEST
              SSESpecification: {SSEEnabled: true}
              KeySchema: [{AttributeName: id, KeyType: HASH}]
              AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
          Files:
            Type: AWS::S3::Bucket
            Properties: {BucketEncryption: {ServerSideEncryptionConfiguration: []}}
          Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
          Parameter: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Ref Files}}
        Outputs:
          Pets: {Value: !GetAtt Pets.Arn}
          Key: {Value: !GetAtt Key.Arn}
          Parameter: {Value: !GetAtt Parameter.Value}
          Stream: {Value: !GetAtt Pets.StreamArn}
        """
    )
    (table,) = application.tables
    assert (table.name, set(table.properties)) == ("local-Pets", {"BillingMode", "KeySchema", "AttributeDefinitions"})
    assert [bucket.name for bucket in application.buckets] == ["local-files"]
    assert application.outputs["Pets"] == "arn:aws:dynamodb:us-east-1:000000000000:table/local-Pets"
    assert application.outputs["Key"].startswith("arn:aws:kms:us-east-1:000000000000:key/")
    assert application.outputs["Parameter"] == "local-files"
    assert "Outputs.Stream" in {each.name for each in application.ignored}


def test_the_stack_does_not_carry_the_translator():
    modules = "('yaml', 'boto3', 'samtranslator')"
    code = f"import sys, local.template, local.provisioning; sys.exit(any(m in sys.modules for m in {modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False)
    assert done.returncode == 0


def test_a_misspelt_attribute_of_a_resource(load):
    error = error_of(load, "Resources:\n  A:\n    Type: AWS::Serverless::SimpleTable\n    Propertys: {}")
    assert "template.yaml:6: A: Propertys is no attribute of a resource" in str(error)


def test_depends_on_a_resource_that_is_not_there(load):
    error = error_of(load, "Resources:\n  A: {Type: AWS::S3::Bucket, DependsOn: B}")
    assert "B is no parameter, nor a resource" in str(error)


@pytest.mark.parametrize(
    ("destination", "message"),
    [
        ("OnFailure: {Type: SQS}", "the stack does not serve SQS"),
        ("OnFailure: {Type: SNS}", "the stack does not serve SNS"),
        (
            "OnFailure: {Type: Lambda, Destination: 'arn:aws:lambda:us-east-1:000000000000:function:other'}",
            "is no function of this template",
        ),
        (
            "OnFailure: {Type: EventBridge, Destination: 'arn:aws:events:us-east-1:000000000000:event-bus/b'}",
            "is not reached here: only a function or a bucket of this template",
        ),
        ("OnSuccess: {Type: Lambda, Destination: 'arn:aws:s3:::b'}", "a bucket is a destination of failures only"),
        ("OnFailure: {Type: S3Bucket, Destination: 'arn:aws:s3:::b'}", "is not reached here"),
    ],
)
def test_destinations_that_the_stack_does_not_reach(load, destination, message):
    text = FUNCTION % f", EventInvokeConfig: {{DestinationConfig: {{{destination}}}}}"
    assert message in str(error_of(load, "        Resources:\n" + text))


def test_destinations(load):
    config = (
        "{MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0, DestinationConfig: {"
        "OnFailure: {Type: S3Bucket, Destination: !GetAtt Kept.Arn}, OnSuccess: {Type: Lambda, Destination: !GetAtt Next.Arn}}}"
    )
    functions = FUNCTION % f", EventInvokeConfig: {config}" + FUNCTION.replace("Pet:", "Next:") % ""
    pet = load(f"        Resources:\n{functions}          Kept: {{Type: AWS::S3::Bucket}}\n").functions["local-Pet"]
    assert (pet.maximum_event_age_s, pet.maximum_retry_attempts) == (60, 0)
    assert pet.on_failure == "arn:aws:s3:::local-kept"
    assert pet.on_success == "arn:aws:lambda:us-east-1:000000000000:function:local-Next"
