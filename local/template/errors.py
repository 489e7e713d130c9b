"""The one error of a template that cannot be run."""

from pathlib import Path


class TemplateError(Exception):
    """A template, or the parameters given for it, cannot be run as written.

    `where` is the path in the document, such as `("Resources", "Pets", "Properties", "KeySchema")`; `file` and `line`
    (from 1) are filled in by the loader, which knows the source.
    """

    def __init__(
        self, message: str, where: tuple[str, ...] = (), *, file: Path | None = None, line: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = tuple(str(part) for part in where)  # a YAML key need not be a string
        self.file = file
        self.line = line

    @property
    def resource(self) -> str | None:
        """Logical id of the resource at fault, if it is one."""
        return self.where[1] if len(self.where) > 1 and self.where[0] == "Resources" else None

    @property
    def property(self) -> str | None:
        """Dotted path of the property at fault, such as `Environment.Variables.TABLE`."""
        if len(self.where) > 3 and self.where[0] == "Resources" and self.where[2] == "Properties":
            return ".".join(self.where[3:])
        return None

    def __str__(self) -> str:
        place = str(self.file) if self.file else ""
        if self.file and self.line:
            place += f":{self.line}"
        subject = f"{self.resource}.{self.property}" if self.property else self.resource or ".".join(self.where)
        return ": ".join(part for part in (place, subject, self.message) if part)
