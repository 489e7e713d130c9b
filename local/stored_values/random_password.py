"""Random passwords, as GetRandomPassword and GenerateSecretString make them.

docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
"""

import secrets
import string
from dataclasses import dataclass

from local.stored_values.errors import Refused

_PUNCTUATION = string.punctuation
_MOST = 4096


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """With AWS's defaults."""

    length: int = 32
    exclude_characters: str = ""
    exclude_lowercase: bool = False
    exclude_numbers: bool = False
    exclude_punctuation: bool = False
    exclude_uppercase: bool = False
    include_space: bool = False
    require_each_included_type: bool = True


def random_password(rules: PasswordRules) -> str:
    """Raises Refused where the rules leave nothing to choose from."""
    kinds = [
        ("" if rules.exclude_lowercase else string.ascii_lowercase),
        ("" if rules.exclude_uppercase else string.ascii_uppercase),
        ("" if rules.exclude_numbers else string.digits),
        ("" if rules.exclude_punctuation else _PUNCTUATION),
        (" " if rules.include_space else ""),
    ]
    allowed = ["".join(set(kind) - set(rules.exclude_characters)) for kind in kinds]
    allowed = [kind for kind in allowed if kind]
    if not 1 <= rules.length <= _MOST:
        raise Refused("InvalidParameterException", f"PasswordLength is 1 to {_MOST}, not {rules.length}.")
    if not allowed:
        raise Refused("InvalidParameterException", "Every character is excluded from the password.")
    required = allowed if rules.require_each_included_type else []
    if len(required) > rules.length:
        text = f"Password length must be at least {len(required)} to hold each included type of character."
        raise Refused("InvalidParameterException", text)
    everything = "".join(allowed)
    letters = [secrets.choice(kind) for kind in required]
    letters += [secrets.choice(everything) for _ in range(rules.length - len(letters))]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)
