"""Lambda functions and what belongs to them.

Properties: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from local.application import Function
from local.template.code_locations import folder_of
from local.template.code_size import check_size
from local.template.context import Context, Properties
from local.template.errors import TemplateError
from local.template.function_logging import read_logging
from local.template.inline_code import inline_folder
from local.template.invoke_configs import AsynchronousInvocation, read_invoke_configs
from local.template.resources import Resource

_KNOWN = (
    "FunctionName", "Runtime", "Handler", "Code", "Layers", "Environment", "Timeout", "MemorySize",
    "ReservedConcurrentExecutions", "PackageType", "LoggingConfig",
)  # fmt: skip
_IGNORED = {
    "Role": "permissions are not enforced here",
    "CodeSigningConfigArn": "permissions are not enforced here",
    "Description": "informative",
    "Tags": "informative",
    "TracingConfig": "traces are not collected by the stack",
    "Architectures": "functions run on this machine's processor",
    "VpcConfig": "functions run on this machine's network",
    "KmsKeyArn": "data at rest are not encrypted here",
    "EphemeralStorage": "the temporary folder is as large as this machine's disk",
    "SnapStart": "environments are not restored from snapshots",
    "RuntimeManagementConfig": "the runtime is this machine's Python",
    "RecursiveLoop": "recursion is not detected here",
}
_LAYER_IGNORED = ("LayerName", "Description", "LicenseInfo", "CompatibleRuntimes", "CompatibleArchitectures")
_RESERVED_NAMES = {
    "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
}  # fmt: skip
_ENVIRONMENT_LIMIT = 4096
_ACCOUNT_CONCURRENCY = 1000
_UNRESERVED = 100
_MACHINE = f"python{sys.version_info.major}.{sys.version_info.minor}"
_RUNTIMES = ("python3.11", "python3.12", "python3.13", "python3.14")


def read_functions(context: Context) -> dict[str, Function]:
    """Return the functions by name."""
    functions: dict[str, Function] = {}
    configs = read_invoke_configs(context)
    sizes: dict[Path, int] = {}
    for resource in context.of_type("AWS::Lambda::Function"):
        with context.problems.attempt():
            _read_function(context, resource, configs, functions, sizes)
    return functions


def _read_function(
    context: Context,
    resource: Resource,
    configs: Mapping[str, AsynchronousInvocation],
    functions: dict[str, Function],
    sizes: dict[Path, int],
) -> None:
    properties = context.read(resource, _KNOWN, _IGNORED)
    if properties.text("PackageType", "Zip") != "Zip":
        raise properties.error("container images are not run here: only code in folders", "PackageType")
    name = context.identities.name(resource)
    if name in functions:
        raise properties.error(f"another function is named {name} too", "FunctionName")
    asynchronous = configs.get(name, AsynchronousInvocation())
    layers = _layers(context, properties)
    runtime = properties.choice("Runtime", _RUNTIMES)
    if runtime != _MACHINE:
        context.ignore(f"{resource.type}.Runtime {runtime}", f"functions run on this machine's {_MACHINE}")
    code = _code(context, properties, resource)
    check_size((code, *layers), sizes, resource.where("CodeUri"))
    concurrency = properties.integer("ReservedConcurrentExecutions", -1, -1, 100_000)
    functions[name] = Function(
        logical_id=resource.logical_id,
        name=name,
        arn=context.identities.arn(resource),
        runtime=runtime,
        handler=_handler(properties, code, layers),
        code=code,
        layers=layers,
        environment=_environment(properties),
        timeout_s=float(properties.integer("Timeout", 3, 1, 900)),
        memory_mb=properties.integer("MemorySize", 128, 128, 10_240),
        reserved_concurrency=None if concurrency < 0 else concurrency,
        maximum_retry_attempts=asynchronous.maximum_retry_attempts,
        maximum_event_age_s=asynchronous.maximum_event_age_s,
        on_failure=asynchronous.on_failure,
        on_success=asynchronous.on_success,
        logging=read_logging(properties),
    )
    _check_unreserved(functions, properties)


def _check_unreserved(functions: dict[str, Function], properties: Properties) -> None:
    """Lambda keeps 100 of the account's concurrency for functions that reserve none (PutFunctionConcurrency)."""
    reserved = sum(function.reserved_concurrency or 0 for function in functions.values())
    if reserved > _ACCOUNT_CONCURRENCY - _UNRESERVED:
        left = f"{_ACCOUNT_CONCURRENCY - reserved} of {_ACCOUNT_CONCURRENCY}"
        text = f"leaves {left} to other functions, and Lambda keeps at least {_UNRESERVED}"
        raise properties.error(text, "ReservedConcurrentExecutions")


def _environment(properties: Properties) -> dict[str, str]:
    part = properties.part("Environment", ("Variables",))
    variables = part.string_map("Variables")
    for name in variables:
        if name in _RESERVED_NAMES:
            raise part.error(f"{name} is reserved: Lambda sets it", "Variables", name)
    size = sum(len(name.encode()) + len(value.encode()) for name, value in variables.items())
    if size > _ENVIRONMENT_LIMIT:
        raise properties.error(f"the variables take {size} bytes, and Lambda allows 4 KB", "Environment")
    return variables


def _code(context: Context, properties: Properties, resource: Resource) -> Path:
    location = properties.values.get("Code")
    if isinstance(location, dict) and "ZipFile" in location:
        if not properties.text("Handler").startswith("index."):
            raise properties.error("inline code is the module index, so the handler is index.function", "Handler")
        return inline_folder(properties.part("Code", ("ZipFile",)).text("ZipFile"), resource.where("InlineCode"))
    return _folder(context, folder_of(location, resource.where("CodeUri")), resource, "CodeUri")


def _layers(context: Context, properties: Properties) -> tuple[Path, ...]:
    by_arn = {context.identities.arn(layer): layer for layer in context.of_type("AWS::Lambda::LayerVersion")}
    references = properties.texts("Layers")
    if len(references) > 5:
        raise properties.error("a function has at most 5 layers", "Layers")
    folders = []
    for arn in references:
        if context.left_out(arn):
            continue
        if arn not in by_arn:
            advice = f"have its packages installed here and leave it out: --without {arn}"
            raise properties.error(f"the layer {arn} is not in this template and is not fetched; {advice}", "Layers")
        folders.append(layer_folder(context, by_arn[arn]))
    return tuple(folders)


def layer_folder(context: Context, layer: Resource) -> Path:
    """Return the folder of a layer of the template."""
    ignored = dict.fromkeys(_LAYER_IGNORED, "informative")
    content = context.read(layer, ("Content",), ignored).values.get("Content")
    return _folder(context, folder_of(content, layer.where("Content")), layer, "ContentUri")


def _folder(context: Context, written: str, resource: Resource, property_name: str) -> Path:
    folder = (context.translation.template.parent / written).resolve()
    if not folder.is_dir():
        kind = "is a file, and code is run from folders" if folder.exists() else "does not exist"
        raise TemplateError(f"the folder {written} {kind}", resource.where(property_name))
    return folder


def _handler(properties: Properties, code: Path, layers: tuple[Path, ...]) -> str:
    """Return the handler after a look that its module is there: in the code, else in a layer."""
    handler = properties.text("Handler")
    module, dot, function = handler.rpartition(".")
    if not dot or not module or not function:
        raise properties.error(f"{handler!r} is not of the form module.function", "Handler")
    path = Path(module.replace(".", "/"))
    roots = [code, *(root for layer in layers for root in (layer, layer / "python"))]
    if not any((root / path).with_suffix(".py").is_file() or (root / path / "__init__.py").is_file() for root in roots):
        raise properties.error(f"there is no {path}.py in {code.name} nor in a layer", "Handler")
    return handler
