"""/v1/files: files, and uploads in parts."""

from chat4all.contract.documents.files import FileUpload
from chat4all.contract.operation import MULTIPART, Operation
from chat4all.domain.upload import Begin, Finish, Sign

_TAG = "Files"
_ALL, _ONE = "/v1/files", "/v1/files/{id}"

OPERATIONS = (
    Operation(
        "uploadFile",
        "POST",
        _ALL,
        _TAG,
        "Upload a small file",
        {201: None},
        body=FileUpload,
        media_type=MULTIPART,
        takes_key=True,
    ),
    Operation("getFile", "GET", _ONE, _TAG, "A file, and how far its upload is", {200: None}),
    Operation("deleteFile", "DELETE", _ONE, _TAG, "Delete a file, or give an upload up", {204: None}),
    Operation("getFileDownload", "GET", f"{_ONE}/presigned", _TAG, "An address for the download", {200: None}),
    Operation(
        "initiateUpload",
        "POST",
        f"{_ALL}/initiate",
        _TAG,
        "Begin an upload in parts",
        {201: None},
        body=Begin,
        takes_key=True,
    ),
    Operation("signUploadParts", "POST", f"{_ONE}/parts", _TAG, "Addresses for parts", {200: None}, body=Sign),
    Operation(
        "completeUpload", "POST", f"{_ALL}/complete", _TAG, "Complete an upload", {200: None, 202: None}, body=Finish
    ),
)
