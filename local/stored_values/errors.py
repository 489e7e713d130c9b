"""What the two services refuse."""


class Refused(Exception):
    """`code` is the exception of the service's API."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
