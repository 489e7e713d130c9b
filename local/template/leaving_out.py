"""Resources that a person leaves out on purpose, so that the rest of a template runs."""

from collections.abc import MutableMapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from local.template.errors import Problems, TemplateError


class LeavingOut:
    """Takes resources out of a template, before and after SAM's translator.

    What is left out is named by logical id, or by type, in which `*` stands for anything: `AWS::ApiGateway::*`. One event
    of a function is `Function.Event`.
    Before the translator, because what SAM makes of a resource goes with it; after it, because a resource that SAM made
    (of one event of a function, say) can be named alone. ARNs
    name layers outside the template, which the reader of functions leaves out.
    """

    def __init__(self, names: Sequence[str], resources: MutableMapping[str, Any]) -> None:
        """Takes out of the source's resources. Raises TemplateError where nothing is left."""
        self.types: dict[str, str] = {}
        """Types of what was left out, by logical id."""
        self._unused = dict.fromkeys(name for name in names if not name.startswith("arn:"))
        self._names = names
        self._take(resources)
        for logical_id, resource in resources.items():
            self._take_events(logical_id, resource.get("Properties") or {})
        if not resources:
            raise TemplateError("nothing is left of the template", ("Resources",))

    def after_translation(self, resources: MutableMapping[str, Any]) -> None:
        """Takes out of what SAM made. Raises TemplateError for each name that named nothing."""
        self._take(resources)
        problems = Problems()
        for name in self._unused:
            with problems.attempt():
                raise TemplateError(f"there is no resource, type or event {name} to leave out")
        problems.check()

    def _take(self, resources: MutableMapping[str, Any]) -> None:
        for logical_id in list(resources):
            kind = str(resources[logical_id].get("Type"))
            if self._is_named(logical_id, kind):
                self.types[logical_id] = kind
                del resources[logical_id]

    def _take_events(self, logical_id: str, properties: dict[str, Any]) -> None:
        events = properties.get("Events")
        if not isinstance(events, dict):
            return
        for event in list(events):
            name = f"{logical_id}.{event}"
            if self._is_named(name):
                kind = events[event].get("Type") if isinstance(events[event], dict) else None
                self.types[name] = f"event of type {kind}"
                del events[event]

    def _is_named(self, *names: str) -> bool:
        found = [pattern for pattern in self._names if any(fnmatchcase(name, pattern) for name in names)]
        for pattern in found:
            self._unused.pop(pattern, None)
        return bool(found)
