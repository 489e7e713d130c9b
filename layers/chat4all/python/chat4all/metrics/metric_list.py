"""Every metric of the functions and of the gRPC edge, once. docs/metrics.md is written from it (`scripts/write-metrics`).

Counters and histograms are emitted where something happens (`chat4all.metrics.emission`), gauges by what runs each minute.
What the platform measures itself (Lambda, API Gateway, event source mappings, brokers) is in `platform_list`.
"""

from chat4all.metrics.metric import BYTES, Metric, counter, gauge, histogram

# --- Messages ---------------------------------------------------------------------------------------------------------
MESSAGES_SENT = counter(
    "chat4all_messages_sent_total",
    ("channel", "type"),
    "Messages accepted (202): durable and numbered. A repeat of the same message_id is none. `channel` is where it came from.",
    "sending",
)
MESSAGES_DELIVERED = counter(
    "chat4all_messages_delivered_total",
    ("channel",),
    "Messages that came to a recipient, one for each recipient: in_app, an open WebSocket took it; on a channel, a delivery of "
    "it was reported as delivered or read, or was sent where the channel reports no more. At least once: a retry may repeat it.",
    "realtime, delivery_status",
)
MESSAGE_LATENCY = histogram(
    "chat4all_message_latency_seconds",
    ("stage",),
    "From the acceptance of a message to: `accepted` the end of its write and publication, `routed` its events in Kafka, "
    "`pushed` an open WebSocket took it (end to end), `provider` a provider took it, `webhook` a customer's server took it.",
    "sending, router, realtime, connectors, webhook_send",
)
DELIVERIES = counter(
    "chat4all_deliveries_total",
    ("channel", "status"),
    "Deliveries over channels that came to a status: sent, delivered, read or failed.",
    "delivery_status",
)

# --- HTTP API ---------------------------------------------------------------------------------------------------------
HTTP_REQUESTS = counter(
    "chat4all_http_requests_total",
    ("function", "status"),
    "Requests answered, by class of status (2xx, 3xx, 4xx, 5xx).",
    "every HTTP function",
)
HTTP_REQUEST_SECONDS = histogram(
    "chat4all_http_request_seconds",
    ("function", "status"),
    "Time in the handler; without the gateway and the authorizer.",
    "every HTTP function",
)
LIMITS_REFUSED = counter(
    "chat4all_limits_refused_total",
    ("limit",),
    "Refused with 429 by a rate limit; `limit` is what is limited.",
    "every function with a rate limit",
)
REQUESTS_SHED = counter(
    "chat4all_requests_shed_total",
    ("cause",),
    "Refused with 503 before anything was done: `budget` no time was left for it, `guard` storage did not answer a moment ago.",
    "every HTTP and WebSocket function",
)

# --- WebSocket API ----------------------------------------------------------------------------------------------------
WEBSOCKET_CONNECTIONS = counter(
    "websocket_connections_total",
    ("outcome",),
    "Connections asked for: opened, or refused after the authorizer let them pass.",
    "websocket_connect",
)
WEBSOCKET_MESSAGES_SENT = counter(
    "websocket_messages_sent_total", (), "Frames that open WebSockets took.", "whoever pushes by @connections"
)
WEBSOCKET_MESSAGES_FAILED = counter(
    "websocket_messages_failed_total",
    ("cause",),
    "Frames not taken: `gone` the client has left, `busy` 429 or 5xx, `unanswered` the gateway did not answer, `refused`.",
    "whoever pushes by @connections",
)
WEBSOCKET_ACTIONS = counter(
    "websocket_actions_total",
    ("action", "outcome"),
    "Requests of clients over WebSockets: ok, refused (4xx) or failed (5xx).",
    "websocket_actions",
)
WEBSOCKET_ACTION_SECONDS = histogram(
    "websocket_action_seconds", ("action", "outcome"), "Time in the handler.", "websocket_actions"
)

# --- Kafka ------------------------------------------------------------------------------------------------------------
PRODUCER_RECORDS = counter(
    "kafka_producer_record_send_total",
    ("topic",),
    "Records that the brokers have acknowledged. `topic` is without `chat4all.`.",
    "whoever produces",
)
PRODUCER_ERRORS = counter(
    "kafka_producer_record_error_total",
    ("topic",),
    "Records that they have not acknowledged in time; an outbox or a retry sends them again.",
    "whoever produces",
)
PRODUCER_SECONDS = histogram(
    "kafka_producer_send_seconds",
    ("topic",),
    "From handing records over to the last acknowledgement; connecting included where there was no connection.",
    "whoever produces",
)
CONNECT_FAILURES = counter(
    "kafka_connect_failures_total",
    ("cause",),
    "Connections to Kafka that could not be made: `refused` it did not take our credentials, `certificate`, `unreachable`.",
    "whoever produces",
)
RECORDS_HANDLED = counter(
    "chat4all_records_handled_total", ("consumer",), "Records of a mapping that were handled.", "consumers"
)
BATCH_SECONDS = histogram("chat4all_batch_seconds", ("consumer",), "Time of a batch in the handler.", "consumers")
RECORDS_PARKED = counter(
    "chat4all_records_parked_total",
    ("consumer",),
    "Records that failed, and those behind them in their lanes, put aside to be tried again.",
    "consumers",
)
RECORDS_NOT_PARKED = counter(
    "chat4all_records_not_parked_total",
    ("consumer",),
    "Records that could not be put aside: their partition waits for them.",
    "consumers",
)
RECORDS_RETRIED = counter(
    "chat4all_records_retried_total", ("consumer",), "Parked records that were handled at last.", "retrier"
)
RECORDS_DEAD = counter(
    "chat4all_records_dead_total",
    ("consumer",),
    "Records given up: they are dead letters now, with their cause.",
    "consumers, retrier",
)
TOMBSTONES_SKIPPED = counter(
    "chat4all_tombstones_skipped_total",
    ("consumer",),
    "Records without a value, which nobody of ours writes.",
    "consumers",
)
MIRRORS_REFUSED = counter(
    "chat4all_mirrors_refused_total",
    (),
    "Messages not mirrored, since the owner of the rule may not say them there.",
    "rule_actions",
)
LANES_WAITING = gauge(
    "chat4all_lanes_waiting", ("consumer",), "Lanes with parked records, once a minute, also 0.", "retrier"
)
OUTBOX_AGE = gauge(
    "chat4all_outbox_age_seconds",
    (),
    "How long the conversation has been behind that is so longest: it has a message that is written and not routed, and older "
    "than UNROUTED_AFTER_S. Each sweep; 0: none is behind.",
    "outbox_sweeper",
)
OUTBOX_BEHIND = gauge(
    "chat4all_outbox_conversations_behind",
    (),
    "Conversations that are not routed as far as they are written.",
    "outbox_sweeper",
)
OUTBOX_PUBLISHED = counter(
    "chat4all_outbox_published_total",
    (),
    "Messages published by the sweeper in the place of who wrote them.",
    "outbox_sweeper",
)

# --- Database ---------------------------------------------------------------------------------------------------------
DATABASE_SECONDS = histogram(
    "chat4all_database_seconds",
    ("table", "operation"),
    "Calls to DynamoDB, with their repetitions; its count is the number of calls. `table` is without the prefix; `several` in "
    "batches and transactions over more than one.",
    "every function",
)
DATABASE_ERRORS = counter(
    "chat4all_database_errors_total",
    ("table", "error"),
    "Answers and missing answers, repetitions included: throttled, conflict (of transactions), unanswered, unavailable "
    "(InternalServerError and the like), missing (no such table), refused (another error). A condition that fails is none.",
    "every function",
)

# --- Files ------------------------------------------------------------------------------------------------------------
FILES = counter(
    "chat4all_files_total",
    ("event",),
    "Files: begun (also small ones sent at once), completed, failed (verification refused them), removed.",
    "uploads, files, file_check, media_fetch, uploads_sweeper",
)
FILE_BYTES = counter(
    "chat4all_file_bytes_total", (), "Bytes of completed files.", "files, file_check, media_fetch", BYTES
)

# --- Outgoing webhooks ------------------------------------------------------------------------------------------------
WEBHOOK_ATTEMPTS = counter(
    "chat4all_webhook_attempts_total",
    ("outcome",),
    "Requests to customers' servers: delivered (2xx), gone (410), refused (another status), or why there was no answer.",
    "webhook_send",
)
WEBHOOK_ATTEMPT_SECONDS = histogram(
    "chat4all_webhook_attempt_seconds", ("outcome",), "Time of these requests.", "webhook_send"
)
WEBHOOKS_GIVEN_UP = counter(
    "chat4all_webhook_deliveries_given_up_total", (), "Deliveries that are not tried any more.", "webhook_send"
)
WEBHOOKS_DISABLED = counter(
    "chat4all_webhook_endpoints_disabled_total",
    ("reason",),
    "Endpoints disabled: gone (410), failing (5 days).",
    "webhook_send",
)

# --- Channels ---------------------------------------------------------------------------------------------------------
CHANNEL_SENDS = counter(
    "chat4all_channel_sends_total",
    ("channel", "outcome"),
    "Calls to providers that send: sent, or their fate. `account_refused`: the provider does not take our token; "
    "`unreachable`: it does not answer.",
    "connectors",
)
CHANNEL_SEND_SECONDS = histogram(
    "chat4all_channel_send_seconds", ("channel", "outcome"), "Time of these calls.", "connectors"
)
CHANNEL_RECEIVED = counter(
    "chat4all_channel_received_total",
    ("channel", "kind"),
    "What providers told, item by item: message, change (edits, reactions and the like), status, unknown.",
    "the channels' webhook functions",
)
CHANNEL_REFUSED = counter(
    "chat4all_channel_refused_total",
    ("channel",),
    "Calls to a channel's webhook whose signature or secret was wrong: a rotated secret, or somebody else.",
    "the channels' webhook functions",
)
CIRCUITS_OPENED = counter(
    "chat4all_circuits_opened_total", (), "Circuit breakers of accounts that opened.", "connectors"
)
CIRCUITS_OPEN = gauge(
    "chat4all_circuits_open", (), "Circuit breakers that are not closed, once a minute, also 0.", "retrier"
)

# --- gRPC edge (the names and labels of grpc-ecosystem/go-grpc-prometheus) -----------------------------------------------
GRPC_HANDLED = counter(
    "grpc_server_handled_total",
    ("grpc_type", "grpc_service", "grpc_method", "grpc_code"),
    "Calls that have ended, by code.",
    "the gRPC edge",
)
GRPC_SECONDS = histogram(
    "grpc_server_handling_seconds",
    ("grpc_type", "grpc_service", "grpc_method"),
    "Time of a call; of a stream, from its begin to its end.",
    "the gRPC edge",
)
GRPC_STREAMS = gauge("grpc_server_streams", (), "Streams that are open, each 5 s.", "the gRPC edge")
CERTIFICATE_SECONDS = gauge(
    "chat4all_certificate_seconds_left",
    (),
    "Until the edge's certificate expires, each 5 s; negative afterwards. None where it serves without TLS.",
    "the gRPC edge",
)

ALL: tuple[Metric, ...] = tuple(value for value in tuple(globals().values()) if isinstance(value, Metric))
