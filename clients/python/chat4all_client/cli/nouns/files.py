"""Files that are there."""

from chat4all_client.cli.nouns.command import Command
from chat4all_client.cli.parameter import Parameter

COMMANDS = (
    Command(
        ("files", "show"),
        "getFile",
        "A file, and how far its upload is.",
        (Parameter("id", metavar="FILE_ID"),),
        fields=("file_id", "filename", "status"),
    ),
    Command(
        ("files", "url"),
        "getFileDownload",
        "An address for the download, good for five minutes.",
        (Parameter("id", metavar="FILE_ID"),),
        fields=("url",),
    ),
    Command(
        ("files", "delete"),
        "deleteFile",
        "Delete a file, for everybody.",
        (Parameter("id", metavar="FILE_ID"),),
        question="Delete the file, for everybody?",
        done="Deleted.",
    ),
)
