"""Connection ids such as `BFHPhfCWIAMCKlQ=`: 11 bytes in base64, so that `=`, `/` and `+` occur as on AWS."""

import base64
import binascii
import os

_BYTES = 11


def new_connection_id() -> str:
    return base64.b64encode(os.urandom(_BYTES)).decode()


def is_connection_id(text: str) -> bool:
    """Whether this gateway could have given out the id."""
    try:
        return len(base64.b64decode(text, validate=True)) == _BYTES
    except (binascii.Error, ValueError):
        return False
