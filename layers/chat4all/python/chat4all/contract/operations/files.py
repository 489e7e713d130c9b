"""/v1/files: files, and uploads in parts."""

from chat4all.contract.documents.files import File, FileDownload, FileUpload, SignedParts, Upload
from chat4all.contract.documents.samples import FILE
from chat4all.contract.operation import MULTIPART, Operation
from chat4all.contract.problems import SESSION
from chat4all.domain.upload import Begin, Finish, Sign

_TAG = "Files"
_ALL, _ONE = "/v1/files", "/v1/files/{id}"
_BEGINNING = (*SESSION, "idempotency_key_reused", "file_quota_reached", "too_many_uploads", "rate_limited")

OPERATIONS = (
    Operation(
        "uploadFile",
        "POST",
        _ALL,
        _TAG,
        "Upload a small file",
        {201: File},
        "Up to 4 MiB in one request; what is larger is uploaded in parts.",
        body=FileUpload,
        media_type=MULTIPART,
        errors=(*_BEGINNING, "empty_file", "checksum_mismatch", "content_type_mismatch"),
        takes_key=True,
    ),
    Operation("getFile", "GET", _ONE, _TAG, "A file, and how far its upload is", {200: File}),
    Operation(
        "deleteFile",
        "DELETE",
        _ONE,
        _TAG,
        "Delete a file, or give an upload up",
        {204: None},
        "For its owner, and for everybody: messages keep its name.",
        errors=(*SESSION, "not_the_owner"),
    ),
    Operation(
        "getFileDownload",
        "GET",
        f"{_ONE}/presigned",
        _TAG,
        "An address for the download",
        {200: FileDownload},
        errors=("file_pending", "file_failed"),
    ),
    Operation(
        "initiateUpload",
        "POST",
        f"{_ALL}/initiate",
        _TAG,
        "Begin an upload in parts",
        {201: Upload},
        "The parts go to S3 by `PUT`, in any order and many at once; then the upload is completed.",
        body=Begin,
        example={"filename": "concert.mp4", "size": 73400320, "content_type": "video/mp4"},
        errors=(*_BEGINNING, "empty_file"),
        takes_key=True,
    ),
    Operation(
        "signUploadParts",
        "POST",
        f"{_ONE}/parts",
        _TAG,
        "Addresses for parts",
        {200: SignedParts},
        "Of the numbers that are named, else of the first 100 that have not arrived.",
        body=Sign,
        example={"numbers": [2, 3]},
        errors=(*SESSION, "not_an_upload", "upload_over", "upload_expired"),
    ),
    Operation(
        "completeUpload",
        "POST",
        f"{_ALL}/complete",
        _TAG,
        "Complete an upload",
        {200: File, 202: File},
        "200: `completed`, or `failed` with `reason`; 202: the bytes are still being checked, ask for the file. May be repeated.",
        body=Finish,
        example={"file_id": FILE},
        errors=(
            *(*SESSION, "not_found", "checksum_mismatch", "not_an_upload", "parts_missing", "parts_changed"),
            *("upload_expired", "upload_gone"),
        ),
    ),
)
