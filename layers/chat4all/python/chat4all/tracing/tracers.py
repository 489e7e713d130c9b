"""Who records the spans of a service, as the settings have it."""

from functools import cache

from chat4all.config import settings
from chat4all.tracing.spans import Tracer


@cache
def tracer_of(service: str) -> Tracer | None:
    """None where no endpoint is set: then nothing of OpenTelemetry is loaded."""
    known = settings()
    if not known.otlp_endpoint:
        return None
    from chat4all.tracing.exporting import ExportingTracer

    return ExportingTracer(service, known.otlp_endpoint, known.stage, known.trace_sample_ratio)
