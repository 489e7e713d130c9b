"""Stages of samconfig.toml, and the check of parameters before anything is built.

docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.template.errors import TemplateError
from local.template.parameters import resolve_parameters
from local.template.rules import check_rules
from local.template.source import read_template

ROOT = Path(__file__).parents[2]
_NOT_STAGES = {"version", "local"}


class NoStage(Exception):
    """There is no such stage, or it cannot be read; says which there are."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One environment of samconfig.toml."""

    stack_name: str
    parameters: Mapping[str, str]


def stage(name: str, config: Path = ROOT / "samconfig.toml") -> Stage:
    """Return what samconfig.toml has under `[NAME.deploy.parameters]`. Raises NoStage."""
    document = tomllib.loads(config.read_text(encoding="utf-8"))
    if name in _NOT_STAGES or name not in document:
        known = ", ".join(each for each in document if each not in _NOT_STAGES)
        raise NoStage(f"--stage {name}: {config.name} has {known}")
    settings = document[name]["deploy"]["parameters"]
    pairs = [text.partition("=") for text in settings["parameter_overrides"]]
    return Stage(settings["stack_name"], {key: value for key, _, value in pairs})


def wrong_parameters(parameters: Mapping[str, str], template: Path = ROOT / "template.yaml") -> str | None:
    """Say what of `parameters` the template's patterns, limits and Rules refuse, or None where they are taken.

    As CloudFormation would, but minutes earlier: before the build.
    """
    document = read_template(template)[0]
    try:
        check_rules(document.get("Rules") or {}, resolve_parameters(document["Parameters"], parameters))
    except TemplateError as error:
        return "\n".join(str(each) for each in error.errors)
    return None
