from pathlib import Path

import pytest

from local.invoke_cli import Target
from local.logs.names import resolved
from local.start_error import StartError

FUNCTIONS = [Target("app-Hello", "Hello", "hello"), Target("app-A", "A", "both"), Target("app-B", "B", "both")]
FILES = {"stack": Path("stack.log"), "app-Hello": Path("app-Hello.log")}


@pytest.mark.parametrize("name", ["Hello", "hello", "app-Hello"])
def test_a_function_has_three_names(name: str) -> None:
    assert resolved(name, FILES, FUNCTIONS) == "app-Hello"
    assert resolved(name, {}, FUNCTIONS) == "app-Hello", "it has not run yet"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("both", "both is the folder of several functions; choose: A, B"),
        ("none", "There is no log of none. The functions are: A, B, Hello. The other logs are: stack."),
    ],
)
def test_a_name_without_a_log_says_why(name: str, said: str) -> None:
    assert resolved("stack", FILES, FUNCTIONS) == "stack"
    with pytest.raises(StartError, match=said):
        resolved(name, FILES, FUNCTIONS)
