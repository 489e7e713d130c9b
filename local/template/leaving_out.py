"""Resources that a person leaves out on purpose, so that the rest of a template runs."""

from collections.abc import MutableMapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from local.template.errors import Problems, TemplateError


class LeavingOut:
    """Takes resources out of a template, before and after SAM's translator.

    What is left out is named by logical id, or by type, in which `*` stands for anything: `AWS::ApiGateway::*`.
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
        if not resources:
            raise TemplateError("nothing is left of the template", ("Resources",))

    def after_translation(self, resources: MutableMapping[str, Any]) -> None:
        """Takes out of what SAM made. Raises TemplateError for each name that named nothing."""
        self._take(resources)
        problems = Problems()
        for name in self._unused:
            with problems.attempt():
                raise TemplateError(f"there is no resource, nor a type of one, {name} to leave out")
        problems.check()

    def _take(self, resources: MutableMapping[str, Any]) -> None:
        for logical_id in list(resources):
            kind = str(resources[logical_id].get("Type"))
            found = [name for name in self._names if fnmatchcase(logical_id, name) or fnmatchcase(kind, name)]
            if found:
                self.types[logical_id] = kind
                del resources[logical_id]
            for name in found:
                self._unused.pop(name, None)
