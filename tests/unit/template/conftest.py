"""Small templates written in tests, loaded by the real loader (SAM's translator in its child process included)."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from local.application import Application
from local.endpoints import Endpoints
from local.template import load_application

HEADER = "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\n"
Load = Callable[..., Application]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a function in src/ and a layer in layer/."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("def handler(event, context):\n    return event\n")
    (tmp_path / "layer" / "python").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def load(project: Path) -> Load:
    """Load template text (after HEADER, whose two lines count) with parameters."""

    def load_text(
        text: str, endpoints: Endpoints | None = None, header: str = HEADER, **parameters: str
    ) -> Application:
        path = project / "template.yaml"
        path.write_text(header + dedent(text).lstrip("\n"))
        return load_application(path, parameters=parameters, endpoints=endpoints or Endpoints())

    return load_text
