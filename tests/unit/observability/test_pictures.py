"""Boards drawn from what a Prometheus answers."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from infra.observability import pictures


@pytest.fixture
def prometheus() -> Iterator[tuple[str, list[str]]]:
    """A server that answers every query with one rising line, and what it was asked."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = parse_qs(urlparse(self.path).query)
            asked.append(given["query"][0])
            start = float(given["start"][0])
            series = {"metric": {"channel": "in_app"}, "values": [[start + n, str(n)] for n in range(60)]}
            body = json.dumps({"status": "success", "data": {"result": [series]}}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        thread.join()


def test_a_board_is_drawn_with_every_query(prometheus: tuple[str, list[str]], tmp_path: Path) -> None:
    url, asked = prometheus
    pictures.main(["grpc", str(tmp_path / "grpc.png"), "--url", url])
    board = next(board for board in pictures.BOARDS if board.name == "grpc")
    assert len(asked) == sum(len(panel.queries) for panel in board.panels)
    assert not any("$__" in query for query in asked)
    assert (tmp_path / "grpc.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "grpc.png").stat().st_size > 20_000
