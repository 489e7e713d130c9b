"""`python -m tests.contract.killed_erasure USER N`: erases a user in a process that kills itself (-9) after N writes."""

import os
import signal
import sys
from typing import Any

from chat4all.bootstrap import app
from chat4all.stores.table import Table

WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")


def main(user_id: str, writes: int) -> None:
    """As the function `users` does it."""
    users, kind, left = app().users, type(Table.client()), writes
    dispatch = kind.dispatch

    def dying(self: Any, operation_name: str, operation_kwargs: Any) -> Any:
        nonlocal left
        if operation_name in WRITES:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return dispatch(self, operation_name, operation_kwargs)

    kind.dispatch = dying  # type: ignore[method-assign]
    users.delete(user_id)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
