"""The resources of a translated template, and the order in which they depend on one another."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from local.template.errors import Problems, TemplateError
from local.template.intrinsics import NO_VALUE, Resolver, Where, intrinsic, split_attribute, sub_names
from local.template.translation import Translation


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource whose condition holds; `properties` still hold intrinsics."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    depends_on: tuple[str, ...] = ()

    def where(self, *path: str) -> Where:
        return ("Resources", self.logical_id, "Properties", *path)


def read_resources(translation: Translation, resolver: Resolver, problems: Problems) -> dict[str, Resource]:
    """Return the resources whose condition holds, in the order of the source file, SAM's own after their origin.

    Notes where a resource has no type, or an attribute such as Condition is wrong.
    """
    order = {logical_id: index for index, logical_id in enumerate(translation.source_resources)}

    def position(logical_id: str) -> tuple[int, str]:
        return order.get(translation.source_resource(logical_id) or "", len(order)), logical_id

    found: dict[str, Resource] = {}
    for logical_id in sorted(translation.document["Resources"], key=position):
        with problems.attempt():
            resource = _resource(logical_id, translation.document["Resources"][logical_id], resolver)
            if resource:
                found[logical_id] = resource
    return found


def _resource(logical_id: str, body: Any, resolver: Resolver) -> Resource | None:
    where = ("Resources", logical_id)
    if not isinstance(body, dict) or not isinstance(body.get("Type"), str):
        raise TemplateError("the resource has no Type", where)
    if "Condition" in body and not resolver.condition(body["Condition"], (*where, "Condition")):
        return None
    depends_on = body.get("DependsOn", [])
    names = (depends_on,) if isinstance(depends_on, str) else tuple(depends_on)
    return Resource(logical_id, body["Type"], body.get("Properties") or {}, names)


def dependency_order(
    resources: Mapping[str, Resource],
    known: Collection[str],
    declared: Collection[str],
    resolver: Resolver,
    problems: Problems,
) -> list[str]:
    """Return logical ids, each after what it depends on (DependsOn, Ref, GetAtt, Sub), as CloudFormation makes them.

    `known` are the names that are no resources: parameters and pseudo parameters. `declared` are all resources of the
    template; on one whose condition does not hold, DependsOn has no effect.

    Notes where a name is not known, or the dependencies are circular, which CloudFormation refuses too.
    """
    graph: dict[str, list[str]] = {}
    for logical_id, resource in resources.items():
        graph[logical_id] = []
        needed: list[tuple[str, Where]] = [
            (name, ("Resources", logical_id, "DependsOn")) for name in resource.depends_on
        ]
        with problems.attempt():
            needed += references(resource.properties, resource.where(), resolver)
        for name, where in needed:
            with problems.attempt():
                if name in resources:
                    graph[logical_id].append(name)
                elif name not in (declared if where[2] == "DependsOn" else known):
                    raise TemplateError(f"{name} is no parameter, nor a resource whose condition holds", where)
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        cycle = error.args[1]
        with problems.attempt():
            raise TemplateError(
                f"circular dependency between resources: {' -> '.join(reversed(cycle))}", ("Resources", cycle[-1])
            ) from error
        return list(resources)


def check_known(node: Any, where: Where, known: Collection[str], resolver: Resolver) -> None:
    """Raise TemplateError for the first name that a node refers to and that is not known."""
    for name, place in references(node, where, resolver):
        if name not in known:
            raise TemplateError(f"{name} is no parameter, nor a resource whose condition holds", place)


def references(node: Any, where: Where, resolver: Resolver) -> Iterator[tuple[str, Where]]:
    """Yield the names a node refers to, following only the branches of Fn::If that hold."""
    node = resolver.chosen(node, where)
    if node is NO_VALUE:
        return
    call = intrinsic(node)
    if call and call[0] == "Ref" and isinstance(call[1], str):
        yield call[1], where
    elif call and call[0] == "Fn::GetAtt":
        yield split_attribute(call[1], where)[0], where
    elif call and call[0] == "Fn::Sub":
        text, names = call[1] if isinstance(call[1], list) and len(call[1]) == 2 else (call[1], {})
        local = names if isinstance(names, dict) else {}
        yield from ((name.split(".")[0], where) for name in sub_names(str(text)) if name not in local)
        yield from references(local, where, resolver)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from references(value, (*where, str(key)), resolver)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from references(value, (*where, str(index)), resolver)
