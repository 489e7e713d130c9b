import logging
import sys

from aws_lambda_powertools import Logger

from chat4all.admin.cli import main

# Loggers of one name share a handler, whoever was made first. Log lines go to stderr: stdout is for what was asked.
handler = Logger(service="chat4all").registered_handler
if isinstance(handler, logging.StreamHandler):
    handler.setStream(sys.stderr)
sys.exit(main(sys.argv[1:]))
