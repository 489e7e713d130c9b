"""What may go wrong, as those see it who call the client."""

from collections.abc import Mapping
from typing import Any


class ClientError(Exception):
    """Whatever this package raises on purpose; its text is meant for a person."""


class ApiError(ClientError):
    """The API refused a request (RFC 9457). Repeating the same does not help."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        problem: Mapping[str, Any] | None = None,
        retry_after_s: float = 0.0,
    ) -> None:
        super().__init__(f"{detail} ({status} {code})")
        self.status = status
        self.code = code
        """A stable word, such as `parts_missing`."""
        self.detail = detail
        self.problem = dict(problem or {})
        self.retry_after_s = retry_after_s


class SignInRefused(ApiError):
    """Name, password or refresh token are no good: the session is over."""


class NotSignedIn(ClientError):
    """The request needs a user, and there is none."""


class Unreachable(ClientError):
    """Nothing got through for as long as the client has patience. What has arrived is kept: the same call goes on there."""

    def __init__(self, why: str, retry_after_s: float = 0.0) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s
        """What the server asks for, where it answered."""


class UnexpectedAnswer(ClientError):
    """The server answered what no Chat4All server does: most likely it is another one."""


class FileChanged(ClientError):
    """The file is not what it was when the transfer began."""


class FileRejected(ClientError):
    """The bytes arrived, were checked, and were not kept: `file` says why."""

    def __init__(self, file: Mapping[str, Any]) -> None:
        super().__init__(f"{file.get('filename')} was not kept: {file.get('reason', 'no reason was given')}")
        self.file = dict(file)


class ChecksumMismatch(ClientError):
    """What was downloaded is not what the file is said to be; nothing of it is kept."""


class Cancelled(ClientError):
    """The transfer was cancelled by its control; nothing of it is kept."""


class UnderWay(ClientError):
    """Another process is transferring the same file."""
