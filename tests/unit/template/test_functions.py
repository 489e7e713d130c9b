from pathlib import Path

import pytest

from local.application import FunctionLogging
from local.template import TemplateError


def test_a_function_with_globals_layers_and_references(load, project):
    application = load(
        """
        Parameters:
          Size: {Type: Number, Default: 512}
        Globals:
          Function:
            Runtime: python3.13
            Handler: app.handler
            Timeout: 7
            Tracing: Active
            Environment: {Variables: {TABLE: !Ref Pets, FLAG: true, COUNT: 3}}
        Resources:
          Layer:
            Type: AWS::Serverless::LayerVersion
            Properties: {ContentUri: layer/}
          Pets: {Type: AWS::Serverless::SimpleTable}
          Pet:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: src/
              MemorySize: !Ref Size
              Layers: [!Ref Layer]
              ReservedConcurrentExecutions: 2
              Policies: [DynamoDBCrudPolicy: {TableName: !Ref Pets}, AWSLambdaBasicExecutionRole]
              EventInvokeConfig: {MaximumRetryAttempts: 1}
              Environment: {Variables: {ARN: !GetAtt Pets.Arn}}
        """
    )
    pet = application.functions["local-Pet"]
    assert pet.arn == "arn:aws:lambda:us-east-1:000000000000:function:local-Pet"
    assert (pet.handler, pet.runtime, pet.timeout_s, pet.memory_mb) == ("app.handler", "python3.13", 7.0, 512)
    assert pet.code == project / "src"
    assert pet.layers == (project / "layer",)
    assert (pet.reserved_concurrency, pet.maximum_retry_attempts) == (2, 1)
    assert pet.environment == {
        "TABLE": "local-Pets",
        "FLAG": "true",
        "COUNT": "3",
        "ARN": "arn:aws:dynamodb:us-east-1:000000000000:table/local-Pets",
    }
    ignored = {each.name: each.reason for each in application.ignored}
    assert "AWS::Lambda::Function.TracingConfig" in ignored
    assert "AWS::IAM::Role" in ignored


def test_names_are_the_templates_own_or_begin_with_the_stack_name(load, project):
    (project / "samconfig.toml").write_text('[local.deploy.parameters]\nstack_name = "zoo"\n')
    application = load(
        """
        Resources:
          Named:
            Type: AWS::Serverless::Function
            Properties: {FunctionName: !Sub "${AWS::StackName}-own", CodeUri: src, Handler: app.handler, Runtime: python3.12}
          Unnamed:
            Type: AWS::Lambda::Function
            Properties: {Code: src, Handler: app.handler, Runtime: python3.12, Role: "arn:aws:iam::1:role/x"}
        """
    )
    assert set(application.functions) == {"zoo-own", "zoo-Unnamed"}
    assert application.stack_name == "zoo"


def function(properties: str) -> str:
    return f"""
        Resources:
          Pet:
            Type: AWS::Serverless::Function
            Properties: {{{properties}}}
    """


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        (
            "CodeUri: nowhere, Handler: app.handler, Runtime: python3.13",
            "Pet.CodeUri: the folder nowhere does not exist",
        ),
        ("CodeUri: src/app.py, Handler: app.handler, Runtime: python3.13", "src/app.py is a file"),
        ("CodeUri: src, Handler: missing.handler, Runtime: python3.13", "Pet.Handler: there is no missing.py in src"),
        ("CodeUri: src, Handler: handler, Runtime: python3.13", "is not of the form module.function"),
        ("CodeUri: src, Handler: app.handler, Runtime: nodejs22.x", "Pet.Runtime: must be python3.11 or"),
        ("CodeUri: src, Handler: app.handler, Runtime: python3.13, Timeout: 901", "Pet.Timeout: must be 1 to 900"),
        ("CodeUri: src, Handler: app.handler, Runtime: python3.13, Timeout: soon", "must be a whole number"),
        ("CodeUri: src, Handler: app.handler, Runtime: python3.13, MemorySize: 64", "must be 128 to 10240"),
        ("CodeUri: s3://b/k, Handler: app.handler, Runtime: python3.13", "code in S3 is not fetched"),
        ("PackageType: Image", "container images are not run here"),
        ("InlineCode: x, Handler: app.handler, Runtime: python3.13", "inline code is the module index"),
        (
            "CodeUri: src, Handler: app.handler, Runtime: python3.13, Environment: {Variables: {AWS_REGION: x}}",
            "AWS_REGION is reserved",
        ),
        (
            "CodeUri: src, Handler: app.handler, Runtime: python3.13, FileSystemConfigs: [{Arn: a, LocalMountPath: /m}]",
            "the property FileSystemConfigs of AWS::Lambda::Function is not honoured here",
        ),
    ],
)
def test_what_lambda_or_the_stack_would_not_take(load, properties, message):
    with pytest.raises(TemplateError) as caught:
        load(function(properties))
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(caught.value.file) + ":")
    assert caught.value.resource == "Pet"


def test_an_environment_over_4_kb_is_refused_as_by_lambda(load):
    with pytest.raises(TemplateError, match="Lambda allows 4 KB"):
        load(
            function(
                "CodeUri: src, Handler: app.handler, Runtime: python3.13, "
                f"Environment: {{Variables: {{A: '{'x' * 4096}'}}}}"
            )
        )


def test_a_handler_may_be_in_a_layer_or_a_package(load, project: Path):
    (project / "layer" / "python" / "shared.py").touch()
    (project / "src" / "pkg").mkdir()
    (project / "src" / "pkg" / "entry.py").touch()
    application = load(
        """
        Globals: {Function: {Runtime: python3.13, CodeUri: src}}
        Resources:
          Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}
          A: {Type: AWS::Serverless::Function, Properties: {Handler: shared.handler, Layers: [!Ref Layer]}}
          B: {Type: AWS::Serverless::Function, Properties: {Handler: pkg.entry.handler}}
        """
    )
    assert {each.handler for each in application.functions.values()} == {"shared.handler", "pkg.entry.handler"}


def test_aliases_and_versions_stand_for_the_one_folder(load):
    application = load(
        """
        Resources:
          Api: {Type: AWS::Serverless::HttpApi}
          Pet:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: src
              Handler: app.handler
              Runtime: python3.13
              AutoPublishAlias: live
              Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /, Method: get}}}
        """
    )
    assert application.http_apis[0].routes[0].function == "local-Pet"


def test_logging(load):
    properties = "LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: DEBUG, SystemLogLevel: WARN, LogGroup: /pets}"
    (pet,) = load(_function(properties)).functions.values()
    assert pet.logging == FunctionLogging(True, "DEBUG", "WARN", "/pets")
    assert pet.log_group == "/pets"
    (plain,) = load(_function("Timeout: 900")).functions.values()
    assert (plain.logging, plain.log_group) == (FunctionLogging(), "/aws/lambda/local-Pet")


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("Timeout: 901", "Pet.Timeout: must be 1 to 900, not 901"),
        ("MemorySize: 127", "Pet.MemorySize: must be 128 to 10240"),
        ("MemorySize: 10241", "Pet.MemorySize: must be 128 to 10240"),
        ("ReservedConcurrentExecutions: 901", "leaves 99 of 1000 to other functions, and Lambda keeps at least 100"),
        ("LoggingConfig: {ApplicationLogLevel: DEBUG}", "Pet.LoggingConfig.ApplicationLogLevel: a level needs"),
        ("LoggingConfig: {LogFormat: XML}", "Pet.LoggingConfig.LogFormat: must be JSON or Text"),
        ("Environment: {Variables: {AWS_REGION: x}}", "AWS_REGION is reserved"),
        (f"Environment: {{Variables: {{A: {'x' * 4096}}}}}", "the variables take 4097 bytes, and Lambda allows 4 KB"),
    ],
)
def test_what_lambda_refuses(load, properties, message):
    with pytest.raises(TemplateError) as caught:
        load(_function(properties))
    assert message in str(caught.value)


def test_code_over_250_mb(load, project):
    with (project / "src" / "large.bin").open("wb") as file:
        file.truncate(262_144_001)  # a hole: nothing is written
    with pytest.raises(TemplateError, match="Unzipped size must be smaller than 262144000 bytes: src 262 MB"):
        load(_function("Timeout: 1"))


def _function(properties):
    return f"""
        Resources:
          Pet:
            Type: AWS::Serverless::Function
            Properties: {{CodeUri: src, Handler: app.handler, Runtime: python3.13, {properties}}}
        """
