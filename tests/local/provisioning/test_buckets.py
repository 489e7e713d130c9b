"""Buckets in a real SeaweedFS."""

from pathlib import Path
from typing import Any

import boto3
import pytest

from local.application import Application, Bucket
from local.endpoints import Endpoints
from local.provisioning.storage import ensure_storage

pytestmark = pytest.mark.engines

CORS = {"CorsRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["PUT"], "ExposedHeaders": ["ETag"], "MaxAge": 60}]}
LIFECYCLE = {
    "Rules": [
        {"Id": "old", "Status": "Enabled", "Prefix": "tmp/", "ExpirationInDays": 1},
        {"Id": "half", "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2}},
    ],
}


def files(**properties: Any) -> Application:
    return Application(Path("template.yaml"), {}, buckets=(Bucket("Files", "zoo-files", properties),))


@pytest.fixture
def client(s3: str):
    client = boto3.client(
        "s3", endpoint_url=s3, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    yield client
    client.close()


async def test_a_bucket_is_made_once_with_its_rules_and_keeps_its_objects(client, endpoints: Endpoints):
    application = files(CorsConfiguration=CORS, LifecycleConfiguration=LIFECYCLE)
    assert await ensure_storage(application, endpoints) == ["made bucket zoo-files"]
    client.put_object(Bucket="zoo-files", Key="a", Body=b"x")
    assert await ensure_storage(application, endpoints) == []
    assert client.get_object(Bucket="zoo-files", Key="a")["Body"].read() == b"x"
    (rule,) = client.get_bucket_cors(Bucket="zoo-files")["CORSRules"]
    assert (rule["AllowedOrigins"], rule["ExposeHeaders"], rule["MaxAgeSeconds"]) == (["*"], ["ETag"], 60)
    lifecycle = {rule["ID"]: rule for rule in client.get_bucket_lifecycle_configuration(Bucket="zoo-files")["Rules"]}
    assert lifecycle["old"]["Expiration"]["Days"] == 1
    assert lifecycle["half"]["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == 2
    assert await ensure_storage(files(), endpoints) == []
    with pytest.raises(client.exceptions.ClientError, match="NoSuchCORSConfiguration"):
        client.get_bucket_cors(Bucket="zoo-files")
