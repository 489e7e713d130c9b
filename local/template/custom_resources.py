"""Custom resources, made by a function of the template.

Reference: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
"""

from local.application import CustomResource
from local.template.context import Context, Properties
from local.template.resources import Resource


def is_custom(resource: Resource) -> bool:
    return resource.type.startswith("Custom::") or resource.type == "AWS::CloudFormation::CustomResource"


def read_custom_resources(context: Context) -> tuple[CustomResource, ...]:
    """Return the custom resources, each after those it depends on."""
    found = []
    for logical_id in context.order:
        resource = context.resources[logical_id]
        if not is_custom(resource):
            continue
        with context.problems.attempt():
            values = context.resolve(resource.properties, resource.where())
            properties = Properties(values, resource.where())
            function = context.function_name(properties.text("ServiceToken"), resource.where("ServiceToken"))
            properties.integer("ServiceTimeout", 3600, 1, 3600)
            found.append(CustomResource(logical_id, resource.type, function, strings(values)))
    return tuple(found)


def strings(value: object) -> dict[str, object]:
    """Return properties with every scalar as a string, which is how CloudFormation sends them."""

    def convert(item: object) -> object:
        if isinstance(item, dict):
            return {str(key): convert(each) for key, each in item.items()}
        if isinstance(item, list):
            return [convert(each) for each in item]
        return str(item).lower() if isinstance(item, bool) else str(item)

    return {str(key): convert(each) for key, each in value.items()} if isinstance(value, dict) else {}
