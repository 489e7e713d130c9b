"""Lambda: invocations, errors, throttles, cold starts; and whether what functions emit is understood."""

from infra.observability.metrics import BY_NAME
from infra.observability.panels import Board, counted, state, timed

BOARD = Board(
    "functions",
    "Chat4All: Lambda",
    (
        counted("Invocations", BY_NAME["aws_lambda_invocations_total"], "function"),
        counted("Errors", BY_NAME["aws_lambda_errors_total"], "function"),
        counted("Throttles", BY_NAME["aws_lambda_throttles_total"], "function"),
        timed("Duration", BY_NAME["aws_lambda_duration_seconds"], "function"),
        counted("Cold starts", BY_NAME["aws_lambda_cold_starts_total"], "function"),
        timed("Time of inits", BY_NAME["aws_lambda_init_seconds"], "function"),
        state("Environments", BY_NAME["aws_lambda_environments"], "function"),
        counted("Documents of metrics", BY_NAME["emf_documents_total"], "function"),
        counted("Documents refused", BY_NAME["emf_documents_refused_total"], "function"),
    ),
)
