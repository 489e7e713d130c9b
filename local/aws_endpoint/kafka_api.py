"""Amazon MSK: the cluster that the mappings of the template name, as it runs here, and reboots of its brokers.

docs.aws.amazon.com/msk/1.0/apireference/resources.html
"""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from local.application import Application
from local.aws_endpoint.broker_reboots import BrokerReboots
from local.aws_endpoint.errors import AwsError, not_offered
from local.endpoints import Endpoints

_VERSION = "4.3.x"
_PATH = re.compile(r"/(v1|api/v2)/clusters(?:/([^/]+)(?:/([a-z-]+))?)?")
_OPEN = {"encryptionInfo": {"encryptionInTransit": {"clientBroker": "PLAINTEXT", "inCluster": False}}}
_SIGNED_IN = {
    "encryptionInfo": {"encryptionInTransit": {"clientBroker": "TLS", "inCluster": True}},
    "clientAuthentication": {"sasl": {"scram": {"enabled": True}}},
}
Describe = Callable[[str], dict[str, Any]]


class KafkaApi:
    """Answers requests signed for `kafka`."""

    def __init__(self, application: Application, endpoints: Endpoints, reboots: BrokerReboots) -> None:
        self._reboots = reboots
        self._servers = endpoints.kafka_bootstrap_servers
        self._has_scram = endpoints.kafka_security == "scram"
        self._secret = endpoints.kafka_scram_secret_arn
        arns = [mapping.event_source_arn for mapping in application.kafka_mappings if mapping.event_source_arn]
        self._arns = tuple(dict.fromkeys(arns))

    async def handle(self, request: web.Request) -> web.Response:
        """Raises AwsError."""
        path = request.raw_path.partition("?")[0].rstrip("/")
        match = _PATH.fullmatch(path)
        if request.method == "PUT" and match is not None and match[3] == "reboot-broker":
            return web.json_response(self._reboot(unquote(match[2]), await request.read()))
        if request.method != "GET" or match is None:
            raise not_offered("kafka", f"{request.method} {path or '/'}")
        return web.json_response(self._answer(match[1], unquote(match[2] or ""), match[3], request.query, path))

    def _answer(self, version: str, arn: str, part: str | None, query: Mapping[str, str], path: str) -> dict[str, Any]:
        describe: Describe = self._cluster if version == "v1" else self._cluster_v2
        if not arn:
            wanted = query.get("clusterNameFilter", "")
            return {"clusterInfoList": [describe(each) for each in self._arns if _name(each).startswith(wanted)]}
        self._check(arn)
        match (version, part):
            case (_, None):
                return {"clusterInfo": describe(arn)}
            case ("v1", "bootstrap-brokers"):
                return {f"bootstrapBrokerString{'SaslScram' if self._has_scram else ''}": self._servers}
            case ("v1", "scram-secrets"):
                return {"secretArnList": [self._secret] if self._has_scram else []}
            case ("v1", "nodes"):
                return {"nodeInfoList": [self._node(arn, index) for index, _ in enumerate(self._brokers, 1)]}
        raise not_offered("kafka", f"GET {path}")

    def _check(self, arn: str) -> None:
        if arn not in self._arns:
            body = {"message": "The requested resource doesn't exist.", "invalidParameter": "clusterArn"}
            raise AwsError(404, "NotFoundException", body["message"], dict(body))

    def _reboot(self, arn: str, body: bytes) -> dict[str, Any]:
        """RebootBroker: one at a time, and none while another is on its way, as with MSK."""
        self._check(arn)
        try:
            (number,) = map(int, json.loads(body)["brokerIds"])
        except (ValueError, TypeError, KeyError):
            raise _refused("Name one broker in brokerIds.", "brokerIds") from None
        if self._reboots.state != "ACTIVE":
            raise _refused("The cluster is not in the state ACTIVE.", "clusterArn")
        if not self._reboots.reboot(number):
            raise _refused(f"There is no broker {number} that this stack runs.", "brokerIds")
        return {
            "clusterArn": arn,
            "clusterOperationArn": f"{arn.replace(':cluster/', ':cluster-operation/')}/{uuid.uuid4()}",
        }

    @property
    def _brokers(self) -> list[str]:
        return self._servers.split(",")

    def _cluster(self, arn: str) -> dict[str, Any]:
        """ClusterInfo. What the stack does not know (instance, subnets, creation) is left out."""
        return {
            "clusterArn": arn,
            "clusterName": _name(arn),
            "state": self._reboots.state,
            "numberOfBrokerNodes": len(self._brokers),
            "currentBrokerSoftwareInfo": {"kafkaVersion": _VERSION},
            **(_SIGNED_IN if self._has_scram else _OPEN),
        }

    def _cluster_v2(self, arn: str) -> dict[str, Any]:
        provisioned = self._cluster(arn)
        shared = {name: provisioned.pop(name) for name in ("clusterArn", "clusterName", "state")}
        return {**shared, "clusterType": "PROVISIONED", "provisioned": provisioned}

    def _node(self, arn: str, index: int) -> dict[str, Any]:
        host = self._brokers[index - 1].rpartition(":")[0]
        broker = {"brokerId": index, "endpoints": [host], "currentBrokerSoftwareInfo": {"kafkaVersion": _VERSION}}
        return {
            "nodeARN": f"{arn.replace(':cluster/', ':broker/')}-{index}",
            "nodeType": "BROKER",
            "brokerNodeInfo": broker,
        }


def _refused(message: str, parameter: str) -> AwsError:
    return AwsError(400, "BadRequestException", message, {"message": message, "invalidParameter": parameter})


def _name(arn: str) -> str:
    """Of `arn:aws:kafka:…:cluster/NAME/UUID`."""
    return arn.partition(":cluster/")[2].partition("/")[0]
