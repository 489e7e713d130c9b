"""What CloudFront sends is what the function `pages` sends: template.yaml repeats it, as a distribution calls nobody."""

import re
from typing import Any

import pytest

from chat4all.file_bucket import FileBucket
from chat4all.http.viewer import ADDRESS, PROOF
from chat4all.web_pages import FILE_POLICY, FILES, HEADERS, PAGES, page_policy
from tests.template_file import template

TEMPLATE = template()
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
DISTRIBUTION = RESOURCES["PagesDistribution"]["Properties"]["DistributionConfig"]
SOCKETS = "wss://a1b2c3.execute-api.sa-east-1.amazonaws.com/live"
VALUES = {
    "Sockets": "a1b2c3.execute-api.sa-east-1.amazonaws.com", "WebSocketDomain": "live.example.com",
    "AWS::StackName": "hub", "AWS::AccountId": "123456789012", "AWS::Region": "sa-east-1", "AWS::URLSuffix": "amazonaws.com",
    "WebSocketApi": "a1b2c3",
}  # fmt: skip


def filled_in(text: str) -> str:
    """As `!Sub` does."""
    return re.sub(r"\$\{([^}]+)\}", lambda found: VALUES[found[1]], text)


def _text(written: Any) -> str:
    """Of `!Sub`, with or without names of its own."""
    return str(written[0] if isinstance(written, list) else written)


def sent(policy: str) -> dict[str, str]:
    """Headers that a response headers policy adds, each whatever S3 says."""
    given = RESOURCES[policy]["Properties"]["ResponseHeadersPolicyConfig"]
    security = given["SecurityHeadersConfig"]
    assert all(each["Override"] is True for each in [*security.values(), *given["CustomHeadersConfig"]["Items"]])
    assert security.keys() == {
        "ContentSecurityPolicy", "ContentTypeOptions", "ReferrerPolicy", "StrictTransportSecurity",
    }  # fmt: skip
    return {
        "Content-Security-Policy": filled_in(_text(security["ContentSecurityPolicy"]["ContentSecurityPolicy"])),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
    } | {each["Header"]: each["Value"] for each in given["CustomHeadersConfig"]["Items"]}


def storage(monkeypatch: pytest.MonkeyPatch, region: str) -> str:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": region}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    return FileBucket(filled_in(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]["FILES_BUCKET"])).origin()


def test_a_page_may_do_the_same_wherever_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    _, named, unnamed = RESOURCES["PagesFunction"]["Properties"]["Environment"]["Variables"]["WEBSOCKET_URL"]
    address = filled_in(unnamed)
    assert (address, filled_in(named)) == (SOCKETS, "wss://live.example.com")
    policy = page_policy(storage(monkeypatch, "sa-east-1"), address)
    assert sent("PageHeaders") == HEADERS | {"Content-Security-Policy": policy}
    assert sent("PageFileHeaders") == HEADERS | {"Content-Security-Policy": FILE_POLICY}


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_addresses_of_files_name_the_region_so_that_nothing_is_redirected(
    monkeypatch: pytest.MonkeyPatch, region: str
) -> None:
    assert storage(monkeypatch, region) == f"https://hub-files-123456789012.s3.{region}.amazonaws.com"


def test_pages_and_what_they_load_come_from_the_bucket_and_everything_else_from_the_api() -> None:
    found = {each["PathPattern"]: each["ResponseHeadersPolicyId"] for each in DISTRIBUTION["CacheBehaviors"]}
    assert found == {**dict.fromkeys(PAGES, "PageHeaders"), f"{FILES}*": "PageFileHeaders"}
    for each in DISTRIBUTION["CacheBehaviors"]:
        assert (each["TargetOriginId"], each["AllowedMethods"], each["Compress"]) == ("pages", ["GET", "HEAD"], True)
    everything_else = DISTRIBUTION["DefaultCacheBehavior"]
    assert (everything_else["TargetOriginId"], everything_else["ViewerProtocolPolicy"]) == ("api", "https-only")
    assert len(everything_else["AllowedMethods"]) == 7


def test_the_api_is_shown_that_it_was_cloudfront_and_who_asked() -> None:
    api = next(each for each in DISTRIBUTION["Origins"] if each["Id"] == "api")
    (header,) = api["OriginCustomHeaders"]
    secret = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]["EDGE_SECRET"]
    assert (header["HeaderName"], secret) == (PROOF, ["HasEdgeSecret", header["HeaderValue"], ""])
    assert (
        f'headers["{ADDRESS}"] = {{ value: event.viewer.ip }}'
        in RESOURCES["ViewerAddress"]["Properties"]["FunctionCode"]
    )
    assert not PROOF.startswith(("x-amz-", "x-edge-")), "CloudFront adds no such header to requests"


def test_nobody_reads_the_bucket_but_this_distribution() -> None:
    assert all(RESOURCES["PagesBucket"]["Properties"]["PublicAccessBlockConfiguration"].values())
    (statement,) = RESOURCES["PagesBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert statement["Condition"]["StringEquals"]["AWS:SourceArn"].endswith(":distribution/${PagesDistribution}")
    assert RESOURCES["PagesAccess"]["Properties"]["OriginAccessControlConfig"]["SigningBehavior"] == "always"


def test_none_of_it_is_there_unless_it_is_asked_for() -> None:
    of_pages = [name for name, each in RESOURCES.items() if each["Type"].startswith("AWS::CloudFront::")]
    assert len(of_pages) == 5
    for name in (*of_pages, "PagesBucket", "PagesBucketPolicy"):
        assert RESOURCES[name]["Condition"] == "HasPages", name
    assert RESOURCES["EdgeSecret"]["Condition"] == "HasEdgeSecret"
    assert TEMPLATE["Parameters"]["PagesFromCloudFront"]["Default"] == "false"
