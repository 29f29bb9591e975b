"""Measures for Prometheus, and sends traces and measures to a collector. Needs the packages of the extra `otel`."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import Histogram
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest

from pai_dsw_mcp import telemetry
from pai_dsw_mcp.telemetry import Measured
from pai_dsw_mcp.version import VERSION

_NAME: Final = "pai-dsw-mcp"
_SECONDS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Bounds of the buckets: from a refusal to the longest wait."""
_TIMEOUT: Final = 5.0
"""Seconds for one transmission: a collector that is away must not hold up the end of the server."""


class Exporters:
    """What measures from now on, until it is closed."""

    def __init__(self, endpoint: str | None) -> None:
        """`endpoint`: a collector that speaks OTLP over HTTP, if there is one."""
        self._registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)
        # Says which service and version it is. What else the environment says of the machine goes to a collector alone.
        resource = Resource.create({SERVICE_NAME: _NAME, SERVICE_VERSION: VERSION})
        readers: list[MetricReader] = [PrometheusMetricReader(registry=self._registry, scope_info_enabled=False)]
        self._closing: list[Callable[[], object]] = []
        if endpoint is not None:
            traces = TracerProvider(resource=resource)
            sender = OTLPSpanExporter(f"{endpoint}/v1/traces", timeout=_TIMEOUT)
            traces.add_span_processor(BatchSpanProcessor(sender))
            trace.set_tracer_provider(traces)
            readers.append(
                PeriodicExportingMetricReader(OTLPMetricExporter(f"{endpoint}/v1/metrics", timeout=_TIMEOUT))
            )
            self._closing.append(traces.shutdown)
        provider = MeterProvider(readers, resource=resource)
        self._closing.append(provider.shutdown)
        meter = provider.get_meter(_NAME)

        @cache
        def histogram(measured: Measured) -> Histogram:
            return meter.create_histogram(measured, unit="s", explicit_bucket_boundaries_advisory=_SECONDS)

        def measure(measured: Measured, seconds: float, facts: Mapping[str, str]) -> None:
            histogram(measured).record(seconds, facts)

        self._measure = measure
        telemetry.measures.append(measure)

    def scrape(self) -> bytes:
        """What was measured, as Prometheus reads it."""
        return generate_latest(self._registry)

    def close(self) -> None:
        """Sends what a collector has not had yet, and measures no more."""
        telemetry.measures.remove(self._measure)
        for close in self._closing:
            close()
