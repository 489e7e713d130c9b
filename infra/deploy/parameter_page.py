"""docs/parameters.md: every parameter of template.yaml, from the template itself."""

import re
from pathlib import Path
from typing import Any

from local.template.source import read_template

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "parameters.md"
_HEAD = """# Parameters of a deployment

What `template.yaml` takes, written from it by `scripts/write-parameters`. A value that does not fit is refused by its name before
anything is built or made; so are combinations that make no sense (the template's `Rules`, below). How to give them:
[deployment](deployment.md). What each stage has: `samconfig.toml`.

| parameter | default | takes | |
|---|---|---|---|
"""
_RULES = """
## Refused together

| rule | |
|---|---|
"""


def page() -> str:
    """The whole page."""
    document = read_template(ROOT / "template.yaml")[0]
    parameters = "".join(_line(name, each) for name, each in document["Parameters"].items())
    rules = "".join(f"| `{name}` | {_said(rule)} |\n" for name, rule in document["Rules"].items())
    return _HEAD + parameters + _RULES + rules


def _line(name: str, parameter: dict[str, Any]) -> str:
    default = parameter.get("Default")
    shown = "needed" if default is None else f"`{default}`" if str(default) else "empty"
    return f"| `{name}` | {shown} | {_takes(parameter)} | {_cell(parameter.get('Description', ''))} |\n"


def _takes(parameter: dict[str, Any]) -> str:
    if values := parameter.get("AllowedValues"):
        return ", ".join(f"`{value}`" for value in values)
    least, most = parameter.get("MinValue"), parameter.get("MaxValue")
    if least is not None and most is not None:
        return f"{least:,} to {most:,}"
    if least is not None:
        return f"{least:,} and more"
    if most is not None:
        return f"{most:,} at most"
    told = parameter.get("ConstraintDescription") or parameter.get("AllowedPattern", "")
    return _cell(told.removeprefix("must be ")) if "ConstraintDescription" in parameter else _code(told)


def _said(rule: dict[str, Any]) -> str:
    return _cell("; ".join(each["AssertDescription"] for each in rule["Assertions"]))


def _code(text: str) -> str:
    return f"`{_cell(text)}`" if text else ""


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
