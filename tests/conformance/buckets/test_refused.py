"""Configurations that S3 would not take, or the stack does not honour."""

from pathlib import Path

import pytest

from tests.local.stack_process import StackProcess

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Told:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: .
      Events:
        One: {Type: S3, Properties: {Bucket: !Ref Photos, Events: "s3:ObjectCreated:*"}}
        Two: {Type: S3, Properties: {Bucket: !Ref Photos, Events: "s3:ObjectCreated:Put"}}
  Untold:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: .}
  Photos: {Type: AWS::S3::Bucket}
  Films:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration: {LambdaConfigurations: [{Event: "s3:ObjectCreated:*", Function: !GetAtt Untold.Arn}]}
  Books:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration: {QueueConfigurations: [{Event: "s3:ObjectCreated:*", Queue: "arn:aws:sqs:us-east-1:1:q"}]}
  Songs:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration: {LambdaConfigurations: [{Event: "s3:ObjectRestore:*", Function: !GetAtt Told.Arn}]}
"""


@pytest.mark.statement("buckets.refused")
def test_what_would_not_work_stops_the_start(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE)
    (tmp_path / "app.py").write_text("def handler(event, context): pass\n")
    stack = StackProcess(template, tmp_path / "data", "--no-simulators")
    stack.start()
    try:
        assert stack.until_ended() != 0
    finally:
        stack.close()
    for said in (
        "Photos.NotificationConfiguration.LambdaConfigurations.1: overlaps with Photos-0",
        "S3 may not invoke local-Untold: an AWS::Lambda::Permission for s3.amazonaws.com is missing",
        "Books.NotificationConfiguration.QueueConfigurations: the property QueueConfigurations is not honoured here",
        "s3:ObjectRestore:*: of such events nobody is told here",
    ):
        assert said in stack.said()
