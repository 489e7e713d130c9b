"""Kafka event source mappings: what Lambda's pollers do between a topic and a function."""

from local.event_source_mappings.checks import InvalidMapping, warnings
from local.event_source_mappings.kafka_mappings import KafkaMappings, MappingNotFound
from local.event_source_mappings.lifecycle import MappingInUse
from local.event_source_mappings.status import MappingStatus, PartitionStatus

__all__ = [
    "InvalidMapping",
    "KafkaMappings",
    "MappingInUse",
    "MappingNotFound",
    "MappingStatus",
    "PartitionStatus",
    "warnings",
]
