"""The services of the engines, and those that describe the stack."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.conformance.aws_endpoint.served import CLUSTER, Served, until

VIRTUAL_HOSTS = ("s3.localhost.localstack.cloud", "localhost")


@pytest.mark.statement("endpoint.kafka-clusters")
def test_the_cluster_of_the_mappings(endpoint: Served) -> None:
    client = endpoint.client("kafka")
    (cluster,) = client.list_clusters()["ClusterInfoList"]
    assert (cluster["ClusterArn"], cluster["ClusterName"], cluster["State"]) == (CLUSTER, "conformance", "ACTIVE")
    assert client.describe_cluster(ClusterArn=CLUSTER)["ClusterInfo"] == cluster
    (second,) = client.list_clusters_v2()["ClusterInfoList"]
    assert second["ClusterType"] == "PROVISIONED"
    assert client.describe_cluster_v2(ClusterArn=CLUSTER)["ClusterInfo"] == second
    assert client.list_clusters(ClusterNameFilter="other")["ClusterInfoList"] == []
    (node,) = client.list_nodes(ClusterArn=CLUSTER)["NodeInfoList"]
    assert (node["NodeType"], node["BrokerNodeInfo"]["BrokerId"]) == ("BROKER", 1)
    for call in (client.describe_cluster, client.get_bootstrap_brokers, client.list_nodes):
        with pytest.raises(ClientError, match="NotFoundException"):
            call(ClusterArn=CLUSTER + "0")


@pytest.mark.statement("endpoint.kafka-brokers")
def test_bootstrap_brokers(endpoint: Served) -> None:
    found = endpoint.aws_json("kafka", "get-bootstrap-brokers", "--cluster-arn", CLUSTER)
    assert found == {"BootstrapBrokerString": endpoint.endpoints.kafka_bootstrap_servers}


@pytest.mark.statement("endpoint.kafka-reboot")
def test_a_broker_is_rebooted(endpoint: Served) -> None:
    client = endpoint.client("kafka")
    with pytest.raises(ClientError, match=r"BadRequestException.*no broker 2"):
        client.reboot_broker(ClusterArn=CLUSTER, BrokerIds=["2"])
    asked = client.reboot_broker(ClusterArn=CLUSTER, BrokerIds=["1"])
    assert asked["ClusterArn"] == CLUSTER
    assert ":cluster-operation/conformance/" in asked["ClusterOperationArn"]
    assert client.describe_cluster(ClusterArn=CLUSTER)["ClusterInfo"]["State"] == "REBOOTING_BROKER"
    with pytest.raises(ClientError, match=r"BadRequestException.*ACTIVE"):
        client.reboot_broker(ClusterArn=CLUSTER, BrokerIds=["1"])
    until(lambda: client.describe_cluster(ClusterArn=CLUSTER)["ClusterInfo"]["State"] == "ACTIVE")
    found = endpoint.aws("kafka", "reboot-broker", "--cluster-arn", CLUSTER + "0", "--broker-ids", "1")
    assert "NotFoundException" in found.stderr


@pytest.mark.statement("endpoint.apis")
def test_apis_are_described(endpoint: Served) -> None:
    client = endpoint.client("apigatewayv2")
    apis = {api["ProtocolType"]: api for api in client.get_apis()["Items"]}
    assert apis["HTTP"]["ApiEndpoint"] == endpoint.endpoints.http_url
    assert apis["WEBSOCKET"]["ApiEndpoint"] == endpoint.endpoints.websocket_url
    assert client.get_api(ApiId=apis["HTTP"]["ApiId"])["Name"] == apis["HTTP"]["Name"]
    assert [route["RouteKey"] for route in client.get_routes(ApiId=apis["HTTP"]["ApiId"])["Items"]] == ["GET /"]
    routes = client.get_routes(ApiId=apis["WEBSOCKET"]["ApiId"])["Items"]
    assert sorted(route["RouteKey"] for route in routes) == ["$connect", "$default"]
    assert client.get_stages(ApiId=apis["WEBSOCKET"]["ApiId"])["Items"][0]["StageName"] == "live"
    with pytest.raises(ClientError, match="NotFoundException"):
        client.get_api(ApiId="none")


@pytest.mark.statement("endpoint.stack")
def test_the_stack_is_described(endpoint: Served) -> None:
    client = endpoint.client("cloudformation")
    (stack,) = client.describe_stacks(StackName="endpoint")["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    assert outputs["Address"] == endpoint.endpoints.http_url
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    listed = client.list_stack_resources(StackName=stack["StackId"])["StackResourceSummaries"]
    physical = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in listed}
    assert (physical["WorkerFunction"], physical["Bucket"]) == ("worker", "conformance-bucket")
    (table,) = client.describe_stack_resources(StackName="endpoint", LogicalResourceId="Table")["StackResources"]
    assert table["ResourceType"] == "AWS::DynamoDB::Table"
    with pytest.raises(ClientError, match="Stack with id other does not exist"):
        client.describe_stacks(StackName="other")


@pytest.mark.statement("endpoint.dynamodb")
def test_dynamodb_and_its_streams(endpoint: Served) -> None:
    client, streams = endpoint.client("dynamodb"), endpoint.client("dynamodbstreams")
    client.put_item(TableName="conformance-table", Item={"id": {"S": "one"}})
    assert client.get_item(TableName="conformance-table", Key={"id": {"S": "one"}})["Item"] == {"id": {"S": "one"}}
    (stream,) = streams.list_streams(TableName="conformance-table")["Streams"]
    arn = stream["StreamArn"]
    shards = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    records = []
    for shard in shards:
        given = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = streams.get_shard_iterator(**given)["ShardIterator"]
        records += streams.get_records(ShardIterator=iterator)["Records"]
    assert {"id": {"S": "one"}} in [record["dynamodb"]["Keys"] for record in records]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.describe_table(TableName="none-of-these")


@pytest.mark.statement("endpoint.s3-path")
def test_s3_by_path(endpoint: Served) -> None:
    client = endpoint.client("s3", config={"s3": {"addressing_style": "path"}})
    client.put_object(Bucket="conformance-bucket", Key="a b/ü", Body=b"by path")
    assert client.get_object(Bucket="conformance-bucket", Key="a b/ü")["Body"].read() == b"by path"
    listed = endpoint.aws("s3", "ls", "s3://conformance-bucket/a b/")
    assert "ü" in listed.stdout, listed.stderr


@pytest.mark.parametrize("domain", VIRTUAL_HOSTS)
@pytest.mark.statement("endpoint.s3-virtual-host")
def test_s3_by_virtual_host(endpoint: Served, domain: str) -> None:
    """A presigned URL of such a host, sent to the port: no name server is needed."""
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{domain}:{endpoint.endpoints.aws_port}",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}),
    )
    key = {"Bucket": "conformance-bucket", "Key": "virtual"}
    assert _at_host(endpoint, client.generate_presigned_url("put_object", key), "PUT", b"by host")[0] == 200
    assert _at_host(endpoint, client.generate_presigned_url("get_object", key), "GET") == (200, b"by host")
    status, body = _at_host(endpoint, client.generate_presigned_url("get_object", {**key, "Key": "none"}), "GET")
    assert (status, b"NoSuchKey" in body) == (404, True)


def _at_host(endpoint: Served, url: str, method: str, body: bytes | None = None) -> tuple[int, bytes]:
    parts = urlsplit(url)
    assert parts.netloc.startswith("conformance-bucket.")
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.endpoints.aws_port, timeout=20)
    connection.request(method, f"{parts.path}?{parts.query}", body, {"Host": parts.netloc})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@pytest.mark.statement("endpoint.connections")
def test_connections_with_and_without_the_path_of_the_api(endpoint: Served) -> None:
    (api,) = [api for api in endpoint.client("apigatewayv2").get_apis()["Items"] if api["ProtocolType"] == "WEBSOCKET"]
    for url in (endpoint.url, f"{endpoint.url}/live", endpoint.endpoints.execute_api_url(api["ApiId"], "live")):
        client = endpoint.client("apigatewaymanagementapi", endpoint_url=url)
        with pytest.raises(client.exceptions.GoneException):
            client.post_to_connection(ConnectionId="L0SM9cOFvHcCIhw=", Data=b"x")


@pytest.mark.statement("endpoint.identity")
def test_caller_identity(endpoint: Served) -> None:
    found = endpoint.aws_json("sts", "get-caller-identity")
    assert (found["Account"], found["UserId"]) == ("000000000000", "test")


@pytest.mark.statement("endpoint.health")
def test_health(endpoint: Served) -> None:
    found = _get(endpoint, "/_localstack/health")
    assert found["services"] == dict.fromkeys(
        (
            "apigateway", "cloudformation", "dynamodb", "dynamodbstreams", "kafka", "lambda", "logs", "s3",
            "secretsmanager", "ssm", "sts",
        ),
        "running",
    )  # fmt: skip


def _get(endpoint: Served, path: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.endpoints.aws_port, timeout=20)
    connection.request("GET", path)
    answer = json.load(connection.getresponse())
    connection.close()
    return answer
