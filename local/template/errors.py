"""The error of a template that cannot be run, and all of them together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    def errors(self) -> "tuple[TemplateError, ...]":
        """The single errors of which this one consists."""
        return (self,)

    @property
    def advice(self) -> str:
        """The way out, where resources are at fault; else empty."""
        names = list(dict.fromkeys(error.resource for error in self.errors if error.resource))
        if not names:
            return ""
        return (
            "What cannot run here may be left out, if the rest makes sense without it: a Condition that does not hold "
            f"locally, or --without {names[0]} (again for each; AWS::…::* for all of a type, Function.Event for an event)."
        )

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


class TemplateErrors(TemplateError):
    """Several errors, those of one file in the order of its lines; each is told once. As one error it is the first."""

    def __init__(self, errors: Sequence[TemplateError]) -> None:
        single = [one for error in errors for one in error.errors]
        unique: dict[tuple[object, ...], TemplateError] = {}
        for one in single:
            unique.setdefault((one.file, one.line, one.resource or one.where, one.message), one)
        self._errors = tuple(sorted(unique.values(), key=_position))
        first = self._errors[0]
        super().__init__(first.message, first.where, file=first.file, line=first.line)

    @property
    def errors(self) -> tuple[TemplateError, ...]:
        return self._errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self._errors)


class Problems:
    """Collects errors, so that a person is told of all of them at once."""

    def __init__(self) -> None:
        self._errors: list[TemplateError] = []

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Note the error of the block, and go on after it."""
        try:
            yield
        except TemplateError as error:
            self._errors += error.errors

    def check(self) -> None:
        """Raise what was noted: one TemplateError, or TemplateErrors."""
        if self._errors:
            raise together(self._errors)


def together(errors: Sequence[TemplateError]) -> TemplateError:
    """One error of all; of equal ones the first."""
    all_of_them = TemplateErrors(errors)
    return all_of_them.errors[0] if len(all_of_them.errors) == 1 else all_of_them


def _position(error: TemplateError) -> tuple[str, int]:
    return str(error.file or ""), error.line or 0
