import re
from dataclasses import dataclass

import pytest

from local.setting_values import check_parts, with_values
from local.start_error import StartError


@dataclass(frozen=True)
class Settings:
    count: int = 1
    time_s: float = 2.0
    delays_s: tuple[float, ...] = (60.0, 120.0)


def test_values_go_over_the_defaults() -> None:
    given = {"lambda.count": "3", "lambda.time_s": "0.5", "lambda.delays_s": "1,2.5", "other.count": "7"}
    assert with_values("lambda", Settings(), given) == Settings(3, 0.5, (1.0, 2.5))
    assert with_values("lambda", Settings(), {}) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("lambda.none", "1", "There is no setting lambda.none; of lambda there are: count, delays_s, time_s."),
        ("lambda.count", "1.5", "The setting lambda.count is a number, not '1.5'."),
        ("lambda.time_s", "", "The setting lambda.time_s is a number, not ''."),
        ("lambda.count", "-1", "The setting lambda.count is a number, not '-1'."),
        ("lambda.time_s", "nan", "The setting lambda.time_s is a number, not 'nan'."),
        ("lambda.delays_s", "1;2", "The setting lambda.delays_s is numbers separated by commas, not '1;2'."),
    ],
)
def test_values_that_cannot_be(name: str, value: str, message: str) -> None:
    with pytest.raises(StartError, match=re.escape(message)):
        with_values("lambda", Settings(), {name: value})


def test_a_part_that_has_no_settings() -> None:
    check_parts({"lambda.count": "1"}, {"lambda", "http"})
    with pytest.raises(StartError, match=re.escape("it begins with http or lambda and a dot")):
        check_parts({"kafka.count": "1"}, {"lambda", "http"})
