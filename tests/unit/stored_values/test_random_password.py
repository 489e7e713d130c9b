import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.stored_values.errors import Refused
from local.stored_values.random_password import PasswordRules, random_password


@given(st.integers(5, 100), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_only_what_is_allowed_and_one_of_each(
    length: int, lower: bool, numbers: bool, marks: bool, space: bool
) -> None:
    rules = PasswordRules(
        length, "aB1!", exclude_lowercase=lower, exclude_numbers=numbers, exclude_punctuation=marks, include_space=space
    )
    password = random_password(rules)
    assert len(password) == length
    assert not set(password) & set("aB1!")
    for kind, excluded in ((string.ascii_lowercase, lower), (string.digits, numbers), (string.punctuation, marks)):
        assert bool(set(password) & set(kind)) is not excluded
    assert (" " in password) is space


@pytest.mark.parametrize(
    "rules",
    [
        PasswordRules(0),
        PasswordRules(4097),
        PasswordRules(3),
        PasswordRules(exclude_characters=string.printable, require_each_included_type=False),
    ],
)
def test_rules_that_leave_nothing(rules: PasswordRules) -> None:
    with pytest.raises(Refused):
        random_password(rules)
