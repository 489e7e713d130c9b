"""Kafka event source mappings: what Lambda's pollers do between a topic and a function."""

from local.event_source_mappings.checks import InvalidMapping, warnings
from local.event_source_mappings.kafka_mappings import KafkaMappings
from local.event_source_mappings.status import MappingStatus, PartitionStatus

__all__ = ["InvalidMapping", "KafkaMappings", "MappingStatus", "PartitionStatus", "warnings"]
