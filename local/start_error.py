"""The one error that ends a start of the stack."""


class StartError(Exception):
    """Why the stack cannot start: one sentence of what is wrong, and one of the way out. Shown as it is, without a trace."""
