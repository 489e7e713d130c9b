"""The name of a deployment, and its place in the template."""

import re
from datetime import datetime

_DEFAULT = re.compile(r"^(  Release:\n(?:    .*\n)*?    Default: ).*$", re.MULTILINE)


def release_name(moment: datetime) -> str:
    """Seconds since 1970: SAM takes the first ten characters (LogicalIdGenerator), and each second has others."""
    return str(int(moment.timestamp()))


def released(template: str, release: str) -> str:
    """The built template with `release` as the default of its parameter `Release`.

    By it aliased functions get a version with what has changed, were it a parameter alone. AWS reads the parameter; endpoints
    that translate SAM by the defaults, as MiniStack 1.5 does, would leave aliases at the first version.

    Raises:
        ValueError: there is no such parameter.
    """
    named, count = _DEFAULT.subn(rf'\g<1>"{release}"', template)
    if count != 1:
        raise ValueError("The built template has no parameter Release with a default")
    return named
