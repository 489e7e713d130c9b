"""What a receipt says."""

from typing import Annotated

from pydantic import ConfigDict, Field

from chat4all.validation import Input

Seq = Annotated[int, Field(ge=0, lt=2**53)]


class ReceiptBody(Input):
    """Body of POST .../receipts: delivered up to, read up to; one of them at least."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    delivered_seq: Seq | None = None
    read_seq: Seq | None = None
