"""Client of Chat4All: `Client` has the whole HTTP API (`operations`), and moves files of any size up and down, in parallel,
resumed after a death, and checked.

`chat4all_client.live` keeps conversations, up to date.
"""

from chat4all_client.api import every
from chat4all_client.client import Client
from chat4all_client.control import Control
from chat4all_client.errors import (
    ApiError,
    Cancelled,
    ChecksumMismatch,
    ClientError,
    FileChanged,
    FileRejected,
    NotSignedIn,
    UnderWay,
    UnexpectedAnswer,
    Unreachable,
)
from chat4all_client.operations import Operations
from chat4all_client.progress import Progress
from chat4all_client.sign_in import SignIn, Tokens
from chat4all_client.transfers import Settings

__all__ = [
    "ApiError",
    "Cancelled",
    "ChecksumMismatch",
    "Client",
    "ClientError",
    "Control",
    "FileChanged",
    "FileRejected",
    "NotSignedIn",
    "Operations",
    "Progress",
    "Settings",
    "SignIn",
    "Tokens",
    "UnderWay",
    "UnexpectedAnswer",
    "Unreachable",
    "every",
]
