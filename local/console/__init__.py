"""The console on port 8080: a page for people, and the JSON API that it is made of.

Reading:

    GET  /api/stack                               what does not change: names, addresses, what of the template is ignored
    GET  /api/functions/{name}                    configuration, variables (secrets masked), event sources
    GET  /api/functions/{name}/variables/{name}   one variable's value
    GET  /api/functions/{name}/durations          the last 1,000 invocations as points
    GET  /api/invocations                         captured invocations, newest first (function, source, errors, text, before)
    GET  /api/invocations/{request_id}            one with event, response and log
    GET  /api/topics/{topic}                      partitions with offsets, consumer groups with lag
    GET  /api/topics/{topic}/records              records, newest first (partition, before, limit)
    GET  /api/routes                              routes of the HTTP and WebSocket APIs
    GET  /api/tables, /api/tables/{table}/items   key schemas and counts; a scan (after, limit)
    GET  /api/buckets, /api/buckets/{bucket}/objects

Doing (JSON bodies, and a same-origin `Origin` or `Sec-Fetch-Site`):

    POST /api/functions/{name}/invocations        run a function with {event}
    POST /api/invocations/{request_id}/replay     run it again, with the captured event or with {event}
    POST /api/topics/{topic}/records              produce one record
    POST /api/http-requests                       a request to an HTTP API of the stack
    POST /api/connections/send, /close            a message to a WebSocket client; its end

Live, over one WebSocket a page (`GET /api/live`, see `live`): the channels `status`, `connections`, `invocations`, `logs`.

An error is `{"error": text}` with its status. Each handler's docstring has the shapes.
"""

from local.console.server import Console
from local.console.stack_view import Answer, ConnectionRefused, InvocationRefused, OpenConnection, StackView

__all__ = ["Answer", "ConnectionRefused", "Console", "InvocationRefused", "OpenConnection", "StackView"]
