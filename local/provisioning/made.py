"""What custom resources were made at earlier starts, so that CloudFormation's Create, Update and Delete fall as on AWS."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from local.provisioning.errors import ProvisioningError


@dataclass(frozen=True, slots=True)
class MadeResource:
    """A custom resource as it was last made."""

    physical_resource_id: str
    type: str
    function: str
    properties: Mapping[str, Any]


def load_made(path: Path) -> dict[str, MadeResource]:
    """Return what was made by logical id; empty where there is no file yet."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return {logical_id: MadeResource(**each) for logical_id, each in document.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise ProvisioningError(f"{path} cannot be read ({error}): remove it to make custom resources again") from error


def save_made(path: Path, made: Mapping[str, MadeResource]) -> None:
    """Replace the file as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as file:
        json.dump({logical_id: asdict(each) for logical_id, each in made.items()}, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
