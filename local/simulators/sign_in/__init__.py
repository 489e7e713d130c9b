"""Google and GitHub, as far as people sign in with them, in their real protocols."""

from local.simulators.sign_in.server import SignIn

__all__ = ["SignIn"]
