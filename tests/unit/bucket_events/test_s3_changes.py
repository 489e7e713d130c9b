"""What SeaweedFS says of a change (taken down from version 4.48), read."""

import copy
from datetime import UTC, datetime

from local.engines.s3_changes import ChangeListener, change_of
from local.object_change import ObjectState

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KEY = "/buckets/photos/files/a b.txt"
ENTRY = {
    "name": "a b.txt",
    "chunks": [{"size": 5, "fid": {"volume_id": 1, "file_key": 1, "cookie": 147686288}}],
    "attributes": {"file_size": 5, "mtime": 1795282002, "file_mode": 432, "md5": "XUFAKrxLKna5cZ2REBfFkg=="},
    "extended": {"Seaweed-X-Amz-ETag": "NWQ0MTQwMmFiYzRiMmE3NmI5NzE5ZDkxMTAxN2M1OTI="},
}
ETAG = "5d41402abc4b2a76b9719d911017c592"


def changed(**changes):
    """The entry with other attributes, or another `extended` or `chunks`."""
    entry = copy.deepcopy(ENTRY)
    for name, value in changes.items():
        (entry if name in entry else entry["attributes"])[name] = value
    return entry


def read(new=None, old=None, key=KEY):
    return change_of({"event_type": "", "key": key, "message": {"new_entry": new, "old_entry": old}}, NOW)


def test_a_put():
    change = read(ENTRY)
    assert (change.bucket, change.key, change.event) == ("photos", "files/a b.txt", "ObjectCreated:Put")
    assert change.state == ObjectState(ETAG, 5, 1795282002)


def test_without_the_etag_it_is_the_md5():
    assert read(changed(extended=None)).state.etag == ETAG


def test_an_empty_object_and_one_in_parts():
    assert read(changed(file_size=0, chunks=None)).state.size == 0
    assert read(changed(file_mode=0o770)).event == "ObjectCreated:CompleteMultipartUpload"


def test_what_replaces_an_object_is_a_put_and_new_tags_are_nothing():
    other = [{"size": 5, "fid": {"volume_id": 1, "file_key": 2, "cookie": 1}}]
    assert read(changed(chunks=other), ENTRY).event == "ObjectCreated:Put"
    assert read(ENTRY, ENTRY).event == "ObjectCreated:Put"
    assert read(changed(extended=ENTRY["extended"] | {"X-Amz-Tagging-A": "Yg=="}), ENTRY) is None


def test_what_was_removed():
    change = read(None, ENTRY)
    assert (change.key, change.event, change.state) == ("files/a b.txt", "ObjectRemoved:Delete", None)


def test_folders_are_objects_where_somebody_put_one():
    assert read(changed(is_directory=True) | {"is_directory": True}) is None
    made = changed(mime="application/octet-stream", file_size=0) | {"is_directory": True}
    assert read(made, key="/buckets/photos/files").key == "files/"


def test_what_the_engine_is_asked_for():
    listener = ChangeListener("http://127.0.0.1:1/x", 'a"b', (("photos", "files/"), ("films", "")))
    assert 'bearer_token = "a\\"b"\n' in listener.configuration()
    assert 'path_prefixes = ["/buckets/photos/files/", "/buckets/films/"]\n' in listener.configuration()
