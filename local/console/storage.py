"""The API of tables and buckets. Read only."""

import base64
import json
from typing import Any

from aiohttp import web

from local.console.answers import ApiError, Handler, number_of
from local.console.stack_view import StackView
from local.s3_answers import read_answer, text_of
from local.signed_requests import EngineRefused, dynamodb, s3

_PAGE = 200


class Storage:
    """Tables of the DynamoDB engine and buckets of the S3 engine, as far as the template has them."""

    def __init__(self, stack: StackView) -> None:
        self._stack = stack

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [
            ("GET", "/api/tables", self.tables),
            ("GET", "/api/tables/{table}/items", self.items),
            ("GET", "/api/buckets", self.buckets),
            ("GET", "/api/buckets/{bucket}/objects", self.objects),
        ]

    async def tables(self, _request: web.Request) -> Any:
        """{items: [{name, logical_id, keys, indexes, items, bytes, ttl, stream}]}; `keys` are {name, type, role}."""
        found = []
        for table in self._stack.application.tables:
            described = (await self._dynamodb("DescribeTable", {"TableName": table.name}))["Table"]
            found.append(
                table_view(described)
                | {
                    "logical_id": table.logical_id,
                    "ttl": table.properties.get("TimeToLiveSpecification", {}).get("AttributeName"),
                }
            )
        return {"items": found}

    async def items(self, request: web.Request) -> Any:
        """{items, next}: a Scan of `?limit=`; `?after=<next>` is the next page. Items are DynamoDB JSON."""
        table = request.match_info["table"]
        if table not in [one.name for one in self._stack.application.tables]:
            raise ApiError(404, f"there is no table {table[:255]}")
        limit = max(1, number_of(request, "limit", 50, highest=_PAGE))
        scan: dict[str, Any] = {"TableName": table, "Limit": limit}
        if "after" in request.query:
            scan["ExclusiveStartKey"] = _key(request.query["after"])
        answer = await self._dynamodb("Scan", scan)
        last = answer.get("LastEvaluatedKey")
        after = base64.urlsafe_b64encode(json.dumps(last).encode()).decode() if last else None
        return {"items": answer["Items"], "next": after}

    async def buckets(self, _request: web.Request) -> Any:
        """{items: [{name, logical_id}]}."""
        buckets = self._stack.application.buckets
        return {"items": [{"name": bucket.name, "logical_id": bucket.logical_id} for bucket in buckets]}

    async def objects(self, request: web.Request) -> Any:
        """{items: [{key, size, modified, etag}], next}: `?prefix= &after=<next> &limit=`."""
        bucket = request.match_info["bucket"]
        if bucket not in [one.name for one in self._stack.application.buckets]:
            raise ApiError(404, f"there is no bucket {bucket[:255]}")
        query = {"list-type": "2", "max-keys": str(max(1, number_of(request, "limit", 100, highest=_PAGE)))}
        if request.query.get("prefix"):
            query["prefix"] = request.query["prefix"]
        if request.query.get("after"):
            query["continuation-token"] = request.query["after"]
        endpoints = self._stack.endpoints
        try:
            answer = await s3(endpoints.s3_url, endpoints.region, bucket, query)
        except EngineRefused as refused:
            raise ApiError(502, str(refused)) from refused
        return objects_view(answer)

    async def _dynamodb(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        endpoints = self._stack.endpoints
        try:
            return await dynamodb(endpoints.dynamodb_url, endpoints.region, operation, request)
        except EngineRefused as refused:
            raise ApiError(502, str(refused)) from refused


def _key(text: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(text))
    except ValueError as error:
        raise ApiError(400, "after is none of this API's") from error


def table_view(described: dict[str, Any]) -> dict[str, Any]:
    """Of DescribeTable's `Table`."""
    types = {one["AttributeName"]: one["AttributeType"] for one in described["AttributeDefinitions"]}

    def keys(schema: list[dict[str, str]]) -> list[dict[str, str]]:
        return [
            {"name": one["AttributeName"], "type": types.get(one["AttributeName"], ""), "role": one["KeyType"]}
            for one in schema
        ]

    indexes = [*described.get("GlobalSecondaryIndexes", []), *described.get("LocalSecondaryIndexes", [])]
    return {
        "name": described["TableName"],
        "keys": keys(described["KeySchema"]),
        "indexes": [{"name": one["IndexName"], "keys": keys(one["KeySchema"])} for one in indexes],
        "items": described.get("ItemCount"),
        "bytes": described.get("TableSizeBytes"),
        "stream": described.get("StreamSpecification", {}).get("StreamViewType"),
    }


def objects_view(answer: bytes) -> dict[str, Any]:
    """Of ListObjectsV2's XML."""
    root = read_answer(answer)
    found = [
        {
            "key": text_of(one, "Key"),
            "size": int(text_of(one, "Size") or 0),
            "modified": text_of(one, "LastModified"),
            "etag": text_of(one, "ETag").strip('"'),
        }
        for one in root.iterfind("{*}Contents")
    ]
    return {"items": found, "next": text_of(root, "NextContinuationToken") or None}
