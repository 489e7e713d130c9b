"""Which engines an application needs."""

from collections.abc import Sequence

from local.application import Application
from local.data_folder import DataFolder
from local.endpoints import Endpoints
from local.engines.dynamodb import Choice, DynamoDb
from local.engines.engine import Engine
from local.engines.external import ExternalEngine
from local.engines.kafka import Kafka
from local.engines.kafka_cluster import Cluster, Node
from local.engines.kafka_scram import Scram
from local.engines.s3 import S3
from local.engines.s3_changes import ChangeListener
from local.kafka_access import ScramUser


def engines_for(
    application: Application,
    endpoints: Endpoints,
    data: DataFolder,
    dynamodb: Choice,
    kafka_users: Sequence[ScramUser] = (),
    s3_listener: ChangeListener | None = None,
) -> list[Engine]:
    """Kafka where there are mappings, DynamoDB where there are tables, S3 where there are buckets.

    `s3_listener` is told of changes of objects, by an S3 engine of the stack's own.
    """
    host = endpoints.host
    engines: list[Engine] = []
    if application.kafka_mappings:
        if endpoints.external_kafka_servers:
            engines.append(ExternalEngine("kafka", endpoints.external_kafka_servers))
        else:
            folders = data.engine("kafka")
            nodes = tuple(Node(number, *ports) for number, ports in enumerate(endpoints.kafka_node_ports, 1))
            cluster = Cluster(host, nodes, folders.data)
            scram = None if endpoints.kafka_security == "none" else Scram(cluster, kafka_users)
            engines += [Kafka(folders, cluster, node, scram) for node in nodes]
    if application.tables:
        if endpoints.external_dynamodb_url:
            engines.append(ExternalEngine("dynamodb", endpoints.external_dynamodb_url))
        else:
            engines.append(DynamoDb(data.engine("dynamodb"), host, endpoints.dynamodb_port, dynamodb))
    if application.buckets:
        if endpoints.external_s3_url:
            engines.append(ExternalEngine("s3", endpoints.external_s3_url))
        else:
            engines.append(S3(data.engine("s3"), host, endpoints.s3_port, listener=s3_listener))
    return engines
