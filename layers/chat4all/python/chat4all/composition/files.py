"""What users upload and download."""

from functools import cached_property
from typing import TYPE_CHECKING

from chat4all.composition.channels import ChannelServices

if TYPE_CHECKING:
    from chat4all.downloads import Downloads
    from chat4all.file_check import FileCheck
    from chat4all.file_previews import FilePreviews
    from chat4all.file_removal import FileRemoval
    from chat4all.file_reviews import FileReviews
    from chat4all.files import Files
    from chat4all.upload_bucket import UploadBucket
    from chat4all.upload_completion import UploadCompletion
    from chat4all.uploads import Uploads
    from chat4all.uploads_sweeper import UploadsSweeper


class FileServices(ChannelServices):
    """A part of `bootstrap.App`, which says how services are made."""

    @cached_property
    def files(self) -> "Files":
        from chat4all.files import Files

        self.bind_tables()
        completion = self.upload_completion if self.settings.file_scan_function else None
        return Files(self.settings, self.file_bucket, self.uploads, self.file_removal, self.rate_limiter, completion)

    @cached_property
    def file_removal(self) -> "FileRemoval":
        from chat4all.file_removal import FileRemoval

        self.bind_tables()
        return FileRemoval(self.file_bucket, self.uploads)

    @cached_property
    def file_reviews(self) -> "FileReviews":
        from chat4all.domain.file_life import KeepingRules
        from chat4all.file_reviews import FileReviews

        self.bind_tables()
        rules = KeepingRules(self.settings.unused_file_days, self.settings.file_retention_days)
        return FileReviews(self.file_removal, rules)

    @cached_property
    def upload_bucket(self) -> "UploadBucket":
        from chat4all.upload_bucket import UploadBucket

        return UploadBucket(self.file_bucket)

    @cached_property
    def uploads(self) -> "Uploads":
        from chat4all.uploads import Uploads

        self.bind_tables()
        return Uploads(self.settings, self.upload_bucket, self.rate_limiter)

    @cached_property
    def upload_completion(self) -> "UploadCompletion":
        from chat4all.upload_completion import UploadCompletion

        self.bind_tables()
        return UploadCompletion(self.settings, self.upload_bucket, self.prompt_publisher)

    @cached_property
    def uploads_sweeper(self) -> "UploadsSweeper":
        from chat4all.upload_completion import UploadCompletion
        from chat4all.uploads_sweeper import UploadsSweeper

        self.bind_tables()
        completion = UploadCompletion(self.settings, self.upload_bucket, self.publisher)
        return UploadsSweeper(self.file_removal, completion, self.upload_bucket, self.publisher)

    @cached_property
    def downloads(self) -> "Downloads":
        from chat4all.downloads import Downloads

        self.bind_tables()
        return Downloads(self.settings, self.file_bucket)

    @cached_property
    def file_check(self) -> "FileCheck":
        from chat4all.checked_bytes import CheckedBytes
        from chat4all.file_changes import FileChanges
        from chat4all.file_check import FileCheck
        from chat4all.file_reading import FileReading

        settings, bucket = self.settings, self.file_bucket
        changes = FileChanges(settings, self.publisher)
        self.bind_tables()
        checked = CheckedBytes(FileReading(bucket), settings.file_check_step_bytes, settings.file_check_step_s)
        return FileCheck(checked, bucket, changes, self.publisher, self.scanner)

    @cached_property
    def file_previews(self) -> "FilePreviews":
        from chat4all.file_previews import FilePreviews

        self.bind_tables()
        return FilePreviews(self.file_bucket)
