"""What the stack cannot honour, or CloudFormation would refuse, ends the start with name and line: all of it at once."""

import re

import pytest

from tests.conformance.templates.conftest import Refused

HEADER = 'AWSTemplateFormatVersion: "2010-09-09"\nTransform: AWS::Serverless-2016-10-31\n'
FUNCTION = "{CodeUri: code, Handler: app.handler, Runtime: python3.13}"

MANY = f"""{HEADER}Resources:
  Pet:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: app.handler
      Runtime: python3.13
      Timeout: 5
      FileSystemConfigs: []
      DurableConfig: {{ExecutionTimeout: 5}}
      Environment: {{Variables: {{TOPIC: !Ref Topic, LIST: !ImportValue other, QUEUE: !GetAtt Nothing.Arn}}}}
      Events:
        Asked: {{Type: Api, Properties: {{Path: /, Method: get}}}}
        Queued: {{Type: SQS, Properties: {{Queue: "arn:aws:sqs:us-east-1:000000000000:orders"}}}}
        Logged: {{Type: CloudWatchLogs, Properties: {{LogGroupName: pets, FilterPattern: cat}}}}
        Told: {{Type: SNS, Properties: {{Topic: !Ref Topic}}}}
  Node:
    Type: AWS::Serverless::Function
    Properties: {{CodeUri: code, Handler: app.handler, Runtime: nodejs22.x}}
  Packaged:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://artifacts/code.zip
      Handler: app.handler
      Runtime: python3.13
  Contained:
    Type: AWS::Serverless::Function
    Properties:
      PackageType: Image
  Computer:
    Type: AWS::EC2::Instance
  Topic:
    Type: AWS::SNS::Topic
  Files:
    Type: AWS::S3::Bucket
    DependsOn: Nobody
    Properties:
      ReplicationConfiguration: {{Role: x}}
Outputs:
  Nothing: {{Value: !Ref Nothing}}
"""
MANY_ERRORS = [
    (":3", "ServerlessRestApi", "AWS::ApiGateway::RestApi is not run here: HTTP APIs are"),
    (":11", "Pet.FileSystemConfigs", "the property FileSystemConfigs of AWS::Lambda::Function is not honoured here"),
    (":12", "Pet.DurableConfig", "the property DurableConfig of AWS::Lambda::Function is not honoured here"),
    (":13", "Pet.Environment.Variables", "Nothing is no parameter, nor a resource whose condition holds"),
    (":16", "PetQueued", "only Kafka topics are event sources here"),
    (":17", "PetLogged", "AWS::Logs::SubscriptionFilter is not run here: nothing is invoked"),
    (":18", "PetTold", "invokes a function, and the stack does not serve SNS"),
    (":21", "Node.Runtime", "must be python3.11 or python3.12 or python3.13 or python3.14 here, not 'nodejs22.x'"),
    (":25", "Packaged.CodeUri", "code in S3 is not fetched"),
    (":31", "Contained.PackageType", "container images are not run here"),
    (":32", "Computer", "resources of type AWS::EC2::Instance are not run here"),
    (":38", "Files", "Nobody is no parameter, nor a resource whose condition holds"),
    (":40", "Files.ReplicationConfiguration", "the property ReplicationConfiguration of AWS::S3::Bucket is not hon"),
    (":42", "Outputs.Nothing", "Nothing is no parameter, nor a resource whose condition holds"),
]


@pytest.mark.statement("template.all-at-once", "template.refused-types", "template.refused-properties")
@pytest.mark.statement("template.refused-triggers", "template.refused-code", "template.unknown-names")
def test_all_that_is_wrong_is_told_at_once(refused: Refused) -> None:
    said = refused(MANY)
    for line, name, reason in MANY_ERRORS:
        assert re.search(rf"^{line}: {re.escape(name)}[\w.]*: {re.escape(reason)}", said, re.MULTILINE), (name, said)
    assert "--without" in said


@pytest.mark.statement("template.refused-intrinsics")
def test_intrinsic_functions_that_need_aws(refused: Refused) -> None:
    said = refused(
        f"""{HEADER}Resources:
  Pet:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: app.handler
      Runtime: python3.13
      FunctionName: !ImportValue other
      Description: ignored
      MemorySize: !GetAZs ""
      Timeout:
        Fn::Length: [1, 2]
"""
    )
    for line, name, function in (
        (10, "FunctionName", "ImportValue"),
        (12, "MemorySize", "GetAZs"),
        (13, "Timeout", "Length"),
    ):
        assert f":{line}: Pet.{name}" in said
        assert f"the intrinsic function Fn::{function} is not evaluated here" in said


@pytest.mark.statement("template.parameter-rules", "template.no-echo")
def test_parameters(refused: Refused) -> None:
    text = f"""{HEADER}Parameters:
  Stage: {{Type: String, AllowedValues: [dev, prod]}}
  Name: {{Type: String, AllowedPattern: "[a-z]+", ConstraintDescription: only letters}}
  Password: {{Type: String, NoEcho: true, MinLength: 8}}
  Count: {{Type: Number, MaxValue: 5}}
  Missing: {{Type: String}}
  Word: {{Type: String, MaxLength: 3}}
Resources:
  Pet:
    Type: AWS::Serverless::Function
    Properties: {FUNCTION}
"""
    given = {"Stage": "test", "Name": "A1", "Password": "hidden!", "Count": "6", "Word": "long", "Other": "x"}
    said = refused(text, *(f"--parameter={name}={value}" for name, value in given.items()))
    for expected in (
        ":4: Parameters.Stage: value 'test' is not one of dev, prod",
        ":5: Parameters.Name: value 'A1' does not match AllowedPattern [a-z]+ (only letters)",
        ":6: Parameters.Password: value **** is shorter than 8 characters",
        ":7: Parameters.Count: value '6' is more than 5",
        ":8: Parameters.Missing: parameter Missing has no value: give one with --parameter Missing=",
        ":9: Parameters.Word: value 'long' is longer than 3 characters",
        "a value is given for parameter Other, which the template does not declare",
    ):
        assert expected in said
    assert "hidden!" not in said


@pytest.mark.statement("template.stage-deployment")
def test_a_stage_that_is_never_deployed(refused: Refused) -> None:
    said = refused(
        f"""{HEADER}Resources:
  Pet: {{Type: AWS::Serverless::Function, Properties: {FUNCTION}}}
  Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP, Name: pets}}}}
  Stage: {{Type: AWS::ApiGatewayV2::Stage, Properties: {{ApiId: !Ref Api, StageName: live}}}}
"""
    )
    assert ":6: Stage: the stage has neither AutoDeploy nor a DeploymentId, so nothing would answer" in said


@pytest.mark.statement("template.circular")
def test_circular_dependencies(refused: Refused) -> None:
    said = refused(
        f"""{HEADER}Resources:
  A: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Sub "${{B}}-x"}}}}
  B: {{Type: AWS::S3::Bucket, DependsOn: A}}
"""
    )
    assert "circular dependency between resources: " in said


@pytest.mark.statement("template.yaml")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Resources: [", ":3: is not valid YAML"),
        ("Resources:\n  A: {Type: X}\n  A: {Type: Y}\n", ":5: A: the key A is there twice"),
        ("Resources:\n  A: {Type: AWS::S3::Bucket, Propertys: {}}\n", ":4: A: Propertys is no attribute of a resource"),
    ],
)
def test_what_is_no_template(refused: Refused, text: str, expected: str) -> None:
    assert expected in refused(HEADER + text)


@pytest.mark.statement("template.without")
def test_leaving_out_what_something_needs_and_what_is_not_there(refused: Refused) -> None:
    text = f"""{HEADER}Resources:
  Topic: {{Type: AWS::SNS::Topic}}
  Pet:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: app.handler
      Runtime: python3.13
      Environment: {{Variables: {{TOPIC: !Ref Topic}}}}
"""
    assert "refers to Topic (AWS::SNS::Topic), which is left out (--without)" in refused(text, "--without=Topic")
    assert "there is no resource, type or event Nobody to leave out" in refused(text, "--without=Nobody")
