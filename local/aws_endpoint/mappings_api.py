"""Event source mappings in the Lambda API: list, get, and update as far as switching on and off."""

from collections.abc import Mapping
from typing import Any, Protocol

from aiohttp import web

from local.application import Application, KafkaMapping
from local.aws_endpoint.errors import AwsError
from local.aws_endpoint.function_descriptions import event_source_mapping
from local.aws_endpoint.json_protocol import read_object
from local.aws_endpoint.listing import listing_page
from local.endpoints import Endpoints
from local.event_source_mappings.lifecycle import MappingInUse
from local.event_source_mappings.status import MappingStatus

_IN_USE = (
    "Cannot update the event source mapping because it is in use. "
    "Event source mapping is in use when it is in Creating, Enabling, Disabling, Updating or Deleting state."
)


class MappingControl(Protocol):
    """What runs the mappings. Raises MappingInUse."""

    def get(self, uuid: str) -> MappingStatus: ...
    def set_enabled(self, uuid: str, enabled: bool) -> MappingStatus: ...


class MappingsApi:
    """`/2015-03-31/event-source-mappings/…`."""

    def __init__(self, control: MappingControl, application: Application, endpoints: Endpoints) -> None:
        self._control = control
        self._application = application
        self._endpoints = endpoints

    def list(self, query: Mapping[str, str], function: str | None) -> dict[str, Any]:
        """A page of ListEventSourceMappings; `function` is a name."""
        source = query.get("EventSourceArn")
        found = {
            mapping.uuid: self._describe(mapping, self._control.get(mapping.uuid))
            for mapping in self._application.kafka_mappings
            if function in (None, mapping.function) and source in (None, mapping.event_source_arn)
        }
        return listing_page(query, "EventSourceMappings", found, default=100, most=100)

    def get(self, uuid: str) -> dict[str, Any]:
        return self._describe(self._find(uuid), self._control.get(uuid))

    async def update(self, uuid: str, request: web.Request) -> dict[str, Any]:
        """Enabled and nothing else: the template is the description of the rest."""
        mapping, changes = self._find(uuid), await read_object(request)
        current = event_source_mapping(mapping, self._function(mapping), self._endpoints)
        for name, value in changes.items():
            if name in ("UUID", "Enabled", "FunctionName") or current.get(name) == value:
                continue
            text = (
                f"The local stack takes {name} of {mapping.logical_id} from the template: change it there and start the "
                "stack again. Only Enabled can be changed while it runs."
            )
            raise AwsError(400, "InvalidParameterValueException", text, _user(text))
        if changes.get("FunctionName", mapping.function) not in (mapping.function, self._function(mapping).arn):
            text = f"The local stack takes the function of {mapping.logical_id} from the template: change it there."
            raise AwsError(400, "InvalidParameterValueException", text, _user(text))
        enabled = changes.get("Enabled")
        if enabled is None:
            return self.get(uuid)
        if not isinstance(enabled, bool):
            text = "Enabled is true or false."
            raise AwsError(400, "SerializationException", text, _user(text))
        try:
            return self._describe(mapping, self._control.set_enabled(uuid, enabled))
        except MappingInUse:
            raise AwsError(400, "ResourceInUseException", _IN_USE, _user(_IN_USE)) from None

    def _find(self, uuid: str) -> KafkaMapping:
        for mapping in self._application.kafka_mappings:
            if mapping.uuid == uuid:
                return mapping
        text = "The resource you requested does not exist."
        raise AwsError(404, "ResourceNotFoundException", text, _user(text))

    def _function(self, mapping: KafkaMapping) -> Any:
        return self._application.functions[mapping.function]

    def _describe(self, mapping: KafkaMapping, status: MappingStatus) -> dict[str, Any]:
        return event_source_mapping(mapping, self._function(mapping), self._endpoints) | {
            "State": status.state,
            "StateTransitionReason": status.state_transition_reason,
            "LastProcessingResult": status.last_processing_result,
            "LastModified": status.last_modified,
        }


def _user(text: str) -> dict[str, object]:
    return {"Type": "User", "Message": text}
