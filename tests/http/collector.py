"""A collector on loopback that keeps what it is sent, and a server's exporters that send to it."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace import TracerProvider

from pai_dsw_mcp.http.exporters import Exporters


@dataclass
class Collector:
    """What arrived, by path."""

    bodies: list[tuple[str, bytes]] = field(default_factory=list[tuple[str, bytes]])
    exporters: Exporters = field(init=False)

    def flush(self) -> None:
        """Waits until the spans that have ended are here."""
        cast("TracerProvider", trace.get_tracer_provider()).force_flush()

    def spans(self) -> list[Span]:
        self.flush()
        requests = [ExportTraceServiceRequest.FromString(body) for path, body in self.bodies if path == "/v1/traces"]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@contextmanager
def collecting() -> Generator[Collector]:
    """The exporters send to it until the block ends. A process can set up traces once."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.bodies.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's signature
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        collector.exporters = Exporters(f"http://127.0.0.1:{server.server_port}")
        try:
            yield collector
        finally:
            collector.exporters.close()
            server.shutdown()
