"""What an operator is told instead of a traceback."""


class AdminError(Exception):
    """It cannot be done; the message says what and why, in a sentence."""
