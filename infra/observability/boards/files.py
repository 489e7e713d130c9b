"""Files: begun, completed, refused, removed; bytes; and the functions that check and fetch them."""

from chat4all.metrics import metric_list as m
from infra.observability.metrics import BY_NAME
from infra.observability.panels import Board, counted, state, timed

_FUNCTIONS = ".*-(FileCheck|FilePreviews|Files|MediaFetch|Uploads|UploadsSweeper)Function"

BOARD = Board(
    "files",
    "Chat4All: files",
    (
        counted("Files", m.FILES, "event"),
        counted("Bytes of completed files", m.FILE_BYTES),
        counted("Requests", m.HTTP_REQUESTS, "function", "status", function="files|uploads"),
        timed("Latency in the handler", m.HTTP_REQUEST_SECONDS, "function", function="files|uploads"),
        timed("Time of a batch of checks", m.BATCH_SECONDS, "consumer", consumer="file_check|media_fetch"),
        counted("Errors of functions", BY_NAME["aws_lambda_errors_total"], "function", function=_FUNCTIONS),
        state("Lanes that wait", m.LANES_WAITING, "consumer", consumer="file_check|media_fetch"),
    ),
)
