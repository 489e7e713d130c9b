"""Files."""

from typing import Annotated

from pydantic import Field, WithJsonSchema

from chat4all.domain.upload import Sha256
from chat4all.validation import Parameters


class FileUpload(Parameters):
    """Form of POST /v1/files (`chat4all.http.file_form`): up to 4 MiB."""

    file: Annotated[bytes, WithJsonSchema({"type": "string", "format": "binary"})]
    kind: Annotated[str | None, Field(description="image, video, audio, voice, document, sticker or animation")] = None
    sha256: Sha256 | None = None
