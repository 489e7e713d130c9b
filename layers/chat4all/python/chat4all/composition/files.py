"""What users upload and download."""

from functools import cached_property
from typing import TYPE_CHECKING

from chat4all.composition.channels import ChannelServices

if TYPE_CHECKING:
    from chat4all.downloads import Downloads
    from chat4all.file_check import FileCheck
    from chat4all.file_previews import FilePreviews
    from chat4all.files import Files


class FileServices(ChannelServices):
    """A part of `bootstrap.App`, which says how services are made."""

    @cached_property
    def files(self) -> "Files":
        from chat4all.files import Files

        self.bind_tables()
        return Files(self.settings, self.file_bucket, self.rate_limiter)

    @cached_property
    def downloads(self) -> "Downloads":
        from chat4all.downloads import Downloads

        self.bind_tables()
        return Downloads(self.settings, self.file_bucket)

    @cached_property
    def file_check(self) -> "FileCheck":
        from chat4all.file_changes import FileChanges
        from chat4all.file_check import FileCheck

        changes = FileChanges(self.settings, self.publisher)
        self.bind_tables()
        return FileCheck(self.file_bucket, changes)

    @cached_property
    def file_previews(self) -> "FilePreviews":
        from chat4all.file_previews import FilePreviews

        self.bind_tables()
        return FilePreviews(self.file_bucket)
