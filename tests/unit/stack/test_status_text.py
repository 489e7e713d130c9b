from typing import Any

from local.status_text import not_running, status_text

STATUS: dict[str, Any] = {
    "started_at": 1000.0,
    "stack": {"pid": 7, "rss_mb": 65.0},
    "engines": [
        {
            "name": "kafka",
            "product": "Apache Kafka 4.3.0",
            "address": "127.0.0.1:9092",
            "state": "running",
            "pid": 8,
            "rss_mb": 171.2,
        },
        {
            "name": "s3",
            "product": "external",
            "address": "http://s:1",
            "state": "external",
            "pid": None,
            "rss_mb": None,
        },
    ],
    "addresses": {"HTTP API": "http://127.0.0.1:8000"},
    "functions": [{"name": "adopt", "environments": 1, "invocations": 20, "errors": 3}],
    "mappings": [
        {
            "logical_id": "Adoptions",
            "topic": "adoptions",
            "function": "announce",
            "state": "Creating",
            "lag": 0,
            "partitions": [],
            "state_reason": "no such topic",
            "last_result": "OK",
        }
    ],
    "ignored": [],
}


def test_status_is_shown_as_tables() -> None:
    assert status_text(STATUS, now=1000.0 + 3725) == (
        "ready for 1 h 2 min, pid 7\n"
        "\n"
        "          pid  MB     address\n"
        "stack     7    65.0\n"
        "kafka     8    171.2  127.0.0.1:9092         Apache Kafka 4.3.0\n"
        "s3        -    -      http://s:1             external\n"
        "HTTP API              http://127.0.0.1:8000\n"
        "\n"
        "function  environments  invocations  errors\n"
        "adopt     1             20           3\n"
        "\n"
        "mapping    topic      function  state     lag  last result\n"
        "Adoptions  adoptions  announce  Creating  -    no such topic"
    )
    assert "mapping" not in status_text({**STATUS, "mappings": []}, now=1001.0)


def test_an_engine_that_is_down_is_seen_first() -> None:
    kafka, s3 = STATUS["engines"]
    down = {**STATUS, "engines": [{**kafka, "state": "restarting"}, s3]}
    shown = status_text(down, now=1001.0)
    assert shown.startswith("degraded (kafka restarting: scripts/logs kafka tells more), up for 1 s, pid 7\n")
    assert "kafka     restarting  171.2" in shown
    assert [engine["name"] for engine in not_running(down)] == ["kafka"]
    assert not_running(STATUS) == []
