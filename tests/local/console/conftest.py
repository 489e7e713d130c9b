"""One stack with one of everything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.console.browser import Browser, Page
from tests.local.console.served import Served
from tests.local.stack_process import StackProcess

TEMPLATE = Path(__file__).parent / "application" / "template.yaml"


@pytest.fixture(scope="package")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    process = StackProcess(TEMPLATE, tmp_path_factory.mktemp("console") / "data")
    process.start()
    try:
        yield Served(process.until_ready())
    finally:
        process.close()


@pytest.fixture
def page(browser: Browser, console: Served) -> Iterator[Page]:
    """A tab on the overview. Errors that it logs fail the test."""
    with browser.open(console.origin) as page:
        page.look()
        yield page
        assert page.problems == []
