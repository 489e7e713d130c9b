"""The environment variables of a function (Lambda developer guide: "Defined runtime environment variables")."""

import os
import sys
import time
import uuid
from collections.abc import Iterable, Mapping

from local.application import Function
from local.endpoints import Endpoints

RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    }
)
"""Names that a function cannot set: CreateFunction refuses them."""


def shared_variables(endpoints: Endpoints) -> dict[str, str]:
    """What every function of the stack has with the same value.

    No AWS_SESSION_TOKEN: the S3 engine refuses one that it has not given out. The two files are named, and empty, so that
    settings of the person who runs the stack (~/.aws) never reach a function; Lambda has no such files.
    """
    return {
        **_of_the_clock(),
        "AWS_REGION": endpoints.region,
        "AWS_DEFAULT_REGION": endpoints.region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_ENDPOINT_URL": endpoints.aws_url,
        "AWS_ENDPOINT_URL_DYNAMODB": endpoints.function_dynamodb_url or endpoints.dynamodb_url,
        "AWS_ENDPOINT_URL_S3": endpoints.function_s3_url or endpoints.s3_url,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "TZ": ":UTC",
        "LANG": "en_US.UTF-8",
        "PATH": f"{os.path.dirname(sys.executable)}:/usr/local/bin:/usr/bin:/bin:/opt/bin",
    }


def _of_the_clock() -> dict[str, str]:
    """Where the stack runs under libfaketime, so do its functions: it reads these again and again."""
    return {name: value for name, value in os.environ.items() if name.startswith("FAKETIME")}


def function_variables(function: Function, endpoints: Endpoints) -> dict[str, str]:
    """All variables of one function but the name of its log stream, which is each environment's own."""
    return {
        **shared_variables(endpoints),
        **{name: value for name, value in function.environment.items() if name not in RESERVED},
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        **_log_variables(function),
        "LAMBDA_TASK_ROOT": str(function.code),
        "_HANDLER": function.handler,
    }


def _log_variables(function: Function) -> dict[str, str]:
    """Lambda's own runtime reads them; the level is there only in the JSON format."""
    if not function.logging.json:
        return {"AWS_LAMBDA_LOG_FORMAT": "Text"}
    return {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": function.logging.application_level}


def log_stream_name() -> str:
    """A new one, such as `2026/11/21/[$LATEST]0123456789abcdef0123456789abcdef`."""
    return f"{time.strftime('%Y/%m/%d', time.gmtime())}/[$LATEST]{uuid.uuid4().hex}"


def common_variables(environments: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Those that all environments have with one value: what a module may read before it is known whose it will be."""
    every = list(environments)
    if not every:
        return {}
    return {name: value for name, value in every[0].items() if all(other.get(name) == value for other in every[1:])}
