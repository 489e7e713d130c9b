"""What tests of several packages use."""

from collections.abc import Iterator

import pytest

from tests.local.console.browser import Browser


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One for all pages: each is served at an origin of its own, and finds nothing of the others."""
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()
