"""The bytes of files, in S3: one object a file, `files/<file_id>`, which S3 shows whole or not at all."""

import base64
from functools import cached_property
from typing import Any, BinaryIO, Literal, Protocol
from urllib.parse import urlsplit

from chat4all.domain.file_names import content_disposition
from chat4all.domain.media_types import may_be_shown
from chat4all.errors import Unavailable

_OF_AWS = (".amazonaws.com", ".amazonaws.com.cn")


class ByteStream(Protocol):
    """Bytes that are read bit by bit."""

    def read(self, size: int = ..., /) -> bytes:
        """The next bytes, at most `size`; empty at the end."""

    def close(self) -> None:
        """Let go."""


class FileGone(Exception):
    """S3 has no object of this file."""


class FileBucket:
    """Puts, opens, signs and deletes."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    @property
    def name(self) -> str:
        """Of the bucket."""
        return self._bucket

    @property
    def client(self) -> Any:
        """The one S3 client of an environment, made at its first use."""
        return self._s3

    def put(self, file_id: str, body: BinaryIO, *, size: int, sha256: str, content_type: str) -> None:
        """Store `body`, of which S3 checks the SHA-256 (hex); the same again changes nothing.

        Raises:
            Unavailable: S3 did not take it, and nothing is stored.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._s3.put_object(
                Bucket=self._bucket,
                Key=object_key(file_id),
                Body=body,
                ContentLength=size,
                ContentType=content_type,
                ChecksumSHA256=base64.b64encode(bytes.fromhex(sha256)).decode(),
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable(f"The file could not be stored: {type(error).__name__}. Try again.") from error

    def open(self, file_id: str, most_bytes: int | None = None) -> ByteStream:
        """A stream of the bytes, of the first `most_bytes` where that is given.

        Raises:
            FileGone, Unavailable.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        wanted = {"Range": f"bytes=0-{most_bytes - 1}"} if most_bytes else {}
        try:
            body: ByteStream = self._s3.get_object(Bucket=self._bucket, Key=object_key(file_id), **wanted)["Body"]
        except ClientError as error:
            if error.response["Error"].get("Code") in ("NoSuchKey", "404"):
                raise FileGone(file_id) from error
            raise Unavailable("The file could not be read. Try again.") from error
        except BotoCoreError as error:
            raise Unavailable("The file could not be read. Try again.") from error
        return body

    def url(
        self,
        file_id: str,
        filename: str,
        content_type: str,
        expires_s: int,
        *,
        method: str = "GET",
        to_save: bool = False,
    ) -> str:
        """Address of the bytes for whoever has it, for `expires_s` seconds, and no longer than the signer's own credentials.

        What a browser could run is offered for saving (Content-Disposition: attachment), and so is what is `to_save`. The
        address is good for `method`, GET or HEAD. Nothing is called.
        """
        disposition = content_disposition(filename, inline=may_be_shown(content_type) and not to_save)
        names = {"ResponseContentDisposition": disposition, "ResponseContentType": content_type}
        parameters = {"Bucket": self._bucket, "Key": object_key(file_id), **names}
        action = "head_object" if method == "HEAD" else "get_object"
        return str(self._s3.generate_presigned_url(action, Params=parameters, ExpiresIn=expires_s))

    def origin(self) -> str:
        """Origin of every address that is signed here (RFC 6454), for a page's policy. Nothing is called."""
        signed = urlsplit(
            str(self._s3.generate_presigned_url("get_object", Params={"Bucket": self._bucket, "Key": "-"}))
        )
        return f"{signed.scheme}://{signed.netloc}"

    def put_thumbnail(self, file_id: str, body: bytes, content_type: str) -> None:
        """Store the thumbnail of an image; the same again changes nothing. Raises Unavailable."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._s3.put_object(Bucket=self._bucket, Key=_thumbnail_key(file_id), Body=body, ContentType=content_type)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The thumbnail could not be stored. Try again.") from error

    def thumbnail_url(self, file_id: str, expires_s: int) -> str:
        """Address of the thumbnail, as `url` gives one of the bytes."""
        parameters = {"Bucket": self._bucket, "Key": _thumbnail_key(file_id)}
        return str(self._s3.generate_presigned_url("get_object", Params=parameters, ExpiresIn=expires_s))

    def delete(self, file_id: str) -> None:
        """Delete the bytes and the thumbnail; also where there are none. Raises Unavailable."""
        self._delete(object_key(file_id))
        self._delete(_thumbnail_key(file_id))

    def delete_thumbnail(self, file_id: str) -> None:
        """Delete the thumbnail; also where there is none. Raises Unavailable."""
        self._delete(_thumbnail_key(file_id))

    def _delete(self, key: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._s3.delete_object(Bucket=self._bucket, Key=key)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The file could not be deleted. Try again.") from error

    @cached_property
    def _s3(self) -> Any:
        client = _client("auto")
        return _client("virtual") if client.meta.endpoint_url.endswith(_OF_AWS) else client


def _client(addressing: Literal["auto", "virtual"]) -> Any:
    """`virtual` has addresses name the bucket's own region, else botocore signs for the global address.

    That redirects for a day where the bucket is new and in another region than us-east-1 (Amazon S3 User Guide, "Making requests
    using the REST API", temporary redirects), and pages may go to one origin. Engines elsewhere have no name for each bucket.
    """
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=1,
        read_timeout=10,
        signature_version="s3v4",
        retries={"max_attempts": 2, "mode": "standard"},
        s3={"addressing_style": addressing, "us_east_1_regional_endpoint": "regional"},
    )
    return boto3.client("s3", config=config)


def object_key(file_id: str) -> str:
    """Where the bytes of a file are in the bucket."""
    return f"files/{file_id}"


def _thumbnail_key(file_id: str) -> str:
    return f"thumbnails/{file_id}"
