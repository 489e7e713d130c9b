"""Loads a template: parameters, SAM's translator, intrinsics, then one reader for each kind of resource."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from local.application import LEFT_OUT, Application
from local.endpoints import Endpoints
from local.template.addresses import AddressRewriter, local_apis
from local.template.bucket_notifications import read_bucket_notifications
from local.template.context import Context
from local.template.custom_resources import is_custom, read_custom_resources
from local.template.errors import Problems, TemplateError
from local.template.functions import layer_folder, read_functions
from local.template.http_apis import is_websocket, read_http_apis
from local.template.identities import Identities
from local.template.inert import NOT_RUN, reason_to_ignore, reason_unserved
from local.template.intrinsics import NO_VALUE, Resolver, text_of
from local.template.kafka_mappings import read_kafka_mappings
from local.template.placeholders import fill_placeholders
from local.template.resources import Resource, check_known, dependency_order, read_resources
from local.template.samconfig import local_parameters, local_stack_name, local_without
from local.template.schedules import read_schedules
from local.template.storage import read_buckets, read_tables
from local.template.stored_values import read_secrets, read_ssm_parameters
from local.template.translation import Translation, translate
from local.template.websocket_apis import read_websocket_apis

_SECTIONS = {
    "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions", "Resources",
    "Outputs",
}  # fmt: skip
_SERVED = {
    "AWS::Lambda::Function", "AWS::Lambda::LayerVersion", "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::EventInvokeConfig", "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::Stage",
    "AWS::ApiGatewayV2::RouteResponse", "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Events::Rule",
    "AWS::Scheduler::Schedule", "AWS::SSM::Parameter", "AWS::SecretsManager::Secret",
}  # fmt: skip


def load_application(
    template: Path, *, parameters: Mapping[str, str], endpoints: Endpoints, without: Sequence[str] = ()
) -> Application:
    """Return what a template asks for, resolved for a stack at these endpoints.

    `parameters` go over those of `samconfig.toml`, environment `local`; placeholders such as `{http_url}` in either
    are filled. `without` and those of samconfig.toml name resources to leave out (`local.template.leaving_out`).
    Runs a child process for SAM's translator (about 0.7 s) and reads files; does nothing else.

    Raises:
        TemplateError: the template or a parameter is wrong, or asks for something that the stack cannot honour; its
            text names the file, the line, the resource and the property, of everything that is found wrong.
    """
    template = Path(template).resolve()
    given = fill_placeholders({**local_parameters(template), **parameters}, endpoints)
    without = (*local_without(template), *without)
    translation = translate(template, given, endpoints, without)
    try:
        return _application(translation, endpoints, local_stack_name(template), without)
    except TemplateError as error:
        raise translation.located(error) from error


def _application(
    translation: Translation, endpoints: Endpoints, stack_name: str, without: Sequence[str]
) -> Application:
    context = _context(translation, endpoints, stack_name, without)
    for logical_id, kind in translation.left_out.items():
        context.ignore(f"{logical_id} ({kind})", LEFT_OUT)
    for resource in context.resources.values():
        with context.problems.attempt():
            _check_type(context, resource)
    for layer in context.of_type("AWS::Lambda::LayerVersion"):
        with context.problems.attempt():
            layer_folder(context, layer)
    application = Application(
        template=translation.template,
        functions=read_functions(context),
        http_apis=read_http_apis(context),
        websocket_apis=read_websocket_apis(context),
        kafka_mappings=read_kafka_mappings(context),
        schedules=read_schedules(context),
        tables=read_tables(context),
        buckets=read_buckets(context),
        bucket_notifications=read_bucket_notifications(context),
        custom_resources=read_custom_resources(context),
        ssm_parameters=read_ssm_parameters(context),
        secrets=read_secrets(context),
        outputs=_outputs(context),
        stack_name=stack_name,
        stack_id=str(context.identities.parameters["AWS::StackId"]),
    )
    _note_builds(context)
    context.problems.check()
    return _with_ignored(application, context)


def _with_ignored(application: Application, context: Context) -> Application:
    # Last, because every reader notes what it leaves out.
    return replace(application, ignored=context.ignored())


def _note_builds(context: Context) -> None:
    """Folders are used as they are: only what `sam build` does for Python is done here."""
    for logical_id, method in context.translation.build_methods.items():
        if not method.startswith("python"):
            context.ignore(f"{logical_id}.BuildMethod", f"{method} is not run: the folder is used as it is")


def _context(translation: Translation, endpoints: Endpoints, stack_name: str, without: Sequence[str]) -> Context:
    document, problems = translation.document, Problems()
    for section in document:
        with problems.attempt():
            if section not in _SECTIONS:
                raise TemplateError(f"the section {section} is not honoured here", (section,))
    identities = Identities(stack_name, endpoints, translation.parameters, translation.left_out)
    resolver = Resolver(document.get("Mappings") or {}, document.get("Conditions") or {}, identities)
    identities.resolver = resolver
    for name in document.get("Conditions") or {}:
        with problems.attempt():
            resolver.condition(name)
    identities.resources = resources = read_resources(translation, resolver, problems)
    known = {*identities.parameters, *translation.left_out}
    declared = {*document["Resources"], *translation.left_out}
    order = dependency_order(resources, known, declared, resolver, problems)
    apis = [each for each in resources.values() if each.type == "AWS::ApiGatewayV2::Api"]
    http = [identities.unique_id(each) for each in apis if not is_websocket(each)]
    websocket = [identities.unique_id(each) for each in apis if is_websocket(each)]
    return Context(
        translation=translation,
        resources=resources,
        order=tuple(order),
        resolver=resolver,
        identities=identities,
        endpoints=endpoints,
        rewriter=AddressRewriter(local_apis(http, websocket, endpoints), endpoints.region),
        stack_name=stack_name,
        without=without,
        problems=problems,
    )


def _check_type(context: Context, resource: Resource) -> None:
    where = ("Resources", resource.logical_id)
    if resource.type in _SERVED or is_custom(resource):
        return
    if resource.type in NOT_RUN:
        raise TemplateError(f"{resource.type} is not run here: {NOT_RUN[resource.type]}", where)
    if reason := reason_to_ignore(resource.type):
        context.ignore(resource.type, reason)
    elif reason := reason_unserved(resource.type):
        _check_trigger(resource, reason)
        context.ignore(f"{resource.logical_id} ({resource.type})", f"{reason}; nothing that runs here refers to it")
    else:
        raise TemplateError(f"resources of type {resource.type} are not run here", where)


def _check_trigger(resource: Resource, reason: str) -> None:
    """Raise TemplateError where the resource is there to invoke a function of the template."""
    if resource.type == "AWS::SNS::Subscription" and resource.properties.get("Protocol") == "lambda":
        raise TemplateError(f"invokes a function, and {reason}", ("Resources", resource.logical_id))


def _outputs(context: Context) -> dict[str, str]:
    found = {}
    known = {*context.resources, *context.identities.parameters, *context.translation.left_out}
    for name, output in (context.translation.document.get("Outputs") or {}).items():
        where = ("Outputs", name)
        if "Condition" in output and not context.resolver.condition(output["Condition"], (*where, "Condition")):
            continue
        with context.problems.attempt():
            check_known(output.get("Value"), (*where, "Value"), known, context.resolver)
        try:
            value = context.resolve(output.get("Value"), (*where, "Value"))
        except TemplateError as error:
            # An output shows something to people: what cannot be shown cannot change what runs.
            context.ignore(f"Outputs.{name}", error.message)
            continue
        if value is not NO_VALUE:
            found[name] = text_of(value)
    return found
