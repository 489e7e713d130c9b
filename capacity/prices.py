"""What AWS asks, us-east-1, arm64, without free tiers and without agreed discounts, in US dollars."""

from dataclasses import dataclass

NOTED = "2026-11-22"
"""When these were written down. Prices change: compare with the pages before you decide by them."""


@dataclass(frozen=True)
class Price:
    """`usd` for one `unit`."""

    usd: float
    unit: str
    source: str


MILLION = 1e6
HTTP_REQUEST = Price(1.00 / MILLION, "request of an HTTP API (512 KB)", "API Gateway pricing")
HTTP_REQUEST_ABOVE_300M = Price(0.90 / MILLION, "request above 300 million a month", "API Gateway pricing")
WEBSOCKET_MESSAGE = Price(1.00 / MILLION, "message, in or out (32 KB)", "API Gateway pricing")
WEBSOCKET_MESSAGE_ABOVE_1B = Price(0.80 / MILLION, "message above 1,000 million a month", "API Gateway pricing")
CONNECTION_MINUTE = Price(0.25 / MILLION, "minute of a connection", "API Gateway pricing")
LAMBDA_REQUEST = Price(0.20 / MILLION, "request", "Lambda pricing")
LAMBDA_GB_S = Price(0.0000133334, "GB-second on arm64", "Lambda pricing")
POLLER_HOUR = Price(0.185, "event poller unit and hour", "Lambda pricing (unverified figure)")
WRITE_UNIT = Price(0.625 / MILLION, "write unit on demand", "DynamoDB pricing")
READ_UNIT = Price(0.125 / MILLION, "read unit on demand", "DynamoDB pricing")
TABLE_GB_MONTH = Price(0.25, "GB and month of a table", "DynamoDB pricing")
BACKUP_GB_MONTH = Price(0.20, "GB and month of point-in-time recovery", "DynamoDB pricing")
SMALL_BROKER_HOUR = Price(0.408, "hour of an Express m7g.large broker", "MSK pricing (third-party figure)")
BROKER_HOUR = Price(3.264, "hour of an Express m7g.4xlarge broker", "MSK pricing (8 times the large; unverified)")
KAFKA_GB_IN = Price(0.01, "GB written to Express brokers", "MSK pricing (third-party figure)")
KAFKA_GB_MONTH = Price(0.10, "GB and month kept", "MSK pricing")
SERVERLESS_HOUR = Price(0.75, "hour of an MSK Serverless cluster", "MSK pricing (unverified figure)")
SERVERLESS_PARTITION_HOUR = Price(0.0015, "partition and hour of MSK Serverless", "MSK pricing (unverified figure)")
S3_PUT = Price(5.00 / MILLION, "PUT, POST or LIST", "S3 pricing")
S3_GET = Price(0.40 / MILLION, "GET or HEAD", "S3 pricing")
S3_GB_MONTH = Price(0.023, "GB and month", "S3 pricing")
EGRESS_GB = Price(0.09, "GB out to the internet (first 10 TB a month)", "EC2 pricing, data transfer")
LOG_GB = Price(0.50, "GB of logs taken in", "CloudWatch pricing")
ENDPOINT_HOUR = Price(0.01, "hour of an interface endpoint in one zone", "PrivateLink pricing")
NAT_HOUR = Price(0.045, "hour of a NAT gateway", "VPC pricing")
NAT_GB = Price(0.045, "GB through a NAT gateway", "VPC pricing")
KEY_MONTH = Price(1.00, "month of a KMS key", "KMS pricing")
WAF_MONTH = Price(5.00, "month of a web ACL", "WAF pricing")
