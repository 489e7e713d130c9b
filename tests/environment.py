"""The environment of a person who has set nothing for AWS: other tests of this process may have, for clients of their own."""

import os


def without_aws(**more: str) -> dict[str, str]:
    """This process's variables without those of AWS, and `more`."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | more
