import logging
import sys

from chat4all.admin.cli import main
from chat4all.logs import logger
from chat4all.process import Process

Process.service = "admin"
# Loggers of one name share a handler, whoever was made first. Log lines go to stderr: stdout is for what was asked.
handler = logger.registered_handler
if isinstance(handler, logging.StreamHandler):
    handler.setStream(sys.stderr)
sys.exit(main(sys.argv[1:]))
