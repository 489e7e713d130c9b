"""Scanner functions, as an operator would deploy them, run and invoked by the Lambda API of the local stack."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from local.application import Application, Function
from local.aws_endpoint.server import AwsEndpoint
from local.endpoints import Endpoints
from local.lambda_service.service import LambdaService
from local.ports import free_ports
from tests.local.aws_endpoint.parts import parts_of
from tests.serving import in_thread

EICAR = b"".join((b"X5O!P%@AP[4", b"\\", b"PZX54(P^)7CC)7}$EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*"))
"""What every scanner calls a virus (eicar.org); in pieces, so that none calls this file one."""
_SOURCE = """
import boto3

def handler(event, context):
    s3 = boto3.client("s3", endpoint_url=%r)
    kept, overlap = b"", %d
    for chunk in s3.get_object(Bucket=event["bucket"], Key=event["key"])["Body"].iter_chunks(65536):
        kept = kept[-overlap:] + chunk
        if b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE" in kept:
            return {"clean": False, "threat": "Eicar-Signature"}
    if event["size"] == 13:
        raise ValueError("the scanner has no signatures")
    return {"clean": True}
"""


@contextmanager
def scanner(folder: Path, s3_url: str) -> Iterator[str]:
    """A function `scanner` that reads the objects of `s3_url`; the address at which it is invoked."""
    code = folder / "code"
    code.mkdir()
    (code / "app.py").write_text(_SOURCE % (s3_url, 40))
    arn = "arn:aws:lambda:us-east-1:000000000000:function:scanner"
    function = Function("Scanner", "scanner", arn, "python3.13", "app.handler", code, (), {}, 30, 256)
    aws, unused = free_ports(2)
    endpoints = Endpoints(aws_port=aws, dynamodb_port=unused, s3_port=urlsplit(s3_url).port or 0)
    application = Application(folder / "template.yaml", {"scanner": function})
    with in_thread(_serving(application, endpoints, folder)):
        yield endpoints.aws_url


@asynccontextmanager
async def _serving(application: Application, endpoints: Endpoints, folder: Path) -> AsyncIterator[None]:
    service = LambdaService(application, endpoints, folder / "logs")
    parts = parts_of(application, endpoints, service, folder)
    endpoint = AwsEndpoint(parts)
    try:
        await service.start()
        await endpoint.start()
        yield
    finally:
        await endpoint.stop()
        await service.stop()
        await parts.documents.close()
