"""For each alert: what is measured where it must fire, and where it must not. One sample a minute, as promtool writes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chat4all.kafka.topics import Topic

Series = Mapping[str, str]

MINUTES = 240
THREE_DAYS = 24 * 60 * 3 // 2 + 60
"""In samples of two minutes."""
_TOPICS = [name for topic in Topic for name in (str(topic), f"{topic}.dead_letter")]


@dataclass(frozen=True)
class Case:
    """`fires` is every alert that fires at minute `at`, as "Name severity"."""

    name: str
    fires: frozenset[str]
    series: Series
    at: int = 10
    without: frozenset[str] = field(default_factory=frozenset)
    """Series of a healthy stack that are not there."""


def healthy(minutes: int) -> Series:
    """What a stack in good health says all the time."""
    return {
        'up{job="chat4all"}': always(1, minutes),
        "kafka_brokers": always(3, minutes),
        **{offset(topic): f"0+1x{minutes}" for topic in _TOPICS},
    }


def offset(topic: str) -> str:
    return f'kafka_topic_partition_current_offset{{topic="{topic}",partition="0"}}'


def always(value: float, minutes: int = MINUTES) -> str:
    return f"{value}+0x{minutes}"


def late(value: float, minute: int = 8) -> str:
    """A counter that is not there before something was counted."""
    return f"_x{minute} {value}+0x{MINUTES}"


def requests(bad: str, good: str = f"0+1000x{THREE_DAYS}") -> Series:
    name = 'aws_apigateway_requests_total{api="http",status="'
    return {f'{name}5xx"}}': bad, f'{name}2xx"}}': good}


def slower(metric: str, labels: str, within: str, per_minute: int, fast: int) -> Series:
    """A histogram of which `fast` of `per_minute` are in the bucket `within`."""
    return {
        f"{metric}_count{{{labels}}}": f"0+{per_minute}x{THREE_DAYS}",
        f'{metric}_bucket{{{labels},le="{within}"}}': f"0+{fast}x{THREE_DAYS}",
    }


def _case(name: str, fires: str, series: Series, at: int = 10, without: str = "") -> Case:
    alerts = frozenset(each.strip() for each in fires.split(",") if each.strip())
    return Case(name, alerts, series, at, frozenset({without} if without else ()))


BOTH = "%s page, %s ticket"
_GATEWAY = "aws_apigateway_request_seconds"
_LATENCY = "chat4all_message_latency_seconds"
_PUSHED = 'stage="pushed"'

OBJECTIVES = (
    _case("a fifth of requests fail", BOTH % ("ApiAvailabilityBurn", "ApiAvailabilityBurn"), requests("0+250x2220")),
    _case("fewer fail than may", "", requests("0+0.4x2220"), at=4330),
    _case("twice the budget for days", "ApiAvailabilityBurn ticket", requests("0+1x2220"), at=4330),
    _case("seven times the budget for hours", BOTH % ("ApiAvailabilityBurn", "ApiAvailabilityBurn"), requests("0+3.5x2220"), 400),
    _case("a bad hour that is over: nobody is called", "ApiAvailabilityBurn ticket", requests("0+60x30 1800+0x2220"), 150),
    _case("no requests at all", "", {}),
    _case("slow answers", BOTH % ("ApiLatencyBurn", "ApiLatencyBurn"), slower(_GATEWAY, 'api="http"', "0.2", 1000, 800)),
    _case("slow answers, as many as may be", "", slower(_GATEWAY, 'api="http"', "0.2", 1000, 991), at=4330),
    _case("late pushes", BOTH % ("DeliveryLatencyBurn", "DeliveryLatencyBurn"), slower(_LATENCY, _PUSHED, "0.5", 100, 80)),
    _case("late at a provider only", "", slower(_LATENCY, 'stage="provider"', "0.5", 100, 10)),
)  # fmt: skip

_EVENTS = offset("chat4all.events")
_LAG = 'kafka_consumer_lag{group="g",topic="chat4all.events",partition="0"}'
_MAPPING = 'aws_lambda_mapping_enabled{function="chat4all-RouterFunction",topic="chat4all.messages"}'
_CONNECT = 'kafka_connect_failures_total{cause="%s"}'
_IN_SYNC = 'kafka_topic_partition_insync_replicas{topic="chat4all.events",partition="0"}'
_REPLICAS = 'kafka_topic_partition_replicas{topic="chat4all.events",partition="0"}'

KAFKA = (
    _case("no broker counted", "KafkaUnavailable page", {"kafka_brokers": always(0)}),
    _case("brokers not counted", "KafkaUnavailable page", {}, without="kafka_brokers"),
    _case("a topic is gone", "TopicMissing page", {_EVENTS: f"0+1x5 stale _x{MINUTES}"}),
    _case("a topic is not counted while Kafka is away", "KafkaUnavailable page", {"kafka_brokers": always(0)}, without=_EVENTS),
    _case("one replica out of sync", "ReplicasOutOfSync ticket", {_IN_SYNC: always(2), _REPLICAS: always(3)}),
    _case("all in sync", "", {_IN_SYNC: always(3), _REPLICAS: always(3)}),
    _case("one replica is all that there are", "", {_IN_SYNC: always(1), _REPLICAS: always(1)}),
    _case(
        "two of three out of sync",
        "ReplicasOutOfSync ticket, UnderMinimumInSync page",
        {_IN_SYNC: always(1), _REPLICAS: always(3)},
    ),
    _case("a mapping does not poll", "MappingStopped page", {_MAPPING: always(0)}),
    _case("no mapping polls while Kafka is away", "KafkaUnavailable page", {_MAPPING: always(0), "kafka_brokers": always(0)}),
    _case("a consumer stands still", "ConsumerBehind page", {_LAG: always(3), _EVENTS: always(50)}),
    _case("a consumer falls behind", "ConsumerBehind page", {_LAG: "0+100x100", _EVENTS: "0+600x100"}, at=30),
    _case("a consumer is a second behind", "", {_LAG: always(10), _EVENTS: "0+600x100"}, at=30),
    _case("the sign-in is refused for the first time", "KafkaSignInRefused page", {_CONNECT % "refused": late(1)}),
    _case("and again", "KafkaSignInRefused page", {_CONNECT % "refused": "5+0x5 5+1x5 10+0x100"}),
    _case("who is refused is kept waiting, too", "KafkaSignInRefused page", {_CONNECT % "unreachable": "0+4x100"}),
    _case("was refused long ago", "", {_CONNECT % "refused": always(5)}),
    _case("the certificate is not taken", "KafkaCertificateRefused page", {_CONNECT % "certificate": late(1)}),
    _case("a broker was away for a moment", "", {_CONNECT % "unreachable": late(2)}),
)  # fmt: skip

_WRONG = 'chat4all_database_errors_total{table="heads",error="%s"}'
_CALLS = 'chat4all_database_seconds_count{table="heads",operation="GetItem"}'

DATABASE = (
    _case("a table is throttled", "TableThrottled page", {_WRONG % "throttled": "0+4x100"}),
    _case("a table was throttled once, long ago", "", {_WRONG % "throttled": always(4)}),
    _case("transactions in conflict", "", {_WRONG % "conflict": "0+4x100"}),
    _case("a table is missing", "TableMissing page", {_WRONG % "missing": late(1)}),
    _case("no answers", "DatabaseUnavailable page", {_WRONG % "unanswered": "0+10x100", _CALLS: "0+60x100"}),
    _case("one call in a hundred", "", {_WRONG % "unavailable": "0+1x100", _CALLS: "0+100x100"}),
)

_DEAD = 'chat4all_records_dead_total{consumer="router"}'
_NOT_PARKED = 'chat4all_records_not_parked_total{consumer="router"}'
_LANES = 'chat4all_lanes_waiting{consumer="router"}'

RECORDS = (
    _case("a message is not routed", "MessagesUnrouted page", {"chat4all_outbox_age_seconds": always(90)}),
    _case("the sweeper is at it", "", {"chat4all_outbox_age_seconds": always(30)}),
    _case("records cannot be put aside", "PartitionWaits page", {_NOT_PARKED: late(1, 7)}),
    _case("could not, yesterday", "", {_NOT_PARKED: always(7)}),
    _case("a record is given up", "RecordsDead ticket", {_DEAD: late(1)}),
    _case("was given up yesterday", "", {_DEAD: always(9)}, at=20),
    _case("lanes wait", "LanesWaiting ticket", {_LANES: always(1)}, at=40),
    _case("lanes wait for a while", "", {_LANES: f"0+0x10 1+0x20 0+0x{MINUTES}"}, at=29),
)

_SENDS = 'chat4all_channel_sends_total{channel="telegram",outcome="%s"}'
_REFUSED = 'chat4all_channel_refused_total{channel="whatsapp"}'
_RECEIVED = 'chat4all_channel_received_total{channel="whatsapp",kind="message"}'

CHANNELS = (
    _case("a token is refused", "ProviderRefusesAccount page", {_SENDS % "account_refused": late(1)}),
    _case("a recipient is gone", "", {_SENDS % "recipient_gone": late(1)}),
    _case("only forged calls", "ProviderCallsRefused ticket", {_REFUSED: "0+2x100"}),
    _case("a forged call among many", "", {_REFUSED: "0+1x100", _RECEIVED: "0+100x100"}),
    _case("a provider is away", "ProviderUnavailable ticket", {_SENDS % "unreachable": "0+9x100", _SENDS % "sent": "0+1x100"}),
    _case("a provider stumbles", "", {_SENDS % "try_again": "0+1x100", _SENDS % "sent": "0+9x100"}),
    _case("a circuit is open", "CircuitOpen ticket", {"chat4all_circuits_open": always(1)}, at=12),
    _case("all are closed", "", {"chat4all_circuits_open": always(0)}, at=12),
)  # fmt: skip

_ERRORS = 'aws_lambda_errors_total{function="router"}'
_INVOCATIONS = 'aws_lambda_invocations_total{function="router"}'
_SHED = 'chat4all_requests_shed_total{cause="guard"}'
_HANDLED = 'chat4all_http_requests_total{function="users",status="2xx"}'

PLATFORM = (
    _case("nobody answers at /metrics", "MetricsMissing page", {'up{job="chat4all"}': always(0)}),
    _case("nobody is asked", "MetricsMissing page", {}, without='up{job="chat4all"}'),
    _case("all is well", "", {}),
    _case("metrics are not understood", "MetricsRefused ticket", {'emf_documents_refused_total{function="router"}': late(1)}),
    _case("were not understood yesterday", "", {'emf_documents_refused_total{function="router"}': always(1)}, at=20),
    _case("a function fails", "FunctionFails page", {_ERRORS: "0+2x100", _INVOCATIONS: "0+100x100"}),
    _case("a function fails seldom", "", {_ERRORS: "0+1x100", _INVOCATIONS: "0+1000x100"}),
    _case("a function is throttled", "FunctionThrottled ticket", {'aws_lambda_throttles_total{function="router"}': "0+1x100"}),
    _case("was throttled yesterday", "", {'aws_lambda_throttles_total{function="router"}': always(1)}),
    _case("requests are shed", "RequestsShed page", {_SHED: "0+10x100", _HANDLED: "0+90x100"}),
    _case("one request is shed", "", {_SHED: "0+1x100", _HANDLED: "0+90x100"}),
)  # fmt: skip

_TAKEN = "websocket_messages_sent_total"
_NOT_TAKEN = 'websocket_messages_failed_total{cause="%s"}'
_ATTEMPTS = 'chat4all_webhook_attempts_total{outcome="%s"}'
_DISABLED = 'chat4all_webhook_endpoints_disabled_total{reason="gone"}'
_FILES = 'chat4all_files_total{event="%s"}'
_CALL = (
    'grpc_server_handled_total{grpc_type="unary",grpc_service="chat4all.v1.Messages",grpc_method="Send",grpc_code="%s"}'
)
_LEFT = "chat4all_certificate_seconds_left"

EDGES = (
    _case("frames are not taken", "PushesFail page", {_NOT_TAKEN % "busy": "0+10x100", _TAKEN: "0+90x100"}),
    _case("none is taken", "PushesFail page", {_NOT_TAKEN % "unanswered": "0+10x100"}),
    _case("clients leave", "", {_NOT_TAKEN % "gone": "0+50x100", _TAKEN: "0+50x100"}),
    _case("webhooks fail", "WebhooksFail ticket", {_ATTEMPTS % "timeout": "0+6x100", _ATTEMPTS % "delivered": "0+4x100"}, 40),
    _case("some webhooks fail", "", {_ATTEMPTS % "refused": "0+4x100", _ATTEMPTS % "delivered": "0+6x100"}, 40),
    _case("a webhook is disabled", "WebhookDisabled ticket", {_DISABLED: late(1)}),
    _case("was disabled yesterday", "", {_DISABLED: always(1)}, at=60),
    _case("uploads are refused", "UploadsRefused ticket", {_FILES % "failed": "0+1x100", _FILES % "completed": "0+0.1x100"}, 40),
    _case("most uploads are taken", "", {_FILES % "failed": "0+1x100", _FILES % "completed": "0+5x100"}, 40),
    _case("calls fail", "GrpcFails page", {_CALL % "INTERNAL": "0+2x100", _CALL % "OK": "0+98x100"}),
    _case("callers err", "", {_CALL % "INVALID_ARGUMENT": "0+50x100", _CALL % "OK": "0+50x100"}),
    _case("the certificate expires in a week", "CertificateExpires ticket", {_LEFT: always(7 * 86400)}),
    _case("the certificate has expired", "CertificateExpires page, CertificateExpires ticket", {_LEFT: always(-60)}),
    _case("the certificate holds", "", {_LEFT: always(60 * 86400)}),
)  # fmt: skip

CASES = (*OBJECTIVES, *KAFKA, *DATABASE, *RECORDS, *CHANNELS, *PLATFORM, *EDGES)
